"""Everything that is due: what Celery beat runs every hour and `manage.py sweep` by hand.

What is due is found first, without locking anything. Each thing is then done in a transaction of its
own, under its service's lock, after looking again whether it is still due; one that fails is noted and
the others go on (`orgs.jobs`). So two sweeps at once, or one after a gap of days, leave the rows, with
the dates, that one sweep a day would have left. Two things are dated when they are really done:
publishing at a set time, since that is when the content became public, and the steps of a ladder, whose
next step counts from there (`orgs.ladders`).
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import TruncDate

from orgs import accounts, brakes, clock, jobs
from orgs.models import NoAgreement, terms_on
from orgs.refused import Refused
from services.models import Service
from workflow import deadlines, reminders, run_clock, telling
from workflow.actions import reviewing
from workflow.actions.steps import locked_service
from workflow.events import Kind, record
from workflow.models import Run
from workflow.states import CLOCKED, OPEN

# "Due soon" is told this many days before the due date (the issue of the pipeline, "Notices").
DUE_SOON_DAYS = 3


@dataclass
class Swept:
    """What a sweep did, by kind of thing: the identifiers of the services, or a count."""

    overdue: list[str] = field(default_factory=list)
    due_soon: list[str] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    not_published: list[str] = field(default_factory=list)
    reminded: list[str] = field(default_factory=list)
    archived: list[str] = field(default_factory=list)
    accounts: int = 0
    # What the rooms above did, by the names under which they registered.
    above: dict[str, list[str]] = field(default_factory=dict)
    # What could not be done, and why.
    failed: list[str] = field(default_factory=list)


_above: dict[str, Callable[[], list[str]]] = {}


def register(name: str, step: Callable[[], list[str]]) -> None:
    """Add what falls due in a room above: `step` does it after the pipeline's own, and tells what it did."""
    _above[name] = step


def sweep() -> Swept:
    """Do everything that is due today."""
    swept, today = Swept(), clock.today()
    try:
        terms = terms_on(today)
    except NoAgreement:
        return swept
    with jobs.collecting() as failures:
        swept.published, swept.not_published = _publish_scheduled()
        swept.due_soon = brakes.each("due soon", _near(today), _tell_due_soon)
        swept.overdue = flag_overdue()
        swept.reminded = brakes.each("freshness", reminders.due(terms, today), _remind)
        swept.archived = brakes.each("archive", reminders.to_archive(terms, today), _archive)
        swept.accounts = accounts.sweep()
        for name, step in _above.items():
            with jobs.noting("room", name):
                if done := step():
                    swept.above[name] = done
    swept.failed = [f"{one.step}: {one.thing} ({one.error})" for one in failures]
    return swept


def _publish_scheduled() -> tuple[list[str], list[str]]:
    """Publish what was approved for a time that has come; return the services, and those refused."""
    due = Run.objects.filter(state__in=OPEN, publish_at__lte=clock.now()).order_by("publish_at", "pk")
    done = jobs.each("publish", due.select_related("service"), _publish)
    return [name for name, public in done if public], [name for name, public in done if not public]


def _publish(run: Run) -> tuple[str, bool] | None:
    """Publish a run in its approver's name, or take its time away and tell why; None where it has none."""
    name = run.service.external_id
    try:
        with transaction.atomic():
            fresh = _locked(run)
            if fresh.publish_at is None or fresh.approved_by is None or fresh.publish_at > clock.now():
                return None
            reviewing.publish(fresh, by=fresh.approved_by, revision=fresh.approved_revision or 0)
    except (Refused, PermissionDenied) as error:
        _give_up_publishing(run, str(error))
        return name, False
    return name, True


def _give_up_publishing(run: Run, why: str) -> None:
    fresh = _locked(run)
    approver = fresh.approved_by
    if approver is None:
        return
    fresh.publish_at = fresh.approved_by = fresh.approved_revision = None
    fresh.save()
    record(Kind.UNSCHEDULED, fresh.service, run=fresh, by=None, why=why)
    telling.unscheduled(fresh, approver, by=None)


def _locked(run: Run) -> Run:
    service = locked_service(run.service)
    fresh = Run.objects.select_for_update(of=("self",)).select_related("approved_by").get(pk=run.pk)
    fresh.service = service
    return fresh


def _near(today: datetime.date) -> list[Run]:
    """Return the runs whose due date is near, or has passed, and was not told of."""
    near = Run.objects.filter(state__in=CLOCKED, due_on__lte=today + datetime.timedelta(days=DUE_SOON_DAYS))
    return list(
        near.exclude(due_soon_told_for=F("due_on")).select_related("service").order_by("due_on", "pk")
    )


def _tell_due_soon(run: Run) -> str | None:
    """Tell once for each due date that it is near; a date that has passed already is the next step's."""
    fresh, today = _locked(run), clock.today()
    due = fresh.due_on
    if fresh.state not in CLOCKED or due is None or fresh.due_soon_told_for == due:
        return None
    fresh.due_soon_told_for = due
    fresh.save(update_fields=["due_soon_told_for"])
    if due < today:
        return None
    telling.due_soon(fresh, due)
    return fresh.service.external_id


def flag_overdue() -> list[str]:
    """Flag each run that is or was past its due date, once, as of the day after it (section 5).

    Return the identifiers of the services of those that were flagged now.
    """
    closed_late = Q(closed_day__gt=F("due_on"))
    late = (
        Run.objects.annotate(closed_day=TruncDate("closed_at", tzinfo=clock.ZONE))
        .filter(Q(state__in=OPEN) | closed_late, overdue_from=None, due_on__lt=clock.today())
        .select_related("service")
        .order_by("due_on", "pk")
    )
    return brakes.each("overdue", late, _flag)


def _flag(run: Run) -> str | None:
    fresh, today = _locked(run), clock.today()
    if fresh.is_open:
        run_clock.refresh(fresh)
    if fresh.overdue_from is not None or not deadlines.is_overdue(fresh.due_on, today):
        return None
    assert fresh.due_on is not None
    fresh.overdue_from = fresh.due_on + datetime.timedelta(days=1)
    fresh.save(update_fields=["overdue_from"])
    if fresh.events.filter(kind=Kind.OVERDUE).exists():
        return None  # it was told once; an accepted reason undid it for a while
    record(
        Kind.OVERDUE, fresh.service, run=fresh, by=None,
        day=fresh.overdue_from, due=fresh.due_on.isoformat(),
    )  # fmt: skip
    if fresh.is_open:
        telling.overdue(fresh, fresh.due_on)
    return fresh.service.external_id


def _remind(service: Service) -> str | None:
    row = reminders.remind(service)
    return f"{service.external_id} ({row.kind})" if row else None


def _archive(service: Service) -> str | None:
    return service.external_id if reminders.archive_untouched(service) else None
