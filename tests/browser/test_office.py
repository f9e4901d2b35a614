"""A breach in real browsers, over weeks: remark, remark, sanction, seen by the partner, credited."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from orgs.models import User
from palvelumanuaali.demo.story import story_of, words
from sanctions import sweep as cases
from sanctions.models import Case, LedgerEntry
from tests.browser.accessibility import no_complaints
from tests.browser.conftest import Ask
from tests.browser.test_desk import deliver, signed_in
from tests.workflow.conftest import on
from workflow import sweep

__all__ = ["signed_in"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
MARTTA, KATRI = "projektipaallikko@projekti.example", "paakayttaja@vantaa.example"
SERVICE, NAME = "vantaa-talousryhma", "Talousryhmä"
Open = Callable[..., Page]


def submit() -> None:
    story = story_of(SERVICE)
    story.write(0, words(duration="6 tapaamista"))
    story.submit(0)


def what_is_due() -> None:
    sweep.flag_overdue()
    cases.sweep()


def number() -> int:
    return Case.objects.get(service__external_id=SERVICE).pk


def name() -> str:
    return str(story_of(SERVICE).service.names["fi"])


def accept(ask: Ask, signed_in: Open, stage: str) -> Page:
    """Accept, as the project manager, what is proposed today; start from the office."""
    ask(what_is_due)
    manager = signed_in(MARTTA)
    manager.goto("/fi/toimisto/")
    no_complaints(manager)
    manager.get_by_role("link", name=re.compile(f"Käsittele ehdotus.*{re.escape(ask(name))}")).click()
    expect(manager.get_by_text(f"Vantaan kaupunki saa tiedon: {stage}.")).to_be_visible()
    no_complaints(manager)
    manager.get_by_role("button", name="Hyväksy ehdotus").click()
    expect(manager.get_by_text("Päätös kirjattiin ja kumppani sai tiedon.")).to_be_visible()
    expect(manager.get_by_text(f"Martta Mittari hyväksyi ehdotuksen: {stage}.")).to_be_visible()
    return manager


def told(ask: Ask) -> set[str]:
    """Return whom the mails of today went to."""
    return {to for to, _subject in ask(deliver)}


def test_a_breach_over_weeks(signed_in: Open, ask: Ask) -> None:
    ask(deliver)
    with on("2026-09-01"):
        ask(submit)
    with on("2026-09-16"):
        accept(ask, signed_in, "Ensimmäinen huomautus")
        assert KATRI in told(ask)
        partner = signed_in(KATRI)
        partner.goto(f"/fi/toimisto/tapaukset/{ask(number)}/")
        expect(partner.get_by_text("korjattava viimeistään 16.10.2026").first).to_be_visible()
        expect(partner.get_by_role("button", name="Hyväksy ehdotus")).to_have_count(0)
        partner.get_by_label("Vastauksesi").fill("Tekstit tarkistetaan ensi viikolla.")
        partner.get_by_label("Näyttö").set_input_files(
            {"name": "aikataulu.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 aikataulu"}
        )
        partner.get_by_role("button", name="Lähetä vastaus").click()
        expect(partner.get_by_role("link", name="aikataulu.pdf")).to_be_visible()
        no_complaints(partner)
        assert MARTTA in told(ask)
    with on("2026-10-17"):
        accept(ask, signed_in, "Toinen huomautus")
        director = ask(lambda: User.objects.get(full_name="Risto Maunula").email)
        assert director not in told(ask)
    with on("2026-10-27"):
        manager = accept(ask, signed_in, "Kolmas huomautus ja sanktio")
        assert {KATRI, director} <= told(ask)
        partner = signed_in(KATRI)
        partner.goto("/fi/toimisto/paakirja/")
        expect(partner.get_by_role("cell", name="1 000 €", exact=True)).to_be_visible()
        expect(partner.get_by_text("Kirjaa hyvitys")).to_have_count(0)
        credit(manager, ask)
        partner.reload()
        expect(partner.get_by_text("600 €").first).to_be_visible()
        no_complaints(partner)


def credit(manager: Page, ask: Ask) -> None:
    """Credit 400 euros of the newest sanction on the ledger's page."""
    row = ask(lambda: LedgerEntry.objects.get(case__service__external_id=SERVICE, kind="sanction").number)
    manager.goto("/fi/toimisto/paakirja/")
    manager.locator("summary", has_text=f"rivi {row}").first.click()
    manager.locator(f"#maara-{row}").fill("400,00")
    manager.locator(f"#syy-{row}").fill("Osa viiveestä oli perusteltu.")
    manager.get_by_role("button", name="Kirjaa hyvitys").locator("visible=true").click()
    expect(manager.get_by_text("Rivi kirjattiin pääkirjaan.")).to_be_visible()
    no_complaints(manager)


PAGES = {
    MARTTA: (
        *("/sv/kontor/", "/en/office/cases/", "/en/office/cases/{case}/", "/sv/kontor/huvudbok/"),
        *("/fi/toimisto/tapaukset/uusi/?partner=vantaa", "/fi/toimisto/kumppanit/vantaa/"),
        *("/en/office/meetings/", "/fi/toimisto/kokoukset/uusi/working_group/"),
        *("/sv/kontor/moten/nytt/workshop/", "/en/office/handovers/"),
    ),
    KATRI: ("/en/office/", "/sv/kontor/arenden/", "/fi/toimisto/tiedonsiirrot/"),
}


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("who", list(PAGES))
def test_the_offices_pages_are_accessible_and_fit(signed_in: Open, ask: Ask, who: str, width: int) -> None:
    page = signed_in(who, viewport={"width": width, "height": 800})
    case = ask(lambda: Case.objects.earliest("pk").pk)
    for path in (one.format(case=case) for one in PAGES[who]):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        no_complaints(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
