"""Pages of organisations, municipalities and employers."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from orgs import clock
from orgs.models import Organisation
from tests import factories
from tests.clients import Client
from tests.services.site_pages import address, html, tight, words

Queries = Callable[[int], AbstractContextManager[object]]

pytestmark = pytest.mark.usefixtures("vocabulary")


def test_organisations_are_listed_with_the_number_of_their_services(client: Client) -> None:
    factories.published()
    page = words(html(client, address("organisations")))
    assert "Espoon kaupunki 0 matching services" in page
    assert "Kielisilta ry 1 matching service " in page


def test_a_provider_shows_its_services_and_its_partners(client: Client) -> None:
    factories.published()
    page = html(client, address("organisation", "kielisilta"))
    assert address("service", "kielikahvila") in page
    assert address("organisation", "espoo") in page


def test_a_partner_shows_its_area(client: Client) -> None:
    assert address("municipality", "espoo") in html(client, address("organisation", "espoo"))


def test_the_project_and_unknown_organisations_have_no_page(client: Client) -> None:
    Organisation.objects.create(
        external_id="projekti", kind=Organisation.Kind.PROJECT, name={"fi": "Projekti"}
    )
    html(client, address("organisation", "projekti"), 404)
    html(client, address("organisation", "muu"), 404)


def test_a_closed_organisation_is_nowhere_to_be_found(client: Client) -> None:
    factories.published()
    closed = factories.OrganisationFactory(
        external_id="lopettanut", name={"fi": "Lopettanut ry"}, closed_on=clock.today()
    )
    closed.partners.add(Organisation.objects.get(external_id="espoo"))
    html(client, address("organisation", "lopettanut"), 404)
    for path in (
        address("organisations"), address("services"), address("organisation", "espoo"),
        address("municipalities"), "/sitemap-organisations.xml", "/sitemap.xml",
    ):  # fmt: skip
        assert "opettanut" not in client.get(path).text, path
    asked = words(html(client, address("services", query="?organisation=lopettanut")))
    assert "lopettanut" in asked, "the reader is told that it means nothing here"
    assert "1 service" in asked


def test_a_closed_partner_answers_for_no_municipality(client: Client) -> None:
    closed = Organisation.objects.get(external_id="espoo")
    closed.closed_on = clock.today()
    closed.save()
    assert closed.municipalities.filter(slug="espoo").exists()
    for path in (
        address("municipality", "espoo"), address("municipalities"),
        address("services", query="?q=mahdoton&municipality=049"),
    ):  # fmt: skip
        page = html(client, path)
        assert "Espoon kaupunki" not in page, path


def test_the_services_of_an_organisation_come_in_pages(client: Client) -> None:
    for number in range(21):
        factories.published(f"palvelu-{number:02}")
    first = html(client, address("organisation", "kielisilta"))
    assert f"{address('organisation', 'kielisilta')}?page=2" in first
    second = html(client, address("organisation", "kielisilta", query="?page=2"))
    assert tight(second).count('<h3><a href="/en/services/') == 1


def test_a_municipality_counts_what_its_residents_may_use(client: Client) -> None:
    factories.published("espoolle")
    factories.published("kaikille", factories.document(any_municipality=True, municipalities=[]))
    factories.published("helsinkiin", factories.document(municipalities=["091"]))
    page = words(html(client, address("municipality", "espoo")))
    assert "2 employment services are open to those who live here." in page
    assert "Espoon kaupunki" in page
    listed = words(html(client, address("municipalities")))
    assert "Espoo 2 matching services" in listed


def test_an_unknown_municipality_has_no_page(client: Client) -> None:
    html(client, address("municipality", "atlantis"), 404)


def test_employers_see_their_own_situations_and_services(client: Client) -> None:
    factories.published()
    factories.published(
        "rekry",
        factories.document(
            audiences=["employer"],
            life_situations=["recruiting"],
            texts=factories.texts(name="Rekrytointiapu"),
        ),
    )
    page = html(client, address("employers"))
    assert "Rekrytointiapu" in page
    assert "Kielikahvila" not in page
    assert "life_situation=recruiting&amp;audience=employer" in page


@pytest.mark.parametrize(
    ("page", "most"),
    [
        (("organisations",), 2),
        (("organisation", "kielisilta"), 3),
        (("organisation", "espoo"), 2),
        (("municipalities",), 4),
        (("municipality", "espoo"), 3),
        (("employers",), 1),
    ],
)
def test_pages_ask_as_much_of_the_database_with_more_services(
    client: Client, django_assert_num_queries: Queries, page: tuple[str, ...], most: int
) -> None:
    factories.published()
    path = address(*page)
    client.get(path)
    with django_assert_num_queries(most):
        client.get(path)
    for number in range(8):
        factories.published(f"palvelu-{number}")
    client.get(path)
    with django_assert_num_queries(most):
        client.get(path)
