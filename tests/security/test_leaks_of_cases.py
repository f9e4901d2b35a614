"""What concerns a partner's breaches is found by no one of another partner: pages, files, mails, counts."""

import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db.models import Q
from django.urls import reverse

from orgs import clock, stored_data
from orgs.models import Notice, Organisation, User
from orgs.roles import Body, SeatKind
from sanctions import ledger
from sanctions.actions import answering, deciding, meetings
from sanctions.actions.answering import Evidence
from sanctions.actions.meetings import There
from sanctions.models import Answer, Attendance, Case, Handover, LedgerEntry, Meeting
from services.models import Term
from tests import factories
from tests.clients import Client
from tests.sanctions.conftest import at

pytestmark = pytest.mark.django_db
MARK = "tunnussana"
# People of Espoo, of a provider and of the project, who see nothing of Vantaa's breaches.
OTHERS = ("main user", "working group", "expert", "producer", "provider", "officer", "ICT")


@pytest.fixture
def people(vocabulary: dict[tuple[str, str], Term]) -> dict[str, User]:
    """Return the people; Vantaa's breaches are full of the mark."""
    factories.agreement()
    vantaa = factories.OrganisationFactory(kind="partner", external_id="vantaa", name={"fi": "Vantaa"})
    working = at("espoo", "expert")
    factories.seat(working, Body.WORKING_GROUP, SeatKind.MEMBER)
    found = {
        "main user": at("espoo", "main_user"),
        "working group": working,
        "expert": at("espoo", "expert"),
        "producer": at("espoo", "producer"),
        "provider": at("kielisilta", "main_user"),
        "officer": factories.member("project", "communications_officer"),
        "ICT": factories.member("project", "ict_specialist"),
        "manager": factories.member("project", "project_manager"),
        "vantaa": at("vantaa", "main_user"),
    }
    breach(vantaa, found["manager"], found["vantaa"])
    return found


def breach(vantaa: Organisation, manager: User, main_user: User) -> None:
    """Let something happen in everything that is kept of a partner's breaches."""
    case = factories.case(vantaa, text=f"{MARK} syy")
    answering.answer(
        case,
        by=main_user,
        text=f"{MARK} vastaus",
        evidence=Evidence(f"{MARK}.pdf", b"%PDF-1.7 " + MARK.encode()),
    )
    deciding.give(case, "first", by=manager, text=f"{MARK} perustelu")
    entry = ledger.append_sanction(case, Decimal("4321.00"), grounds=f"{MARK} perusteet", by=manager)
    ledger.credit(entry, by=manager, amount=Decimal(1), grounds=f"{MARK} hyvitys")
    ledger.mark_invoiced(entry, by=manager, reference=f"{MARK}-1")
    there = {vantaa: There(Attendance.Presence.SUBSTITUTE, f"{MARK} Sijainen", f"{MARK} huomio")}
    meetings.record(Meeting.Kind.WORKING_GROUP, clock.today(), there, by=manager)
    Handover.objects.create(
        partner=vantaa, reason="seat", starts_on=clock.today(), due_on=clock.today(),
        giver=factories.UserFactory(full_name=f"{MARK} Antaja"),
        receiver=factories.UserFactory(full_name=f"{MARK} Saaja"),
    )  # fmt: skip


def addresses() -> Iterator[str]:
    """Every address of the office, of every thing there is, with filters and files."""
    lists = ("office", "cases", "ledger", "meetings", "handovers")
    for name in lists:
        address = reverse(f"office:{name}")
        yield from (address, f"{address}?partner=vantaa", f"{address}?format=csv", f"{address}?format=xlsx")
        yield f"{address}?partner=vantaa&format=csv"
    yield from (reverse("office:partner", args=[one]) for one in ("espoo", "vantaa"))
    for case in Case.objects.all():
        yield reverse("office:case", args=[case.pk])
    for answer in Answer.objects.all():
        yield reverse("office:evidence", args=[answer.case_id, answer.pk])
        yield from (reverse("office:evidence", args=[case.pk, answer.pk]) for case in Case.objects.all())
    yield from (reverse("office:meeting", args=[one.pk]) for one in Meeting.objects.all())
    yield from (reverse("office:handover", args=[one.pk]) for one in Handover.objects.all())
    yield from (f"{reverse('office:new_case')}?partner=vantaa", reverse("orgs:own"), reverse("orgs:notices"))


def content_of(client: Client, address: str) -> bytes:
    answer = client.get(address)
    return b"".join(answer) if answer.streaming else answer.content


@pytest.mark.parametrize("who", OTHERS)
def test_no_one_else_finds_a_word_of_it_at_any_address(
    people: dict[str, User], client: Client, who: str
) -> None:
    factories.case(Organisation.objects.get(external_id="espoo"), text="Espoon oma")
    client.force_login(people[who])
    allowed = ("meetings", "handovers", "kokoukset", "tiedonsiirrot") if who == "officer" else ()
    for address in addresses():
        if any(name in address for name in allowed):
            continue  # the officer records meetings and handovers of all partners
        content = content_of(client, address)
        assert MARK.encode() not in content, address
        assert b"4321" not in content.replace(b"\xc2\xa0", b""), address


def test_who_may_see_it_finds_it(people: dict[str, User], client: Client) -> None:
    """The walk above would find it: the partner's own main user does."""
    client.force_login(people["vantaa"])
    found = {address for address in addresses() if MARK.encode() in content_of(client, address)}
    assert {reverse("office:case", args=[case.pk]) for case in Case.objects.all()} <= found
    assert len(found) >= 12


def test_no_count_tells_of_another_s_cases(people: dict[str, User], client: Client) -> None:
    """The pages are the same, letter by letter, with and without more cases of another partner."""
    changing = re.compile(rb"csrfmiddlewaretoken[^>]*|nonce=\"[^\"]*\"")
    vantaa = Organisation.objects.get(external_id="vantaa")
    for who in ("main user", "working group"):
        client.force_login(people[who])
        pages = [reverse(f"office:{name}") for name in ("office", "cases", "ledger", "meetings", "handovers")]
        before = [changing.sub(b"", content_of(client, page)) for page in pages]
        for _ in range(3):
            case = factories.case(vantaa)
            ledger.append_sanction(case, Decimal(500), grounds="Perusteet", by=people["manager"])
        after = [changing.sub(b"", content_of(client, page)) for page in pages]
        assert before == after, who


def test_the_numbers_of_others_rows_can_be_neither_credited_nor_decided(
    people: dict[str, User], client: Client
) -> None:
    case, entry = Case.objects.get(), LedgerEntry.objects.get(number=1)
    for who in OTHERS:
        client.force_login(people[who])
        for step in ("give", "postpone", "close", "exempt", "steering", "answer"):
            answer = client.post(reverse("office:case_step", args=[case.pk, step]), {f"{step}-text": "x"})
            assert answer.status_code == 404, (who, step)
        for step in ("credit", "invoiced"):
            assert client.post(reverse("office:ledger_step", args=[entry.number, step])).status_code == 403
    assert case.answers.count() == 1
    assert LedgerEntry.objects.count() == 3


def test_no_mail_of_it_goes_to_anyone_else(people: dict[str, User]) -> None:
    about = Q(kind__startswith="case_") | Q(kind="letter")
    told = {notice.recipient for notice in Notice.objects.filter(about)}
    assert told == {people["manager"], people["vantaa"]}


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_takes_it_along_as_own_data(people: dict[str, User], who: str) -> None:
    assert MARK not in str(stored_data.of(people[who]))
