"""The pages of cases and of the ledger, used as their readers use them."""

from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orgs import delivery
from orgs.models import Notice
from sanctions import ledger
from sanctions.actions import deciding
from sanctions.models import Answer, Case, LedgerEntry
from tests import factories
from tests.browser_forms import as_a_browser_sends
from tests.clients import Client
from tests.faults.disk import full_after
from tests.sanctions.conftest import D, Office, on

pytestmark = pytest.mark.django_db


def case_page(case: Case) -> str:
    return reverse("office:case", args=[case.pk])


def deliver() -> None:
    for number in delivery.due():
        delivery.deliver(number)


def post(client: Client, case: Case, step: str, **data: object) -> Any:
    address = reverse("office:case_step", args=[case.pk, step])
    return client.post(address, {f"{step}-{name}": value for name, value in data.items()})


def test_the_project_manager_accepts_the_proposal_on_the_case_s_page(late: Office, client: Client) -> None:
    with on("2026-01-22"):
        client.force_login(late.manager)
        page = client.get(case_page(late.case)).content.decode()
        assert "Espoon kaupunki saa tiedon: Ensimmäinen huomautus." in page
        assert "korjattava viimeistään 23.2.2026" in page
        assert "Julkaisu on ollut myöhässä 22.1.2026 alkaen" in page
        sent = post(client, late.case, "give", stage="first", text="")
        assert sent.status_code == 302
        page = client.get(case_page(late.case)).content.decode()
    assert "Marja Mallinen hyväksyi ehdotuksen: Ensimmäinen huomautus." in page
    assert "aikaisintaan 24.2.2026" in page


def test_who_decides_on_an_old_page_is_told_so_and_keeps_what_was_written(
    late: Office, client: Client
) -> None:
    with on("2026-01-22"):
        client.force_login(late.manager)
        deciding.give(late.case, "first", by=late.manager)
        refused = post(client, late.case, "give", stage="first", text="Minun perusteluni")
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Toinen huomautus" in page
    assert "Minun perusteluni" in page


def test_the_partner_reads_its_case_and_answers_with_evidence(late: Office, client: Client) -> None:
    with on("2026-01-23"):
        client.force_login(late.main_user)
        page = client.get(case_page(late.case)).content.decode()
        assert "Hyväksy ehdotus" not in page
        file = SimpleUploadedFile("selvitys.pdf", b"%PDF-1.7 selvitys")
        assert post(client, late.case, "answer", text="Odotimme järjestäjää.", file=file).status_code == 302
        page = client.get(case_page(late.case)).content.decode()
        got = client.get(reverse("office:evidence", args=[late.case.pk, Answer.objects.get().pk]))
    assert "Odotimme järjestäjää." in page
    assert b"".join(got) == b"%PDF-1.7 selvitys"
    assert Notice.objects.filter(kind="case_answered", recipient=late.manager).exists()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("selvitys.exe", b"MZ", "PDF"),
        ("selvitys.pdf", b"<html>", "PDF"),
        ("iso.pdf", b"%PDF-" + b"x" * 10_485_760, "Mt"),
    ],
)  # fmt: skip
def test_evidence_is_what_its_name_says_and_not_too_large(
    late: Office, client: Client, name: str, content: bytes, why: str
) -> None:
    with on("2026-01-23"):
        client.force_login(late.main_user)
        refused = post(client, late.case, "answer", text="Vastaus", file=SimpleUploadedFile(name, content))
    assert refused.status_code == 422
    assert why in refused.content.decode()
    assert not Answer.objects.exists()


def test_evidence_that_can_not_be_kept_is_told_and_the_answer_stays_in_the_form(
    late: Office, client: Client
) -> None:
    with on("2026-01-23"):
        client.force_login(late.main_user)
        given = {"text": "Odotimme.", "file": SimpleUploadedFile("selvitys.pdf", b"%PDF-1.7 selvitys")}
        with full_after(5):
            refused = post(client, late.case, "answer", **given)
    assert refused.status_code == 422
    assert "Odotimme." in refused.content.decode()
    assert "id_answer-file" in refused.content.decode()
    assert not Answer.objects.exists()


def test_the_timeline_tells_grounds_mails_and_decisions(late: Office, client: Client) -> None:
    with on("2026-01-22"):
        deciding.give(late.case, "first", by=late.manager)
        deliver()
        client.force_login(late.main_user)
        page = client.get(case_page(late.case)).content.decode()
    for said in (
        "Järjestelmä avasi tapauksen.",
        "lähetti sisällön tarkistettavaksi",
        f"Kirje 1/2026 lähti: {late.main_user.full_name}.",
        "Ensimmäinen huomautus: Kielikahvila",
        "Marja Mallinen hyväksyi ehdotuksen",
    ):
        assert said in page, said


def test_the_mail_of_a_remark_says_why_until_when_and_where_to_answer(late: Office) -> None:
    with on("2026-01-22"):
        deciding.give(late.case, "first", by=late.manager)
        deliver()
    message = mail.outbox[-1]
    assert message.to == [late.main_user.email]
    assert message.subject == "Kirje 1/2026: Ensimmäinen huomautus: Kielikahvila"
    assert "Sopimusrike on korjattava viimeistään 23.2.2026." in message.body
    assert f"/fi/toimisto/tapaukset/{late.case.pk}/" in message.body
    (file,) = message.attachments
    assert (file.filename, file.mimetype) == ("kirje-2026-1.pdf", "application/pdf")


def test_a_mail_to_someone_who_has_left_the_partner_is_not_sent(late: Office) -> None:
    with on("2026-01-22"):
        deliver()
        mail.outbox.clear()
        deciding.give(late.case, "first", by=late.manager)
        membership = late.main_user.memberships.get()
        membership.ends_on = D("2026-01-21")
        membership.save()
        deliver()
    assert Notice.objects.get(kind="letter").state == Notice.State.DROPPED
    assert not [one for one in mail.outbox if one.to == [late.main_user.email]]


def test_a_case_is_opened_by_hand_on_its_page(office: Office, client: Client) -> None:
    with on("2026-03-02"):
        client.force_login(office.manager)
        address = reverse("office:new_case")
        chosen = client.get(address, {"partner": "espoo"})
        form = as_a_browser_sends(chosen.content, of="tapaus") | {
            "ground": "error",
            "service": "kielikahvila",
            "text": "Maksu on väärin.",
            "on_0": "2026-02-05",
            "to_0": str(office.main_user.pk),
            "text_0": "Puhelimessa",
        }
        assert client.post(f"{address}?partner=espoo", form | {"on_1": "2026-02-06"}).status_code == 422
        assert client.post(f"{address}?partner=espoo", form).status_code == 302
    case = office.case
    assert (case.ground, case.service, case.mentions.get().text) == (
        "error",
        office.pipeline.service,
        "Puhelimessa",
    )


def test_a_credit_is_written_on_the_ledger_s_page(late: Office, client: Client) -> None:
    entry = ledger.append_sanction(late.case, Decimal(1000), grounds="Perusteet", by=late.manager)
    client.force_login(late.manager)
    address = reverse("office:ledger_step", args=[entry.number, "credit"])
    refused = client.post(address, {"amount": "1000,01", "grounds": "Liikaa"}, follow=True)
    assert "enintään 1000,00 euroa" in refused.content.decode()
    assert client.post(address, {"amount": "", "grounds": ""}, follow=True).status_code == 200
    assert LedgerEntry.objects.count() == 1
    client.post(address, {"amount": "400,50", "grounds": "Osa oli perusteltu."})
    page = client.get(reverse("office:ledger")).content.decode()
    assert "−400,50" in page
    assert "599,50" in page


def test_lists_ask_as_many_questions_for_many_rows_as_for_one(late: Office, client: Client) -> None:
    client.force_login(late.manager)
    client.get(reverse("office:cases"))
    counts: dict[str, set[int]] = {"office:cases": set(), "office:ledger": set()}
    for _ in range(2):
        for _row in range(6):
            case = factories.case(late.espoo)
            ledger.append_sanction(case, Decimal(500), grounds="Perusteet", by=late.manager)
        for name, found in counts.items():
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse(name))
            found.add(len(queries))
    assert {len(found) for found in counts.values()} == {1}, counts
