"""What people met when they used the manual in a role of theirs, in a real browser."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from orgs.models import Organisation, User
from tests import factories
from tests.browser.accessibility import no_complaints
from tests.browser.conftest import Ask
from tests.browser.test_people import DESKTOP, sign_in, sign_in_with_code
from workflow import pairs
from workflow.models import Updater

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.usefixtures("demo")]
EXPERT, MAIN_USER = "asiantuntija@espoo.example", "paakayttaja@vantaa.example"


@pytest.fixture
def demo(settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]


def test_who_is_refused_stays_signed_in_and_learns_whom_to_ask(new_page: Callable[..., Page]) -> None:
    page = new_page(**DESKTOP, statuses=[403, 404])
    sign_in(page, EXPERT)
    page.goto(reverse("office:office"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Tämä sivu ei ole sinulle avoinna")
    expect(page.get_by_role("link", name="Aino Neuvonen")).to_be_visible()
    main = page.get_by_role("main")
    expect(main).to_contain_text("Tähän tarvitset roolin: pääkäyttäjä")
    expect(main.get_by_role("link", name="@espoo.example").first).to_be_visible()
    expect(main.get_by_role("link", name="Kirjaudu")).to_have_count(0)
    no_complaints(page)
    page.goto("/fi/palvelut/ei-ole/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sivua ei löytynyt")
    expect(page.get_by_role("button", name="Kirjaudu ulos")).to_be_visible()


def test_the_copied_model_text_is_the_sentence_alone(new_page: Callable[..., Page]) -> None:
    page = new_page(**DESKTOP, permissions=["clipboard-read", "clipboard-write"])
    sign_in(page, EXPERT)
    page.goto(reverse("site:instructions", args=["hoiva-avustajan-koulutus-opintie"]))
    copy = page.get_by_role("button", name="Kopioi malliteksti")
    expect(copy).to_have_count(1)
    copy.click()
    expect(page.get_by_text("Teksti kopioitu")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == (
        "Valittu hoiva-avustajan työvoimakoulutukseen."
    )
    no_complaints(page)


def test_without_a_model_text_there_is_nothing_to_copy(new_page: Callable[..., Page]) -> None:
    page = new_page(**DESKTOP)
    sign_in(page, EXPERT)
    page.goto(reverse("site:instructions", args=["tyokyvyn-arviointi-tyokykytalo"]))
    expect(page.get_by_role("heading", name="Työkyvyn arviointi")).to_be_visible()
    expect(page.get_by_role("button", name="Kopioi malliteksti")).to_have_count(0)


def test_the_chosen_municipality_and_the_search_come_along_to_the_service_and_back(
    new_page: Callable[..., Page],
) -> None:
    page = new_page(**DESKTOP)
    page.goto("/fi/")
    page.get_by_label("Kotikunta").select_option(label="Espoo")
    page.get_by_label("Mitä etsit?").fill("kurssi")
    page.get_by_role("button", name="Hae palveluja").click()
    page.wait_for_load_state()
    page.locator("#tulokset h3 a").first.click()
    expect(page).to_have_url(re.compile(r"\?municipality=049$"))
    page.get_by_label("Murupolku").get_by_role("link", name="Palvelut").click()
    expect(page).to_have_url(re.compile(r"q=kurssi&.*municipality=049|municipality=049.*q=kurssi"))
    page.goto("/fi/")
    expect(page.get_by_label("Kotikunta")).to_have_value("049")


def test_a_search_is_remembered_as_it_stands_and_not_only_when_its_page_is_left(
    new_page: Callable[..., Page],
) -> None:
    page = new_page(**DESKTOP)
    listing = reverse("site:services")
    page.goto(f"{listing}?q=kurssi")
    remembered = "sessionStorage.getItem('search')"
    assert page.evaluate(remembered) == f"{listing}?q=kurssi"
    page.get_by_role("checkbox", name=re.compile("^Espoo ")).check()
    expect(page).to_have_url(re.compile("municipality=049"))
    page.wait_for_function(f"{remembered} === location.pathname + location.search")
    page.go_back()
    page.wait_for_function(f"{remembered} === '{listing}?q=kurssi'")


def test_contacts_of_the_remembered_municipality_come_first_without_any_cookie(
    new_page: Callable[..., Page],
) -> None:
    page = new_page(**DESKTOP)
    page.goto("/fi/")
    page.evaluate("localStorage.setItem('municipality', '049')")
    page.goto(reverse("site:service", args=["suomen-kielen-tyoelamakurssi"]))
    first = page.locator("[data-contacts] p").first
    expect(first).to_contain_text("Espoo")
    assert page.context.cookies() == []


def test_taking_a_producers_role_away_leads_over_moving_the_services(
    new_page: Callable[..., Page], ask: Ask
) -> None:
    organisation, person = ask(an_updater_of_vantaa)
    page = new_page(**DESKTOP)
    sign_in_with_code(page, MAIN_USER)
    page.goto(reverse("orgs:person", args=[organisation, person]))
    page.get_by_label("Sisällöntuottaja").uncheck()
    page.get_by_label("Asiantuntija").check()
    page.get_by_role("button", name="Tallenna roolit").click()
    expect(page.get_by_role("main")).to_contain_text("Siirrä")
    page.get_by_role("link", name="Siirrä palvelut muille").click()
    no_complaints(page)
    page.get_by_label("Sama henkilö ottaa vastaan kaiken").select_option(label="Katri Vastuu")
    page.get_by_role("button", name="Siirrä palvelut").click()
    expect(page.get_by_role("status")).to_contain_text("siirretty")
    page.get_by_label("Sisällöntuottaja").uncheck()
    page.get_by_label("Asiantuntija").check()
    page.get_by_role("button", name="Tallenna roolit").click()
    expect(page.get_by_role("status")).to_contain_text("Roolit on tallennettu")


def an_updater_of_vantaa() -> tuple[str, int]:
    """Return someone of this test's own in Vantaa, who is the updater of one service."""
    vantaa = Organisation.objects.get(external_id="vantaa")
    person = factories.member("partner", "producer", vantaa, full_name="Siiri Siirto")
    row = Updater.objects.filter(
        organisation=vantaa, ends_on=None, half=Updater.Half.PARTNER, service__status="published"
    ).first()
    assert row
    ict = User.objects.get(email="ict@projekti.example")
    pairs.name_updater(row.service, Updater.Half.PARTNER, person, by=ict)
    return "vantaa", person.pk


def test_signing_in_offers_one_way_to_a_new_password_and_says_what_was_wrong(
    new_page: Callable[..., Page],
) -> None:
    page = new_page(**DESKTOP)
    page.goto(f"/fi/account/login/?next={reverse('orgs:own')}")
    main = page.get_by_role("main")
    expect(main.get_by_role("link", name=re.compile("unohta|salasana", re.IGNORECASE))).to_have_count(1)
    field = page.get_by_label("Salasana", exact=True).bounding_box()
    button = page.get_by_role("button", name="Kirjaudu", exact=True).bounding_box()
    assert field
    assert button
    assert button["y"] - (field["y"] + field["height"]) >= 12
    no_complaints(page)
    page.get_by_label("Sähköposti").fill(EXPERT)
    page.get_by_label("Salasana", exact=True).fill("vaara")
    page.get_by_role("button", name="Kirjaudu", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Sähköposti tai salasana on väärin. Yritä uudelleen.")
    sign_in(page, EXPERT)
    expect(page.get_by_text("Tervetuloa, Aino Neuvonen.")).to_be_visible()
