"""Freshness of single services: from when it is counted, and the steps that fall due."""

import datetime

from django.db import transaction
from django.db.models import Max, Q

from orgs import clock
from orgs.models import Notice, terms_on
from services.models import Service, WorkingCopy
from workflow import freshness, telling
from workflow.actions import lifecycle
from workflow.actions.steps import locked_service, open_run_of
from workflow.models import Reminder

Kind = Reminder.Kind


def counted_from(service: Service) -> datetime.date | None:
    """Return the day of the last publication or confirmation; None before the first.

    A version that only carries a municipality's own instructions confirms nothing: it has no run.
    What came in with a file has none either, and nobody's name.
    """
    published = service.versions.filter(Q(run__isnull=False) | Q(published_by=None)).aggregate(
        at=Max("published_at")
    )["at"]
    confirmed: datetime.date | None = service.confirmations.aggregate(on=Max("on"))["on"]
    days = [day for day in (published and clock.day_of(published), confirmed) if day]
    return max(days, default=None)


def untouched_since(service: Service) -> datetime.date | None:
    """Return the day on which anyone last did anything to the service."""
    event = service.events.aggregate(day=Max("day"))["day"]
    written = WorkingCopy.objects.filter(service=service, changed_by__isnull=False).first()
    edited = written and clock.day_of(written.changed_at)
    days = [day for day in (event, edited, counted_from(service)) if day]
    return max(days, default=None)


@transaction.atomic
def remind(service: Service) -> list[Reminder]:
    """Take the steps of a published service that have fallen due, each once; return their rows."""
    service = locked_service(service)
    base = counted_from(service)
    if service.status != Service.Status.PUBLISHED or base is None:
        return []
    today = clock.today()
    days = freshness.chain(base, terms_on(today))
    made = []
    for kind, due in ((Kind.FIRST, days.first), (Kind.SECOND, days.second), (Kind.OUTDATED, days.outdated)):
        if due > today or service.reminders.filter(kind=kind, counted_from=base).exists():
            continue
        if kind == Kind.OUTDATED:
            sent = lifecycle.outdate(service, by=None, day=due)
        else:
            sent = telling.reminded(service, f"reminder_{kind.value}", days.outdated)
        made.append(_row(service, kind, base, due, sent))
    return made


@transaction.atomic
def archive_untouched(service: Service) -> list[Reminder]:
    """Archive an outdated service that nobody has touched for the agreed time, unless a run is open."""
    service = locked_service(service)
    base = untouched_since(service)
    if service.status != Service.Status.OUTDATED or base is None or open_run_of(service):
        return []
    today = clock.today()
    due = freshness.archived_on(base, terms_on(today))
    if due > today:
        return []
    sent = lifecycle.archive(service, by=None, day=due)
    return [_row(service, Kind.ARCHIVED, base, due, sent)]


def _row(
    service: Service, kind: Reminder.Kind, base: datetime.date, due: datetime.date, sent: list[Notice]
) -> Reminder:
    row = Reminder.objects.create(
        service=service, kind=kind, counted_from=base, due_on=due, sent_at=clock.now()
    )
    row.notices.set(sent)
    return row
