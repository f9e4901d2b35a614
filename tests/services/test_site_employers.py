"""Employers find what is theirs: their situations, their words, their place in the menu."""

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from services.models import PublishedService, ServiceVersion
from services.site import instructions
from tests import factories
from tests.clients import Client
from tests.services.site_pages import elements, html, words

pytestmark = pytest.mark.django_db
LIST = "/fi/palvelut/"
NO_INSTRUCTIONS: dict[str, object] = {
    **dict.fromkeys(("obligation", "statement", "job_search_discussion", "contract_starts", "contract_ends")),
    **{name: [] for name in ("benefits", "contacts", "links", "attachments", "buyers")},
    "texts": {},
    "municipal": {},
    "contract_number": "",
}


@pytest.fixture(autouse=True)
def services(vocabulary: object) -> None:
    for slug, audience, situation in (
        ("muutosturva", "employer", "organisation_changes"),
        ("kurssi", "job_seeker", "newly_unemployed"),
    ):
        document = factories.document(audiences=[audience], life_situations=[situation])
        factories.published(slug, content=document)


def current(page: str) -> dict[str, str]:
    """Return which links of the main menu say that one is there, and how."""
    menu = page[page.index('id="valikko"') : page.index("</nav>", page.index('id="valikko"'))]
    links = [element.attributes for element in elements(menu, "a")]
    return {str(one["href"]): str(one["aria-current"]) for one in links if "aria-current" in one}


def test_a_list_of_a_situation_is_headed_by_it(client: Client) -> None:
    page = html(client, f"{LIST}?audience=employer&life_situation=organisation_changes")
    assert "Toimintamme muuttuu tai supistuu: 1 palvelu" in words(page)
    assert "<title>Toimintamme muuttuu tai supistuu – Palvelumanuaali</title>" in page
    several = html(client, f"{LIST}?life_situation=organisation_changes&life_situation=newly_unemployed")
    assert "<title>Palvelut – Palvelumanuaali</title>" in several


def test_filters_of_employers_hold_their_situations_only(client: Client) -> None:
    page = html(client, f"{LIST}?audience=employer")
    shown = {
        element.attributes["value"]
        for element in elements(page, "input")
        if element.attributes.get("name") == "life_situation"
    }
    assert "organisation_changes" in shown
    assert "newly_unemployed" not in shown
    # One that was chosen stays, so that it can be taken away.
    assert 'value="newly_unemployed"' in html(
        client, f"{LIST}?audience=employer&life_situation=newly_unemployed"
    )


def test_employers_have_a_municipality_and_people_a_home_municipality(client: Client) -> None:
    employers = words(html(client, f"{LIST}?audience=employer"))
    assert "Kotikunta" not in employers
    assert "Kunta" in employers
    assert "Kotikunta" in words(html(client, LIST))
    assert "Kotikunta" not in words(html(client, reverse("site:service", args=["muutosturva"])))


def test_the_menu_marks_the_employers_part(client: Client) -> None:
    employers = reverse("site:employers")
    assert current(html(client, employers)) == {employers: "page"}
    assert current(html(client, f"{LIST}?audience=employer")) == {employers: "true"}
    assert current(html(client, LIST)) == {LIST: "page"}


def test_a_service_without_instructions_says_so_once_and_nothing_else() -> None:
    row = PublishedService.objects.get(slug="muutosturva", language="fi")
    internal = ServiceVersion.objects.get(service=row.service_id).internal_document
    with override("fi"):
        assert not instructions.page(row.document, internal, [], "fi")["empty"]
        context = instructions.page(row.document, internal | NO_INSTRUCTIONS, [], "fi") | {"row": row}
        page = words(render_to_string("services/instructions.html", context))
    assert page.count("Tällä palvelulla ei ole työohjetta") == 1
    assert "Pikavastaukset" not in page
