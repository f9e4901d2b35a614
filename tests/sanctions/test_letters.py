"""Letters: what each says in Finnish and in Swedish, numbered, frozen, as page, PDF and mail."""

import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import connection, connections
from django.db.utils import ProgrammingError
from django.urls import reverse
from pypdf import PdfReader

from orgs.models import Notice, NoticeChoice, Organisation
from sanctions import ledger
from sanctions.actions import deciding
from sanctions.letters import writing
from sanctions.letters.blocks import lines_of, one_line, parts_of
from sanctions.models import Case, LedgerEntry, Letter
from sanctions.proceeding import Stage
from tests import factories
from tests.clients import Client
from tests.orgs.test_notices import deliver_all
from tests.sanctions.conftest import D, Office, on, sweep
from tests.services.site_pages import html, words
from workflow.models import HolidaySeason

LANGUAGES = ("fi", "sv")


def said(letter: Letter) -> str:
    """Return the letter's words as one line."""
    lines = [letter.title, *(text for _heading, text in lines_of(letter.blocks))]
    return " ".join(lines).replace("\xa0", " ")


def in_pdf(letter: Letter) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(bytes(letter.pdf))).pages)
    return " ".join(text.replace("\xa0", " ").split())


def written_in(language: str) -> None:
    Organisation.objects.filter(external_id="espoo").update(letter_language=language)


def given(office: Office, day: str, stage: str, text: str = "") -> Letter:
    with on(day):
        sweep()
        return deciding.give(office.case, stage, by=office.manager, text=text).letter


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fi", ["Ensimmäinen huomautus: Kielikahvila",
                "Sopimuskumppani Espoon kaupunki saa ensimmäisen huomautuksen.",
                "Palvelun ”Kielikahvila” julkaisun määräpäivä oli 21.1.2026.", "Kello seisoi: ei lainkaan",
                "Lähetetty tarkistettavaksi: 7.1.2026", "Julkaistu: ei vielä 22.1.2026",
                "korjattava viimeistään 23.2.2026",
                "seuraava vaihe on toinen huomautus aikaisintaan 24.2.2026", "viimeistään 23.2.2026",
                "kulttuuri muuttui", "ohjausryhmän ratkaistavaksi", "1 kuukauden kuluessa"]),
        ("sv", ["Första anmärkningen: Kielikahvila", "Avtalsparten Esbo stad får en första anmärkning.",
                "skulle publiceras senast 21.1.2026", "Skickad för granskning: 7.1.2026",
                "Klockan stod stilla: inte alls", "ska rättas till senast 23.2.2026",
                "nästa steg andra anmärkningen, tidigast 24.2.2026", "kulttuuri muuttui",
                "styrgruppen för avgörande", "inom 1 månad"]),
    ],
)  # fmt: skip
def test_a_remark_says_what_happened_what_to_do_and_what_follows(
    late: Office, language: str, expected: list[str]
) -> None:
    written_in(language)
    letter = given(late, "2026-01-22", "first", "Ohjeen kulttuuri muuttui.")
    assert (letter.name, letter.kind, letter.language) == ("1/2026", "remark", language)
    for words_ in expected:
        assert words_ in said(letter), words_
    assert letter.signed.startswith("Marja Mallinen, ")
    assert [one["name"] for one in letter.recipients] == [late.main_user.full_name]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sanction_names_the_earlier_letters_and_the_sum(late: Office, language: str) -> None:
    written_in(language)
    given(late, "2026-01-22", "first")
    given(late, "2026-02-24", "second")
    letter = given(late, "2026-03-04", "third")
    assert letter.kind == "sanction"
    for words_ in {
        "fi": ["Sanktio 1 000 €: Kielikahvila", "Ensimmäinen huomautus 22.1.2026 (kirje 1/2026)",
               "Toinen huomautus 24.2.2026 (kirje 2/2026)", "viimeistään 18.3.2026", "kirjattu pääkirjaan"],
        "sv": ["Sanktion 1 000 €: Kielikahvila", "Första anmärkningen 22.1.2026 (brev 1/2026)",
               "Andra anmärkningen 24.2.2026 (brev 2/2026)", "senast 18.3.2026", "antecknats i huvudboken"],
    }[language]:  # fmt: skip
        assert words_ in said(letter), words_
    assert {one["name"] for one in letter.recipients} == {late.main_user.full_name, late.steering.full_name}
    entry = LedgerEntry.objects.get()
    assert late.case.as_opened["reason"][language] in entry.grounds, "the letter's reason is the invoice's"
    assert late.case.as_opened["reason"][language] in said(letter)


def test_the_days_that_pauses_and_seasons_covered_are_told(office: Office) -> None:
    with on("2026-01-07"):
        HolidaySeason.objects.create(first_day=D("2026-01-12"), last_day=D("2026-01-13"))
        office.pipeline.submit()
    letter = given(office, "2026-01-26", "first")
    assert "Kello seisoi: 12.1.–13.1.2026 (lomakausi)" in said(letter)
    assert "Määräaika: 23.1.2026" in said(letter)


@pytest.mark.parametrize(
    ("language", "kind", "expected"),
    [
        ("fi", "exemption", ["Vapautus: Kielikahvila", "Rajapinta oli poikki.", "Tapaus päättyi 2.2.2026"]),
        ("sv", "exemption", ["Befrielse: Kielikahvila", "Rajapinta oli poikki.", "avslutades 2.2.2026"]),
        ("fi", "put_right", ["Sopimusrike on korjattu: Kielikahvila", "korjattiin 1.2.2026", "kirje 1/2026"]),
        ("sv", "put_right", ["Avtalsbrottet har rättats till: Kielikahvila", "rättades till 1.2.2026"]),
        ("fi", "void", ["Huomautus on mitätöity: Kielikahvila", "Mitätöityä ei oteta myöhemmin huomioon"]),
        ("sv", "void", ["Anmärkningen har upphävts: Kielikahvila", "beaktas inte senare"]),
    ],
)
def test_what_ends_a_case_is_told_by_letter(
    late: Office, language: str, kind: str, expected: list[str]
) -> None:
    written_in(language)
    given(late, "2026-01-22", "first")
    with on("2026-02-02"):
        if kind == "exemption":
            deciding.exempt(late.case, by=late.manager, text="Rajapinta oli poikki.")
        elif kind == "put_right":
            with on("2026-02-01"):
                late.pipeline.publish()
            sweep()
        else:
            deciding.fall_away(late.case)
    letter = Letter.objects.get(kind=kind)
    for words_ in expected:
        assert words_ in said(letter), words_


def test_a_case_that_ends_before_any_step_sends_no_letter_but_an_exemption_does(late: Office) -> None:
    with on("2026-01-23"):
        deciding.fall_away(late.case)
    assert not Letter.objects.exists()
    case = factories.case(late.espoo)
    with on("2026-11-23"):
        deciding.exempt(case, by=late.manager, text="Äkillinen syy.")
    assert Letter.objects.get().kind == "exemption"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_credit_is_told_with_what_is_left_and_the_invoice(late: Office, language: str) -> None:
    written_in(language)
    with on("2026-03-04"):
        entry = ledger.append_sanction(late.case, Decimal(1000), grounds="P", by=late.manager)
        ledger.mark_invoiced(entry, by=late.manager, reference="L-77")
        ledger.credit(entry, by=late.manager, amount=Decimal("400.50"), grounds="Osa oli perusteltu.")
    letter = Letter.objects.get()
    expected = {
        "fi": ["Hyvitys 400,50 €", "Sanktiosta jäljellä: 599,50 €", "laskulla L-77", "seuraavassa laskussa"],
        "sv": ["Kreditering 400,50 €", "Kvar av sanktionen: 599,50 €", "faktura L-77", "nästa faktura"],
    }[language]
    for words_ in [*expected, "Osa oli perusteltu."]:
        assert words_ in said(letter), words_


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_is_tagged_titled_in_its_language_and_says_the_same(late: Office, language: str) -> None:
    written_in(language)
    letter = given(late, "2026-01-22", "first", "Lisätieto: 5 < 6 & #ei *merkintää* [x].")
    file = PdfReader(BytesIO(bytes(letter.pdf)))
    root: Any = file.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert file.metadata is not None
    assert file.metadata.title == letter.title
    assert float(file.pages[0].mediabox.width) == pytest.approx(595.28, abs=0.1)
    text = re.sub(r"\s", "", in_pdf(letter))
    for _heading, line in lines_of(letter.blocks):
        for word in line.removeprefix("– ").replace(": ", " ").split():
            assert word.rstrip(":") in text, word
    assert letter.recipients[0]["name"].replace(" ", "") in text


def test_letters_are_numbered_by_the_year_without_a_gap(late: Office) -> None:
    names = []
    for day in ("2026-01-22", "2026-12-30"):
        with on(day):
            names += [writing.of_credit(_credited(late, number)).name for number in (1, 2)]
    late_case = factories.case(late.espoo)
    with on("2027-01-04"):
        deciding.exempt(late_case, by=late.manager, text="Syy.")
    assert names == ["1/2026", "2/2026", "3/2026", "4/2026"]
    assert Letter.objects.latest("at").name == "1/2027"


def _credited(office: Office, number: int) -> LedgerEntry:
    """Return a credit whose letter is not written yet."""
    case = factories.case(office.espoo, text=f"Tapaus {number}")
    entry = ledger.append_sanction(case, Decimal(1000), grounds="P", by=office.manager)
    return LedgerEntry.objects.create(
        number=LedgerEntry.objects.count() + 1, kind="credit", partner=office.espoo, matter="content",
        on=entry.on, amount=Decimal(1), grounds="Hyvitys", case=case, about=entry, at=entry.at,
        by=office.manager, previous_hash="x", hash=str(LedgerEntry.objects.count()),
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_letters_at_once_get_two_numbers(late: Office) -> None:
    cases = [factories.case(late.espoo, text=f"Tapaus {number}") for number in range(4)]

    def exempt(case: Case) -> None:
        try:
            deciding.exempt(case, by=late.manager, text="Syy.")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(exempt, cases))
    assert sorted(Letter.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


@pytest.mark.parametrize("statement", ["UPDATE", "DELETE"])
def test_the_database_refuses_to_change_a_letter(late: Office, statement: str) -> None:
    letter = given(late, "2026-01-22", "first")
    change = {
        "UPDATE": "UPDATE sanctions_letter SET title = 'Muuta' WHERE id = %s",
        "DELETE": "DELETE FROM sanctions_letter WHERE id = %s",
    }[statement]
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), connection.cursor() as cursor:
        cursor.execute(change, [letter.pk])


def test_what_people_wrote_makes_no_part_of_its_own(late: Office) -> None:
    letter = given(late, "2026-01-22", "first", "Syy.\n\n## Väärä otsikko\n| a | b\n- kohta <b>&amp;")
    assert "Syy. ## Väärä otsikko | a | b - kohta <b>&amp;" in said(letter)
    assert "Väärä otsikko" not in [block["text"] for block in letter.blocks if block["kind"] == "heading"]


def test_a_template_becomes_title_headings_paragraphs_lists_and_facts() -> None:
    parts = parts_of("Otsikko\n\nYksi\nkaksi\n\n## Väli\n| A | b | c\n| D | e\n\n- x\n- y\n\nLoppu")
    assert parts.title == "Otsikko"
    assert parts.blocks == [
        {"kind": "text", "text": "Yksi kaksi"},
        {"kind": "heading", "text": "Väli"},
        {"kind": "facts", "rows": [["A", "b | c"], ["D", "e"]]},
        {"kind": "list", "items": ["x", "y"]},
        {"kind": "text", "text": "Loppu"},
    ]
    assert one_line(" a\n\n b ") == "a b"


def test_a_letter_never_waits_for_a_digest(late: Office, mailoutbox: list[EmailMultiAlternatives]) -> None:
    NoticeChoice.objects.create(user=late.main_user, notice_class="sanctions")
    given(late, "2026-01-22", "first")
    with on("2026-01-22"):
        deliver_all()
    assert Notice.objects.get(kind="letter").state == Notice.State.SENT
    (mail,) = [one for one in mailoutbox if one.to == [late.main_user.email] and one.attachments]
    assert bytes(mail.attachments[0].content) == bytes(Letter.objects.get().pdf)


def test_a_letter_is_read_as_page_and_file_by_partner_and_project(late: Office, client: Client) -> None:
    letter = given(late, "2026-01-22", "first")
    with on("2026-01-23"):
        for person in (late.main_user, late.manager, late.steering):
            client.force_login(person)
            assert letter.title in html(client, reverse("office:letters"))
            page = words(html(client, reverse("office:letter", args=[2026, 1])))
            assert "korjattava viimeistään 23.2.2026" in page.replace("\xa0", " ")
            assert late.main_user.full_name in page
        file = client.get(reverse("office:letter_file", args=[2026, 1]))
        assert file.headers["Content-Type"] == "application/pdf"
        assert file.content.startswith(b"%PDF-1.7")
        case = html(client, reverse("office:case", args=[late.case.pk]))
        assert reverse("office:letter", args=[2026, 1]) in case


def test_stages_all_have_a_letter() -> None:
    assert {stage.value for stage in Stage} == {
        "first", "second", "third", "sanction", "discussion", "remark"
    }  # fmt: skip
