"""The whole way of a change in real browsers: written, returned, answered, reviewed, published."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from playwright.sync_api import Page, expect

from orgs import delivery
from orgs.models import User
from orgs.sign_in import has_second_factor
from services.models import Service
from tests import factories
from tests.browser.accessibility import no_complaints
from tests.browser.conftest import Ask
from tests.browser.test_people import DESKTOP
from tests.clients import Client
from workflow.actions import runs
from workflow.models import Run
from workflow.states import OPEN

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SERVICE = "helsinki-tyoelamakurssi"
ONNI, ILMARI = "tuottaja@kielisilta.example", "tuottaja@helsinki.example"
NEW = "10 viikkoa, 16 tuntia viikossa"


def session_of(email: str) -> str:
    """Return the key of a session of someone who shows a second factor, a new one where there was none."""
    client, user = Client(), User.objects.get(email=email)
    if not has_second_factor(user):
        factories.second_factor(user)
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def signed_in(new_page: Callable[..., Page], ask: Ask, manual_server: str) -> Callable[..., Page]:
    def opened(email: str, **options: Any) -> Page:
        page = new_page(**(DESKTOP | options))
        key = ask(lambda: session_of(email))
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": manual_server}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        return page

    return opened


def nothing_on_its_way() -> None:
    """Withdraw what the demo's stories have on its way in Helsinki, and send what was to be sent."""
    for run in Run.objects.filter(state__in=OPEN, service__responsible_partner__external_id="helsinki"):
        runs.withdraw(run, by=run.opened_by if run.municipality else User.objects.get(email=ILMARI))
    deliver()


def deliver() -> list[tuple[str, str]]:
    """Send what is due, as the worker does; return whom each mail went to and its subject."""
    mail.outbox.clear()
    for number in delivery.due():
        delivery.deliver(number)
    return [(message.to[0], str(message.subject)) for message in mail.outbox]


def write_duration(page: Page, value: str) -> None:
    page.goto(f"/fi/tyopoyta/{SERVICE}/muokkaa/time_and_place/")
    page.get_by_label("Kesto").fill(value)
    page.get_by_role("button", name="Tallenna", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Tallennettu klo")


def provider_submits(provider: Page) -> None:
    provider.goto("/fi/tyopoyta/")
    expect(provider.get_by_role("heading", level=1)).to_have_text("Mikään ei odota sinua")
    provider.goto(f"/fi/tyopoyta/{SERVICE}/")
    provider.get_by_role("link", name="Muokkaa", exact=True).click()
    expect(provider.get_by_role("heading", level=2, name="Perustiedot")).to_be_visible()
    no_complaints(provider)
    write_duration(provider, NEW)
    no_complaints(provider)
    provider.get_by_role("link", name="Siirry lähettämiseen").click()
    expect(provider.get_by_text("Tarkistaja: Ilmari Kirjava")).to_be_visible()
    provider.get_by_role("button", name="Lähetä tarkistettavaksi").click()
    expect(provider.get_by_text("Tarkistettavana", exact=True)).to_be_visible()
    no_complaints(provider)


def partner_returns(partner: Page) -> None:
    partner.goto("/fi/tyopoyta/")
    no_complaints(partner)
    expect(partner.locator(".work h3").first).to_have_text("Suomen kielen työelämäkurssi")
    partner.get_by_role("link", name=re.compile("Tarkista.*työelämäkurssi")).click()
    expect(partner.locator(".diff ins").first).to_have_text("16")
    no_complaints(partner)
    partner.get_by_label("Mitä pitää korjata?").fill("Kerro, montako tuntia viikossa keväällä.")
    partner.get_by_role("button", name="Palauta", exact=True).click()
    expect(partner.get_by_text("Odottaa tuottajaa", exact=True)).to_be_visible()


def provider_answers(provider: Page) -> None:
    provider.goto("/fi/tyopoyta/")
    provider.get_by_role("link", name=re.compile("Vastaa.*työelämäkurssi")).click()
    expect(provider.get_by_text("Kerro, montako tuntia viikossa keväällä.").first).to_be_visible()
    write_duration(provider, f"{NEW}, keväällä 12 tuntia")
    provider.goto(f"/fi/tyopoyta/{SERVICE}/")
    provider.get_by_role("button", name="Lähetä uudelleen").click()
    expect(provider.get_by_text("Sisältö lähetettiin uudelleen.")).to_be_visible()


def partner_publishes(partner: Page) -> None:
    partner.goto(f"/fi/tyopoyta/{SERVICE}/muokkaa/guidance/")
    editor = partner.locator("#id_internal-guidance-editor")
    editor.evaluate("(editor) => editor.editor.commands.insertContentAt(1, 'Varaa testi heti. ')")
    partner.get_by_role("button", name="Tallenna", exact=True).click()
    partner.get_by_role("link", name="Siirry tarkistamaan").click()
    expect(partner.get_by_text("Uutta viime lukemisen jälkeen")).to_be_visible()
    expect(partner.get_by_text("Kerro, montako tuntia viikossa keväällä.").first).to_be_visible()
    partner.get_by_role("button", name="Julkaise ohjeen muutokset samalla").click()
    no_complaints(partner)
    for box in partner.get_by_role("checkbox", name="Pitää paikkansa").all():
        box.check()
    partner.get_by_role("button", name="Julkaise nyt").click()
    expect(partner.get_by_text("Palvelu julkaistiin.")).to_be_visible()


def test_the_whole_way_of_a_change(signed_in: Callable[..., Page], page: Page, ask: Ask) -> None:
    ask(nothing_on_its_way)
    public = f"/fi/palvelut/{ask(lambda: Service.objects.get(external_id=SERVICE).slug)}/"
    provider, partner = signed_in(ONNI), signed_in(ILMARI)
    provider_submits(provider)
    assert [to for to, _subject in ask(deliver)] == [ILMARI]
    partner_returns(partner)
    ((to, subject),) = ask(deliver)
    assert to == ONNI
    assert "Suomen kielen työelämäkurssi" in subject
    provider_answers(provider)
    assert [to for to, _subject in ask(deliver)] == [ILMARI]
    page.goto(public)
    expect(page.get_by_text("10 viikkoa, 20 tuntia viikossa")).to_be_visible()
    partner_publishes(partner)
    assert [to for to, _subject in ask(deliver)] == [ONNI]
    page.reload()
    expect(page.get_by_text(f"{NEW}, keväällä 12 tuntia")).to_be_visible()
    partner.goto(f"{public}ohje/")
    expect(partner.get_by_text("Varaa testi heti.")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize(
    "path",
    [
        "/fi/tyopoyta/",
        "/sv/skrivbord/listor/pa-gang/",
        "/en/desk/lists/services/",
        "/fi/tyopoyta/luettelot/havainnot/",
        "/fi/tyopoyta/uusi/palvelu/",
        "/fi/tyopoyta/vantaa-tyohonvalmennus/",
        "/fi/tyopoyta/vantaa-tyohonvalmennus/ihmiset/",
        "/fi/tyopoyta/vantaa-tyohonvalmennus/muokkaa/basics/",
        "/sv/skrivbord/vantaa-tyohonvalmennus/redigera/time_and_place/",
        "/fi/tyopoyta/vantaa-tyohonvalmennus/muokkaa/contacts/?lang=sv",
        "/fi/tyopoyta/vantaa-tyohonvalmennus/esikatselu/",
    ],
)
def test_the_desks_pages_are_accessible_and_fit(
    signed_in: Callable[..., Page], path: str, width: int
) -> None:
    page = signed_in("paakayttaja@vantaa.example", viewport={"width": width, "height": 800})
    page.goto(path)
    no_complaints(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "no sideways scroll"


def test_what_does_not_apply_is_hidden_at_once(signed_in: Callable[..., Page]) -> None:
    page = signed_in("paakayttaja@vantaa.example")
    page.goto("/fi/tyopoyta/vantaa-etavalmennus/muokkaa/basics/")
    price = page.get_by_label("Hinta", exact=True)
    expect(price).to_be_hidden()
    page.get_by_label("Palvelu maksaa jotakin").check()
    expect(price).to_be_visible()
    page.get_by_label("Palvelu maksaa jotakin").uncheck()
    expect(price).to_be_hidden()
