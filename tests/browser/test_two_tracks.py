"""Each half's work in real browsers: what one publishes or withdraws leaves the other's words alone."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from palvelumanuaali.demo.story import story_of
from services.models import Service
from tests.browser.accessibility import no_complaints
from tests.browser.conftest import Ask
from tests.browser.test_desk import ILMARI, deliver, nothing_on_its_way, signed_in
from workflow.actions import lifecycle
from workflow.models import Run
from workflow.states import OPEN

__all__ = ["signed_in"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SERVICE, WORD = "helsinki-digiryhma", "Digitaitojen"
OSKARI = "oskari.laine@vantaa.example"
OWN = "Vantaalta ohjataan Myyrmäen ryhmään."
UNFINISHED, ADDED = "KESKENERÄINEN, älä julkaise", "Varaa paikka ensin. "
Open = Callable[..., Page]


@pytest.fixture(autouse=True)
def quiet(ask: Ask) -> Iterator[None]:
    """Let nothing be on its way before and after."""
    ask(nothing_on_its_way)
    yield
    ask(nothing_on_its_way)


def slug() -> str:
    return Service.objects.get(external_id=SERVICE).slug


def provider() -> str:
    """Return the address of who writes the service's public text."""
    return story_of(SERVICE).provider.email


def states() -> dict[str, str]:
    """Return the states of the open runs by their tracks."""
    found = Run.objects.filter(service__external_id=SERVICE, state__in=OPEN)
    return {run.track: run.state for run in found}


def write_public(page: Page, words: str = UNFINISHED) -> None:
    page.goto(f"/fi/tyopoyta/{SERVICE}/muokkaa/time_and_place/")
    page.get_by_label("Kesto").fill(words)
    save(page)


def write_guidance(page: Page, section: str = "guidance", words: str = ADDED) -> None:
    page.goto(f"/fi/tyopoyta/{SERVICE}/muokkaa/{section}/")
    editor = page.locator("#id_internal-guidance-editor")
    editor.evaluate("(editor, words) => { editor.editor.commands.insertContentAt(1, words); }", words)
    save(page)


def save(page: Page) -> None:
    page.get_by_role("button", name="Tallenna", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Tallennettu klo")


def withdraw(page: Page, button: str) -> None:
    page.locator("summary", has_text=button).click()
    page.get_by_role("button", name=button).click()


def test_a_provider_who_withdraws_throws_no_instruction_away(signed_in: Open, ask: Ask) -> None:
    writer, partner = signed_in(ask(provider)), signed_in(ILMARI)
    write_guidance(partner)
    writer.goto(f"/fi/tyopoyta/{SERVICE}/")
    expect(writer.get_by_text("Peru muutokset")).to_have_count(0)
    expect(writer.get_by_role("button", name="Lähetä tarkistettavaksi")).to_have_count(0)
    write_public(writer)
    writer.goto(f"/fi/tyopoyta/{SERVICE}/")
    withdraw(writer, "Peru muutokset")
    expect(writer.get_by_text("Muutokset peruttiin.")).to_be_visible()
    assert ask(states) == {"internal": "drafting"}
    partner.goto(f"/fi/tyopoyta/{SERVICE}/")
    expect(partner.locator(".internal ins")).to_have_text(ADDED.strip())
    no_complaints(partner)


def test_who_publishes_an_instruction_publishes_no_unfinished_text(
    signed_in: Open, page: Page, ask: Ask
) -> None:
    public = f"/fi/palvelut/{ask(slug)}/"
    writer, partner = signed_in(ask(provider)), signed_in(ILMARI)
    write_public(writer)
    write_guidance(partner)
    partner.goto(f"/fi/tyopoyta/{SERVICE}/")
    expect(partner.get_by_role("button", name="Julkaise nyt")).to_have_count(0)
    partner.get_by_role("button", name="Julkaise ohje", exact=True).click()
    expect(partner.get_by_text("Ohje julkaistiin.")).to_be_visible()
    partner.goto(f"{public}ohje/")
    expect(partner.get_by_text(ADDED.strip())).to_be_visible()
    page.goto(public)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text(UNFINISHED)).to_have_count(0)
    writer.goto(f"/fi/tyopoyta/{SERVICE}/")
    expect(writer.get_by_text("KESKENERÄINEN").first).to_be_visible()
    assert ask(states) == {"public": "drafting"}


def test_instructions_alone_offer_nothing_to_submit_and_a_review_confirms_what_it_carries(
    signed_in: Open, ask: Ask
) -> None:
    other = "Tämä on vielä luonnos. "
    writer, partner = signed_in(ask(provider)), signed_in(ILMARI)
    write_guidance(partner, words=other)
    writer.goto(f"/fi/tyopoyta/{SERVICE}/")
    expect(writer.get_by_text("Mitään ei ole kesken")).to_be_visible()
    write_public(writer, "Kahdeksan kertaa")
    writer.goto(f"/fi/tyopoyta/{SERVICE}/")
    writer.get_by_role("button", name="Lähetä tarkistettavaksi").click()
    assert [to for to, _subject in ask(deliver)] == [ILMARI]
    partner.goto(f"/fi/tyopoyta/{SERVICE}/")
    expect(partner.get_by_text("1 kohta muuttuu").first).to_be_visible()
    confirmed = partner.locator("section", has=partner.get_by_role("checkbox", name="Pitää paikkansa"))
    expect(confirmed.get_by_text(other.strip())).to_have_count(0)
    for box in partner.get_by_role("checkbox", name="Pitää paikkansa").all():
        box.check()
    partner.get_by_role("button", name="Julkaise nyt").click()
    expect(partner.get_by_text("Palvelu julkaistiin.")).to_be_visible()
    assert ask(states) == {"internal": "drafting"}


def test_a_municipalitys_producer_writes_previews_and_publishes_on_anothers_service(
    signed_in: Open, ask: Ask
) -> None:
    """From the desk's list to the experts' page, and on to the next review of who answers for it."""
    public = f"/fi/palvelut/{ask(slug)}/"
    producer = signed_in(OSKARI)
    producer.goto("/fi/tyopoyta/")
    producer.get_by_role("link", name="Oman kunnan ohjeet").click()
    producer.get_by_label("Nimessä on").fill(WORD)
    producer.get_by_role("button", name="Näytä").click()
    producer.get_by_role("link", name=re.compile("^Kirjoita")).first.click()
    expect(producer.get_by_text("Yhteinen ohje").first).to_be_visible()
    no_complaints(producer)
    write_guidance(producer, "municipality-092", OWN)
    producer.get_by_role("link", name="Esikatsele työohje").click()
    expect(producer.get_by_text(OWN)).to_be_visible()
    no_complaints(producer)
    producer.goto(f"{public}ohje/")
    expect(producer.get_by_text(OWN)).to_have_count(0)
    producer.get_by_role("link", name=re.compile("Oma ohje: Vantaa")).click()
    producer.get_by_role("button", name="Julkaise ohje", exact=True).click()
    expect(producer.get_by_text("Ohje julkaistiin.")).to_be_visible()
    producer.goto(f"{public}ohje/")
    expect(producer.get_by_text(OWN)).to_be_visible()
    writer = signed_in(ask(provider))
    write_public(writer, "Yhdeksän kertaa")
    writer.goto(f"/fi/tyopoyta/{SERVICE}/")
    expect(writer.get_by_text("oman ohjeensa")).to_have_count(0)
    writer.get_by_role("button", name="Lähetä tarkistettavaksi").click()
    partner = signed_in(ILMARI)
    partner.goto(f"/fi/tyopoyta/{SERVICE}/")
    expect(partner.get_by_text("Vantaa on julkaissut oman ohjeensa")).to_be_visible()


def outdate() -> None:
    lifecycle.outdate(Service.objects.get(external_id=SERVICE), by=None)


@pytest.mark.parametrize("who", ["partner", "provider"])
def test_an_outdated_service_is_on_both_desks_and_comes_back_in_one_click(
    signed_in: Open, new_page: Callable[..., Page], ask: Ask, who: str
) -> None:
    public = f"/fi/palvelut/{ask(slug)}/"
    ask(outdate)
    visitor = new_page(statuses=[404, 410])
    gone = visitor.goto(public)
    assert gone
    assert gone.status in (404, 410)
    desk = signed_in(ILMARI if who == "partner" else ask(provider))
    desk.goto("/fi/tyopoyta/")
    row = desk.locator(".work li", has_text=WORD)
    expect(row.get_by_text("Vanhentunut")).to_be_visible()
    expect(row.get_by_role("link", name=re.compile("^Päivitä"))).to_be_visible()
    no_complaints(desk)
    row.get_by_role("button", name=re.compile("ajan tasalla")).click()
    expect(desk.get_by_text("Tiedot vahvistettiin.")).to_be_visible()
    back = visitor.goto(public)
    assert back
    assert back.status == 200
    assert ask(deliver)
