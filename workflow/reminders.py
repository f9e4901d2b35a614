"""Freshness of services: from when it is counted, and the steps that fall due.

What is due is found without locking anything; each step is taken under its service's lock, after
looking again.
"""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import DateField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest, TruncDate

from orgs import clock, ladders
from orgs.ladders import Step
from orgs.models import Notice, terms_on
from orgs.terms import Terms
from services.models import Service, ServiceVersion, WorkingCopy
from services.tracks import INTERNAL, PUBLIC, Track
from workflow import freshness, telling
from workflow.actions import lifecycle
from workflow.actions.steps import locked_service, open_run_of
from workflow.models import Confirmation, Event, Reminder, Run
from workflow.states import OPEN, RunState

Kind = Reminder.Kind
_LADDER = (Kind.FIRST, Kind.SECOND, Kind.OUTDATED)
_SHORTEST_MONTH = 28  # days
# A run that waits for the partner keeps what is published from becoming outdated (docs/rules.md section 9).
_IN_REVIEW = {"state": RunState.IN_REVIEW, "track": Track.PUBLIC}


def counted(services: "QuerySet[Service, Service]") -> "QuerySet[Any, Any]":
    """Annotate `counted_from`: the day of the last publication or confirmation, None before the first.

    A version that only carries instructions confirms nothing of the public text: no run of its own
    published it. What came in with a file has none either, and nobody's name.
    """
    versions = ServiceVersion.objects.filter(
        Q(runs__track=Track.PUBLIC) | Q(published_by=None), service=OuterRef("pk")
    ).order_by("-published_at")
    published = TruncDate(Subquery(versions.values("published_at")[:1]), tzinfo=clock.ZONE)
    confirmed = Confirmation.objects.filter(service=OuterRef("pk")).order_by("-on").values("on")[:1]
    # Of a day and nothing PostgreSQL's greatest is the day.
    return services.annotate(counted_from=Greatest(published, Subquery(confirmed), output_field=DateField()))


def counted_from(service: Service) -> datetime.date | None:
    """Return the day from which a service's freshness is counted."""
    found: datetime.date | None = counted(Service.objects.filter(pk=service.pk)).get().counted_from
    return found


def taken(service: Service, base: datetime.date) -> list[Step]:
    """Return the steps that were taken since a day from which freshness is counted, each on its real day."""
    rows = [row for row in service.reminders.all() if row.counted_from == base and row.kind in _LADDER]
    steps = [Step(row.kind, clock.day_of(row.sent_at)) for row in rows]
    return sorted(steps, key=lambda step: _LADDER.index(Kind(step.kind)))


def _due(service: Service, base: datetime.date, terms: Terms, today: datetime.date) -> Step | None:
    return ladders.due_step(base, taken(service, base), freshness.rungs_of(terms), today)


def due(terms: Terms, today: datetime.date) -> list[Service]:
    """Return the published services with a step to take today."""
    long_ago = today - datetime.timedelta(days=terms.confirm_days)
    published = Service.objects.filter(status=Service.Status.PUBLISHED)
    candidates = counted(published).filter(counted_from__lte=long_ago).order_by("pk")
    reviewed = Run.objects.filter(service=OuterRef("pk"), **_IN_REVIEW)
    return [
        service
        for service in candidates.annotate(reviewed=Exists(reviewed)).prefetch_related("reminders")
        if (step := _due(service, service.counted_from, terms, today))
        and not (step.kind == Kind.OUTDATED and service.reviewed)
    ]


@transaction.atomic
def remind(service: Service) -> Reminder | None:
    """Take the step of a published service that is due today; return its row."""
    service = locked_service(service)
    base, today = counted_from(service), clock.today()
    if service.status != Service.Status.PUBLISHED or base is None:
        return None
    terms = terms_on(today)
    step = _due(service, base, terms, today)
    if step is None:
        return None
    if step.kind == Kind.OUTDATED:
        if service.runs.filter(**_IN_REVIEW).exists():
            return None
        sent = lifecycle.outdate(service, by=None)
    else:
        steps = [*taken(service, base), Step(step.kind, today)]
        leaves = freshness.outdated_on(base, steps, terms, today)
        sent = telling.reminded(service, f"reminder_{step.kind}", leaves)
    return _row(service, Kind(step.kind), base, step.on, sent)


def untouched_since(service: Service) -> datetime.date | None:
    """Return the day on which anyone last did anything to the service, or it came here with a file."""
    event = service.events.order_by("-day").values_list("day", flat=True).first()
    written = clock.day_of(WorkingCopy.objects.get(service=service).changed_at)
    days = [day for day in (event, written, counted_from(service)) if day]
    return max(days, default=None)


def to_archive(terms: Terms, today: datetime.date) -> list[Service]:
    """Return the outdated services whose time may have run out: those untouched for the shortest months."""
    since = today - datetime.timedelta(days=_SHORTEST_MONTH * terms.archive_months)
    touched = Event.objects.filter(service=OuterRef("pk"), day__gt=since)
    written = WorkingCopy.objects.filter(service=OuterRef("pk"), changed_at__gt=clock.beginning_of(since))
    open_runs = Run.objects.filter(
        service=OuterRef("pk"), state__in=OPEN, track__in=(Track.PUBLIC, Track.INTERNAL)
    )
    outdated = Service.objects.filter(status=Service.Status.OUTDATED).order_by("pk")
    candidates = outdated.filter(~Exists(touched), ~Exists(written), ~Exists(open_runs))
    return [one for one in candidates if _archived_on(one, terms, today) is not None]


def _archived_on(service: Service, terms: Terms, today: datetime.date) -> datetime.date | None:
    base = untouched_since(service)
    on = freshness.archived_on(base, terms) if base else None
    return on if on and on <= today else None


@transaction.atomic
def archive_untouched(service: Service) -> Reminder | None:
    """Archive an outdated service that nobody has touched for the agreed time, unless a run is open."""
    service = locked_service(service)
    base, today = untouched_since(service), clock.today()
    due = _archived_on(service, terms_on(today), today)
    has_drafts = any(open_run_of(service, part) for part in (PUBLIC, INTERNAL))
    if service.status != Service.Status.OUTDATED or base is None or due is None or has_drafts:
        return None
    return _row(service, Kind.ARCHIVED, base, due, lifecycle.archive(service, by=None))


def _row(
    service: Service, kind: Reminder.Kind, base: datetime.date, due: datetime.date, sent: list[Notice]
) -> Reminder:
    row = Reminder.objects.create(
        service=service, kind=kind, counted_from=base, due_on=due, sent_at=clock.now()
    )
    row.notices.set(sent)
    return row
