"""The ledger and the decisions: the database refuses changes, and the chain tells of those made anyway."""

import csv
from decimal import Decimal
from io import StringIO

import pgtrigger
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from orgs import clock
from orgs.refused import NotNow
from sanctions import ledger
from sanctions.models import Answer, Decision, LedgerEntry, Mention
from tests import factories
from tests.clients import Client
from tests.sanctions.conftest import Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(office: Office) -> list[LedgerEntry]:
    """Return two sanctions, a credit and a mark of invoicing."""
    first, second = (
        ledger.append_sanction(
            factories.case(office.espoo), Decimal(1000), grounds=f"Perusteet {number}", by=office.manager
        )
        for number in (1, 2)
    )
    ledger.credit(first, by=office.manager, amount=Decimal("250.50"), grounds="Hyvitys")
    ledger.mark_invoiced(second, by=office.manager, reference="2026-1")
    return list(LedgerEntry.objects.all())


def verified() -> str:
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    return out.getvalue()


def test_the_chain_is_whole(rows: list[LedgerEntry]) -> None:
    assert [row.number for row in rows] == [1, 2, 3, 4]
    assert rows[0].previous_hash == ledger.FIRST
    assert [row.previous_hash for row in rows[1:]] == [row.hash for row in rows[:-1]]
    assert "4 riviä" in verified()
    assert rows[-1].hash in verified()


def test_an_empty_ledger_is_whole(db: None) -> None:
    assert "0 riviä" in verified()


# What someone with the database's own tools might do, and the row that is named.
TAMPERING = [
    ("UPDATE sanctions_ledgerentry SET amount = 1 WHERE number = 2", 2),
    ("UPDATE sanctions_ledgerentry SET grounds = 'muuta' WHERE number = 1", 1),
    ("UPDATE sanctions_ledgerentry SET reference = 'X' WHERE number = 4", 4),
    ("UPDATE sanctions_ledgerentry SET \"on\" = '2026-01-01' WHERE number = 3", 3),
    ("UPDATE sanctions_ledgerentry SET hash = repeat('a', 64) WHERE number = 3", 3),
    ("DELETE FROM sanctions_ledgerentry WHERE number = 3", 3),
    ("UPDATE sanctions_ledgerentry SET number = 5 WHERE number = 3", 3),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "number"), TAMPERING)
def test_what_is_changed_behind_its_back_is_found(
    rows: list[LedgerEntry], statement: str, number: int
) -> None:
    with pgtrigger.ignore(), connection.cursor() as cursor:
        # Its letter holds a row fast: whoever deletes it deletes that, too.
        cursor.execute("DELETE FROM sanctions_letter")
        cursor.execute(statement)
    with pytest.raises(CommandError, match=f"rivi {number} on rikki"):
        verified()


def test_a_row_that_is_rewritten_with_its_own_hash_breaks_the_next(rows: list[LedgerEntry]) -> None:
    forged = LedgerEntry.objects.get(number=2)
    forged.amount = Decimal(1)
    forged.hash = ledger.hash_of(forged)
    with pgtrigger.ignore():
        forged.save()
    with pytest.raises(CommandError, match="rivi 3 on rikki"):
        verified()


@pytest.mark.parametrize(
    "table",
    [model._meta.db_table for model in (LedgerEntry, Decision, Answer, Mention)],
)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_refuses_to_change_what_was_decided(
    office: Office, rows: list[LedgerEntry], table: str, statement: str
) -> None:
    case = factories.case(office.espoo)
    Decision.objects.create(
        case=case, kind="exempted", on=clock.today(), at=clock.now(), actor=office.manager, text="Syy"
    )
    Answer.objects.create(case=case, by=office.main_user, at=clock.now(), text="Vastaus")
    Mention.objects.create(case=case, on=clock.today(), to=office.main_user, text="Puhelu")
    # As the application itself is connected: there is no other user.
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    with pytest.raises(DatabaseError), transaction.atomic():
        LedgerEntry.objects.update(amount=0)


def test_the_file_adds_up_and_credits_take_away(
    rows: list[LedgerEntry], office: Office, client: Client
) -> None:
    """What a spreadsheet makes of the column "sum" is what the page says of the partner."""
    client.force_login(office.manager)
    content = client.get(reverse("office:ledger"), {"format": "csv"}).content.decode("utf-8-sig")
    heads, *lines = csv.reader(content.splitlines(), delimiter=";")
    amount, sum_ = heads.index("Summa"), heads.index("Lisää saldoon")
    numbers = [[Decimal(line[at].replace(",", ".")) for line in lines] for at in (amount, sum_)]
    assert sorted(numbers[0]) == [Decimal("-250.5"), 1000, 1000, 1000]
    balance = ledger.balances(LedgerEntry.objects.all())[office.espoo.pk]
    assert sum(numbers[1]) == balance.total == Decimal("1749.5")
    assert balance.open == Decimal("749.5")
    page = client.get(reverse("office:ledger")).content.decode().replace("\xa0", " ")
    assert "749,50 € vielä laskuttamatta" in page
    assert "-250,50 €" in page.replace("−", "-")


def test_what_is_credited_after_invoicing_is_given_back_in_the_next(
    rows: list[LedgerEntry], office: Office
) -> None:
    ledger.mark_invoiced(rows[0], by=office.manager, reference="2026-2")
    ledger.credit(rows[1], by=office.manager, amount=Decimal(300), grounds="Peruste poistui.")
    assert ledger.balances(LedgerEntry.objects.all())[office.espoo.pk].open == -300


def test_a_credit_after_the_invoice_is_settled_on_the_next_one(office: Office) -> None:
    entry = ledger.append_sanction(
        factories.case(office.espoo), Decimal(1000), grounds="Perusteet", by=office.manager
    )
    before = ledger.credit(entry, by=office.manager, amount=Decimal(100), grounds="Ennen laskua.")
    ledger.mark_invoiced(entry, by=office.manager, reference="L-1")
    after = ledger.credit(entry, by=office.manager, amount=Decimal(400), grounds="Laskun jälkeen.")
    balance = ledger.balances(LedgerEntry.objects.all())[office.espoo.pk]
    assert (balance.total, balance.invoiced, balance.open) == (Decimal(500), Decimal(900), Decimal(-400))
    with pytest.raises(ValidationError):
        ledger.settle(before, by=office.manager, reference="L-2")
    with pytest.raises(ValidationError):
        ledger.settle(after, by=office.manager, reference=" ")
    with pytest.raises(PermissionDenied):
        ledger.settle(after, by=office.main_user, reference="L-2")
    row = ledger.settle(after, by=office.manager, reference="L-2")
    assert (row.signed, row.adds, row.grounds) == (Decimal(-400), Decimal(0), "Laskun jälkeen.")
    with pytest.raises(NotNow):
        ledger.settle(after, by=office.manager, reference="L-3")
    balance = ledger.balances(LedgerEntry.objects.all())[office.espoo.pk]
    assert (balance.total, balance.open) == (Decimal(500), Decimal(0))
    assert "riviä" in verified()


def test_the_page_offers_to_settle_what_came_after_the_invoice(office: Office, client: Client) -> None:
    entry = ledger.append_sanction(
        factories.case(office.espoo), Decimal(1000), grounds="Perusteet", by=office.manager
    )
    ledger.mark_invoiced(entry, by=office.manager, reference="L-1")
    credit = ledger.credit(entry, by=office.manager, amount=Decimal(400), grounds="Laskun jälkeen.")
    client.force_login(office.manager)
    page = client.get(reverse("office:ledger")).content.decode()
    step = reverse("office:ledger_step", args=[credit.number, "settled"])
    assert step in page
    client.post(step, {"reference": "L-2"})
    after = client.get(reverse("office:ledger")).content.decode()
    assert step not in after
    assert "L-2" in after
