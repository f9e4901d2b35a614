"""A run's clock: its spans and dates, read from the database and reckoned by `workflow.deadlines`."""

import datetime
from collections.abc import Iterable

from django.db.models import Q

from orgs import clock
from orgs.models import terms_on
from workflow import deadlines
from workflow.deadlines import Dates, Span
from workflow.events import Kind, record
from workflow.models import HolidaySeason, Run
from workflow.states import CLOCKED

# Runs that were late when they were published or withdrawn.
CLOSED_LATE = Q(overdue_from__isnull=False, closed_at__isnull=False)


def spans_of(run: Run, seasons: Iterable[HolidaySeason] | None = None) -> list[Span]:
    """Return the days on which the run's clock stands still: its pauses that count, and the seasons.

    Who asks for many runs gives the `seasons`, read once.
    """
    pauses = [Span(pause.first_day, pause.until) for pause in run.pauses.all() if pause.accepted]
    held = HolidaySeason.objects.all() if seasons is None else seasons
    return pauses + [deadlines.season(one.first_day, one.last_day) for one in held]


def reckoned(run: Run, seasons: Iterable[HolidaySeason] | None = None) -> Dates:
    """Return the dates of a run in review or waiting; none before submission.

    The terms are those of the agreement in force on the day of submission (docs/rules.md section 5).
    """
    if run.submitted_at is None:
        return Dates(None, None)
    submitted = clock.day_of(run.submitted_at)
    longer = run.longer or run.kind == run.Kind.NEW
    return deadlines.dates_of(submitted, spans_of(run, seasons), terms_on(submitted), longer=longer)


def is_undone(run: Run, due: datetime.date | None, today: datetime.date) -> bool:
    """Tell whether a run that was late is not with another due date: that is today or later, or not known.

    Of a run that is closed the day on which it was takes the place of today. Source: docs/rules.md section 5.
    """
    if run.overdue_from is None:
        return False
    day = clock.day_of(run.closed_at) if run.closed_at else today
    # While a pause is open that began before the due date there is none: it is still to come.
    return due is None or due >= day


def refresh(run: Run) -> None:
    """Keep on the run the dates that its pauses and the seasons give; the caller holds its lock.

    A justified reason that was recorded afterwards undoes "overdue" where it moves the due date to
    today or later. Source: docs/rules.md section 5.
    """
    dates = reckoned(run)
    undone = is_undone(run, dates.due, clock.today())
    if (run.target_on, run.due_on) != dates:
        run.target_on, run.due_on = dates
        run.save(update_fields=["target_on", "due_on"])
    if undone:
        run.overdue_from = None
        run.save(update_fields=["overdue_from"])
        record(Kind.OVERDUE_UNDONE, run.service, run=run, by=None, due=dates.due and dates.due.isoformat())


def refresh_open() -> None:
    """Reckon every run on its way anew: a season was set, moved or taken away."""
    for run in Run.objects.select_for_update().filter(state__in=CLOCKED).order_by("pk"):
        refresh(run)


def refresh_late() -> None:
    """Reckon the runs anew that were late when they were closed; those that were in time stay so."""
    for run in Run.objects.select_for_update().filter(CLOSED_LATE).order_by("pk"):
        if is_undone(run, reckoned(run).due, clock.today()):
            refresh(run)


def is_overdue(run: Run) -> bool:
    """Tell whether the run is late today."""
    return run.is_open and deadlines.is_overdue(run.due_on, clock.today())
