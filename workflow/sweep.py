"""Everything that is due: what Celery beat runs every hour and `manage.py sweep` by hand.

Each thing is done in a transaction of its own, under its service's lock, after looking again
whether it is still due. So two sweeps at once, or one after a gap of days, leave the rows, with the
dates, that one sweep a day would have left. Only publishing at a set time is dated when it is
really done: that is when the content became public.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import TruncDate

from orgs import accounts, clock
from orgs.models import NoAgreement, terms_on
from services.models import Service
from services.publishing import PublicationRefused
from workflow import deadlines, reminders, run_clock, telling
from workflow.actions import reviewing
from workflow.actions.steps import Refused, locked_service
from workflow.events import Kind, record
from workflow.models import Run
from workflow.states import CLOCKED, OPEN

# "Due soon" is told this many days before the due date (the issue of the pipeline, "Notices").
DUE_SOON_DAYS = 3
_logger = structlog.get_logger(__name__)


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


_above: dict[str, Callable[[], list[str]]] = {}


def register(name: str, step: Callable[[], list[str]]) -> None:
    """Add what falls due in a room above: `step` does it after the pipeline's own, and tells what it did."""
    _above[name] = step


def sweep() -> Swept:
    """Do everything that is due today."""
    swept = Swept()
    try:
        terms_on(clock.today())
    except NoAgreement:
        return swept
    for step in (_publish_scheduled, _tell_due_soon, _flag, _remind, _archive):
        step(swept)
    swept.accounts = accounts.sweep()
    swept.above = {name: done for name, step in _above.items() if (done := step())}
    return swept


def _publish_scheduled(swept: Swept) -> None:
    """Publish what was approved for a time that has come, in the approver's name."""
    due = Run.objects.filter(state__in=OPEN, publish_at__lte=clock.now()).order_by("publish_at", "pk")
    for run in due.select_related("service", "approved_by"):
        try:
            with transaction.atomic():
                fresh = _locked(run)
                if fresh.publish_at is None or fresh.approved_by is None or fresh.publish_at > clock.now():
                    continue
                reviewing.publish(fresh, by=fresh.approved_by, revision=fresh.approved_revision or 0)
        except (Refused, PublicationRefused, PermissionDenied) as error:
            _give_up_publishing(run, str(error))
            swept.not_published.append(run.service.external_id)
        else:
            swept.published.append(run.service.external_id)


@transaction.atomic
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


def _tell_due_soon(swept: Swept) -> None:
    """Tell once for each due date that it is near; a date that has passed already is the next step's."""
    today = clock.today()
    near = Run.objects.filter(state__in=CLOCKED, due_on__lte=today + datetime.timedelta(days=DUE_SOON_DAYS))
    for run in near.exclude(due_soon_told_for=F("due_on")).select_related("service"):
        with transaction.atomic():
            fresh = _locked(run)
            due = fresh.due_on
            if due is None or fresh.due_soon_told_for == due or not fresh.is_open:
                continue
            fresh.due_soon_told_for = due
            fresh.save(update_fields=["due_soon_told_for"])
            if due >= today:
                telling.due_soon(fresh, due)
                swept.due_soon.append(fresh.service.external_id)


def _flag(swept: Swept) -> None:
    swept.overdue += flag_overdue()


def flag_overdue() -> list[str]:
    """Flag each run that is or was past its due date, once, as of the day after it (section 5).

    Return the identifiers of the services of those that were flagged now.
    """
    flagged = []
    today = clock.today()
    closed_late = Q(closed_day__gt=F("due_on"))
    late = (
        Run.objects.annotate(closed_day=TruncDate("closed_at", tzinfo=clock.ZONE))
        .filter(Q(state__in=OPEN) | closed_late, overdue_from=None, due_on__lt=today)
        .select_related("service")
    )
    for run in late:
        with transaction.atomic():
            fresh = _locked(run)
            if fresh.is_open:
                run_clock.refresh(fresh)
            if fresh.overdue_from is not None or not deadlines.is_overdue(fresh.due_on, today):
                continue
            assert fresh.due_on is not None
            fresh.overdue_from = fresh.due_on + datetime.timedelta(days=1)
            fresh.save(update_fields=["overdue_from"])
            if fresh.events.filter(kind=Kind.OVERDUE).exists():
                continue  # it was told once; an accepted reason undid it for a while
            record(
                Kind.OVERDUE, fresh.service, run=fresh, by=None,
                day=fresh.overdue_from, due=fresh.due_on.isoformat(),
            )  # fmt: skip
            if fresh.is_open:
                telling.overdue(fresh, fresh.due_on)
            flagged.append(fresh.service.external_id)
    return flagged


def _remind(swept: Swept) -> None:
    for service in _services(Service.Status.PUBLISHED):
        rows = reminders.remind(service)
        swept.reminded += [f"{service.external_id} ({row.kind})" for row in rows]


def _archive(swept: Swept) -> None:
    for service in _services(Service.Status.OUTDATED):
        if reminders.archive_untouched(service):
            swept.archived.append(service.external_id)


def _services(status: Service.Status) -> list[Service]:
    return list(Service.objects.filter(status=status).order_by("pk"))
