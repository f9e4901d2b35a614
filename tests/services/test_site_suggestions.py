"""Suggestions while one types: grouped, of what is published alone."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services import publishing
from services.models import Service
from services.search import held, suggesting
from services.search.suggesting import suggestions
from services.vocabularies import load
from tests import factories
from tests.clients import Client
from tests.services.site_pages import address, html
from tests.services.test_site_front import Queries
from tests.thoroughness import rounds

NAMES = {"kurssi": "Kielikurssi alkaa", "kahvila": "Kielikahvila Espoossa", "paja": "Työpaja nuorille"}


@pytest.fixture
def services(vocabulary: object) -> None:
    names = {
        "kielikurssi": "Kielikurssi alkaa",
        "kahvila": "Kielikahvila Espoossa",
        "paja": "Työpaja nuorille",
    }
    for slug, name in names.items():
        factories.published(slug, content=factories.document(texts=factories.texts(name=name)))


def suggested(client: Client, q: str, language: str = "fi") -> dict[str, list[str]]:
    """Return the options by the heading of their group."""
    page = html(client, address("suggestions", language=language, query=f"?q={q}"))
    groups: dict[str, list[str]] = {}
    for group, label in re.findall(r'id="suggested-(\w+)-\d+"[^>]*>\s*<span>(.*?)</span>', page):
        groups.setdefault(group, []).append(label)
    return groups


@pytest.mark.usefixtures("services")
def test_services_are_suggested_by_the_beginnings_of_the_words_of_their_names(client: Client) -> None:
    assert suggested(client, "kiel")["service"] == ["Kielikahvila Espoossa", "Kielikurssi alkaa"]
    assert suggested(client, "kielik espoo")["service"] == ["Kielikahvila Espoossa"]
    assert suggested(client, "espoo kielik")["service"] == ["Kielikahvila Espoossa"]
    assert "service" not in suggested(client, "kielip")


@pytest.mark.usefixtures("services")
def test_municipalities_organisers_and_subjects_lead_to_their_lists(client: Client) -> None:
    found = suggested(client, "esp")
    assert found["place"] == ["Espoo"]
    page = html(client, address("suggestions", language="fi", query="?q=esp"))
    assert 'href="/fi/palvelut/?municipality=049"' in page


@pytest.mark.usefixtures("services")
def test_words_are_finished_and_typing_errors_mended(client: Client) -> None:
    assert "kielikahvila" in suggested(client, "kielik")["word"]
    assert suggested(client, "kielikahvlia")["word"] == ["kielikahvila"]


@pytest.mark.usefixtures("services")
def test_nothing_is_suggested_before_the_third_letter(client: Client) -> None:
    assert suggested(client, "ki") == {}
    assert suggested(client, "") == {}


@pytest.mark.usefixtures("services")
def test_a_service_that_was_taken_off_is_suggested_no_more(client: Client) -> None:
    assert suggested(client, "työpa")["service"] == ["Työpaja nuorille"]
    publishing.unpublish(Service.objects.get(external_id="paja"))
    assert suggested(client, "työpa") == {}


@pytest.mark.usefixtures("services")
def test_suggestions_ask_as_much_of_the_database_with_more_services(
    client: Client, django_assert_num_queries: Queries
) -> None:
    path = address("suggestions", language="fi", query="?q=kiel")
    client.get(path)
    with django_assert_num_queries(2):
        client.get(path)
    for number in range(9):
        factories.published(f"palvelu-{number}")
    client.get(path)
    with django_assert_num_queries(2):
        client.get(path)


@pytest.mark.usefixtures("services")
@settings(max_examples=rounds(80), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_whatever_is_typed_is_answered_within_bounds(typed: str) -> None:
    found = suggestions(held.index("fi"), typed, "fi", load())
    assert len(found.services) <= suggesting._MOST_SERVICES
    assert all(len(values) <= suggesting._MOST_VALUES for values in found.values.values())
    assert len(found.typed) <= suggesting._MOST_WORDS
