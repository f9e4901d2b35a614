"""The ledger's chain: rows are appended under one lock, each with the hash of the one before it.

`broken` proves the chain: it reckons every hash anew, so a row that was changed, taken away or put in
behind the application's back is found.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import QuerySet, Sum
from django.utils.formats import localize
from django.utils.translation import gettext as _

from orgs import access, clock
from orgs.models import User
from orgs.refused import NotNow
from orgs.roles import Capability
from sanctions.letters import writing
from sanctions.models import Case, LedgerEntry
from sanctions.proceeding import CONTENT, Ground

_LOCK = 7_305_011  # of the chain, among PostgreSQL's advisory locks
FIRST = "0" * 64
Kind = LedgerEntry.Kind
_CENT = Decimal("0.01")


def hash_of(entry: LedgerEntry) -> str:
    """Return the SHA-256 of everything that a row says, the hash of the row before it included."""
    said: dict[str, Any] = {
        "number": entry.number,
        "kind": str(entry.kind),
        "partner": entry.partner_id,
        "matter": str(entry.matter),
        "on": entry.on.isoformat(),
        "amount": str(Decimal(entry.amount).quantize(_CENT)),
        "grounds": entry.grounds,
        "case": entry.case_id,
        "about": entry.about_id,
        "reference": entry.reference,
        "at": entry.at.astimezone(clock.ZONE).isoformat(),
        "by": entry.by_id,
        "previous": entry.previous_hash,
    }
    plain = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


@transaction.atomic
def _append(entry: LedgerEntry) -> LedgerEntry:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    last = LedgerEntry.objects.order_by("-number").first()
    entry.number = last.number + 1 if last else 1
    entry.previous_hash = last.hash if last else FIRST
    entry.at = clock.now()
    entry.hash = hash_of(entry)
    entry.full_clean()
    entry.save()
    return entry


def append_sanction(case: Case, amount: Decimal, *, grounds: str, by: User) -> LedgerEntry:
    """Append the sanction of a case, once; the caller has checked who decides, and holds the case."""
    matter = LedgerEntry.Matter.CONTENT if case.ground in CONTENT else LedgerEntry.Matter(Ground(case.ground))
    return _append(
        LedgerEntry(
            kind=Kind.SANCTION, partner=case.partner, matter=matter, on=clock.today(), amount=amount,
            grounds=grounds, case=case, by=by,
        )
    )  # fmt: skip


@transaction.atomic
def credit(sanction: LedgerEntry, *, by: User, amount: Decimal, grounds: str) -> LedgerEntry:
    """Credit a sanction, or a part of it, never more than what is left of it; the partner gets a letter.

    Raises PermissionDenied, or ValidationError with what is wrong. Source: docs/rules.md section 6 (a
    mistake is corrected by a credit, never by deletion).
    """
    access.require(by, Capability.DECIDE_SANCTIONS)
    fresh = _locked_sanction(sanction)
    if not grounds.strip():
        raise ValidationError({"grounds": _("Write why it is credited.")})
    left = fresh.left
    if not 0 < amount <= left:
        raise ValidationError(
            {"amount": _("Give an amount above zero, %(left)s euros at the most.") % {"left": localize(left)}}
        )
    made = _append(
        LedgerEntry(
            kind=Kind.CREDIT, partner=fresh.partner, matter=fresh.matter, on=clock.today(), amount=amount,
            grounds=grounds.strip(), case=fresh.case, about=fresh, by=by,
        )
    )  # fmt: skip
    writing.of_credit(made)
    return made


@transaction.atomic
def mark_invoiced(sanction: LedgerEntry, *, by: User, reference: str) -> LedgerEntry:
    """Mark what is left of a sanction as invoiced, once. Raises PermissionDenied, NotNow, ValidationError."""
    access.require(by, Capability.INVOICE)
    fresh = _locked_sanction(sanction)
    if fresh.followers.filter(kind=Kind.INVOICED).exists():
        raise NotNow(_("invoiced"))
    if not reference.strip():
        raise ValidationError({"reference": _("Give the number of the invoice.")})
    return _append(
        LedgerEntry(
            kind=Kind.INVOICED, partner=fresh.partner, matter=fresh.matter, on=clock.today(),
            amount=fresh.left, grounds=fresh.grounds, case=fresh.case, about=fresh, by=by,
            reference=reference.strip(),
        )
    )  # fmt: skip


@transaction.atomic
def settle(credit: LedgerEntry, *, by: User, reference: str) -> LedgerEntry:
    """Mark a credit that came after its sanction was invoiced as taken off a later invoice, once.

    Raises PermissionDenied, NotNow, and ValidationError where nothing is to be settled.
    """
    access.require(by, Capability.INVOICE)
    Case.objects.select_for_update().get(pk=credit.case_id)
    fresh = LedgerEntry.objects.select_related("partner", "case", "about").get(pk=credit.pk)
    if not is_to_settle(fresh):
        raise ValidationError(_("Only a credit that came after the invoice is settled on a later one."))
    if fresh.followers.filter(kind=Kind.SETTLED).exists():
        raise NotNow(str(Kind.SETTLED.label))
    if not reference.strip():
        raise ValidationError({"reference": _("Give the number of the invoice.")})
    return _append(
        LedgerEntry(
            kind=Kind.SETTLED, partner=fresh.partner, matter=fresh.matter, on=clock.today(),
            amount=fresh.amount, grounds=fresh.grounds, case=fresh.case, about=fresh, by=by,
            reference=reference.strip(),
        )
    )  # fmt: skip


def is_to_settle(row: LedgerEntry) -> bool:
    """Tell whether a row is a credit of a sanction that was invoiced before it: with too much."""
    if row.kind != Kind.CREDIT or row.about is None:
        return False
    return any(one.kind == Kind.INVOICED and one.number < row.number for one in row.about.followers.all())


def _locked_sanction(sanction: LedgerEntry) -> LedgerEntry:
    """Return the sanction, after locking its case: what follows it is added by one at a time."""
    Case.objects.select_for_update().get(pk=sanction.case_id)
    fresh = LedgerEntry.objects.select_related("partner", "case").get(pk=sanction.pk)
    if fresh.kind != Kind.SANCTION:
        raise ValidationError(_("Only a sanction is credited or invoiced."))
    return fresh


@dataclass(frozen=True)
class Balance:
    """What a partner's sanctions come to in euros: given, credited, invoiced, settled on later invoices."""

    given: Decimal = Decimal(0)
    credited: Decimal = Decimal(0)
    invoiced: Decimal = Decimal(0)
    settled: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        """Return what is left after credits."""
        return self.given - self.credited

    @property
    def open(self) -> Decimal:
        """Return what is still to be invoiced; below zero what the next invoice gives back."""
        return self.total - self.invoiced + self.settled


_COLUMNS = {
    Kind.SANCTION: "given", Kind.CREDIT: "credited", Kind.INVOICED: "invoiced", Kind.SETTLED: "settled"
}  # fmt: skip


def balances(rows: "QuerySet[LedgerEntry, LedgerEntry]") -> dict[int, Balance]:
    """Return what the sanctions in `rows` come to, by the partner's primary key."""
    sums = rows.order_by().values_list("partner", "kind").annotate(sum=Sum("amount"))
    found: dict[int, dict[str, Decimal]] = {}
    for partner, kind, total in sums:
        found.setdefault(partner, {})[_COLUMNS[Kind(kind)]] = total
    return {partner: Balance(**columns) for partner, columns in found.items()}


def broken(entries: Iterable[LedgerEntry]) -> tuple[int, str] | None:
    """Return the number of the first row that does not fit the chain, and why; None where all do.

    `entries` are all rows, ordered by number.
    """
    previous = FIRST
    for number, entry in enumerate(entries, start=1):
        if entry.number != number:
            return number, _("the row is missing")
        if entry.previous_hash != previous:
            return number, _("it does not follow the row before it")
        if entry.hash != hash_of(entry):
            return number, _("its content is not what was written")
        previous = entry.hash
    return None
