"""Names and mails of cases, kept as long as the ledger whatever becomes of people and notices."""

from typing import Any

from django.db.models import Q, QuerySet

from orgs import clock
from orgs.models import Notice, User
from sanctions.models import Case, MailOnRecord, NameOnRecord
from workflow.models import Event

# Mails of the run that belong to the case: what was told before it was late, and when it was.
_OF_RUN = ("run_due_soon", "run_overdue", "run_extended")


def name_of(user: User) -> str:
    """Return a person's name as the record of cases has it."""
    if user.anonymised_on is not None and (kept := NameOnRecord.objects.filter(user=user).first()):
        return kept.name
    return user.get_full_name()


def keep_name(user: User) -> None:
    """Keep the name of someone who is about to be anonymised, where the record of a case has it."""
    if _is_on_record(user):
        NameOnRecord.objects.get_or_create(user=user, defaults={"name": user.get_full_name()})


def on_anonymising(user: User, **_signal: Any) -> None:
    """Keep the name before it is taken away; the caller holds the transaction."""
    keep_name(user)


def _is_on_record(user: User) -> bool:
    cases = Case.objects.filter(
        Q(opened_by=user)
        | Q(decisions__actor=user)
        | Q(mentions__to=user)
        | Q(answers__by=user)
        | Q(ledger__by=user)
        | Q(handover__giver=user)
        | Q(handover__receiver=user)
    )
    return cases.exists() or Event.objects.filter(actor=user, run__cases__isnull=False).exists()


def mails_of(case: Case) -> "QuerySet[Notice, Notice]":
    """Return the notices of a case that were sent; what went with a letter stands in the letter."""
    about = Q(context__case=case.pk) & ~Q(kind="letter")
    if case.run is not None and case.service is not None and case.run.submitted_at:
        last = case.run.closed_at or clock.now()
        about |= Q(
            kind__in=_OF_RUN,
            context__service=case.service.external_id,
            created_at__range=(case.run.submitted_at, last),
        )
    sent = Notice.objects.filter(about, sent_at__isnull=False)
    return sent.select_related("recipient").order_by("sent_at", "pk")


def keep_mails(case: Case) -> int:
    """Put the mails of a case on record that are not yet; return how many."""
    known = set(case.mails.values_list("notice", flat=True))
    made = [
        MailOnRecord(
            case=case, notice=one.pk, kind=one.kind, at=one.sent_at, subject=one.subject,
            recipient=name_of(one.recipient) if one.recipient else one.address,
        )
        for one in mails_of(case)
        if one.sent_at and one.pk not in known
    ]  # fmt: skip
    MailOnRecord.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)
