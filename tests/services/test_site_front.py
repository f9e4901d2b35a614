"""The front page."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from services.models import Term
from tests import factories
from tests.clients import Client
from tests.services.site_pages import address, html, words

Queries = Callable[[int], AbstractContextManager[object]]

pytestmark = pytest.mark.usefixtures("vocabulary")


def test_numbers_are_what_one_gets(client: Client, vocabulary: dict[tuple[str, str], Term]) -> None:
    factories.published("yksi")
    factories.published("kaksi")
    factories.published("rekry", factories.document(audiences=["employer"], life_situations=["recruiting"]))
    page = words(html(client, address("front")))
    assert "Here you find 3 employment services." in page
    label = vocabulary["life_situation", "new_in_finland"].label["en"]
    assert f"{label} 2 matching services" in page
    found = words(html(client, address("services", query="?life_situation=new_in_finland")))
    assert "2 services" in found


def test_situations_without_services_are_left_out(client: Client) -> None:
    factories.published()
    assert "life_situation=over_55" not in html(client, address("front"))


def test_an_empty_manual_still_has_a_front_page(client: Client) -> None:
    assert "Here you find 0 employment services." in words(html(client, address("front")))


def test_the_front_page_asks_as_much_of_the_database_with_more_services(
    client: Client, django_assert_num_queries: Queries
) -> None:
    factories.published()
    client.get(address("front"))
    with django_assert_num_queries(2):
        client.get(address("front"))
    for number in range(8):
        factories.published(f"palvelu-{number}")
    client.get(address("front"))  # the process follows what was published
    with django_assert_num_queries(2):
        client.get(address("front"))
