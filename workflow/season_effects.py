"""What setting or moving a season does, before it is done: which dates move, who is late no more."""

import datetime
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q

from orgs import clock
from orgs.navigation import Link
from workflow import run_clock
from workflow.models import HolidaySeason, Run
from workflow.states import CLOCKED

_DAY = datetime.timedelta(days=1)
Named = Callable[[Collection[Run]], Iterable[Link]]


@dataclass(frozen=True)
class Moved:
    """A run whose due date is another; None while an open pause keeps it from being known."""

    run: Run
    was: datetime.date | None
    becomes: datetime.date | None
    # The run was late, and is not with the date that it gets.
    undone: bool


def changes_past(before: HolidaySeason | None, after: HolidaySeason | None, today: datetime.date) -> bool:
    """Tell whether a change of a season's days reaches into days that are over: reckoned by them already."""
    return _over(before, today) != _over(after, today)


def _over(season: HolidaySeason | None, today: datetime.date) -> tuple[datetime.date, datetime.date] | None:
    """Return the first and the last day of a season that are over; None where it has none."""
    if season is None or season.first_day >= today:
        return None
    return season.first_day, min(season.last_day, today - _DAY)


def moved(before: HolidaySeason | None, after: HolidaySeason | None) -> list[Moved]:
    """Return the runs whose due date moves when `before` becomes `after`; either may be None."""
    seasons = list(HolidaySeason.objects.exclude(pk__in=[before.pk] if before else []))
    seasons += [after] if after else []
    return list(_moved(seasons))


def _moved(seasons: list[HolidaySeason]) -> Iterator[Moved]:
    today = clock.today()
    runs = Run.objects.filter(Q(state__in=CLOCKED) | run_clock.CLOSED_LATE).select_related("service")
    for run in runs.prefetch_related("pauses").order_by("due_on", "pk"):
        due = run_clock.reckoned(run, seasons).due
        undone = run_clock.is_undone(run, due, today)
        if undone or (run.is_open and due != run.due_on):
            yield Moved(run, run.due_on, due, undone)


_NAMED: dict[str, Named] = {}


def register(name: str, named: Named) -> None:
    """Have a room above name what it builds on the lateness of runs."""
    _NAMED[name] = named


def losing_their_ground(found: Iterable[Moved]) -> list[Link]:
    """Return what rests on the lateness of runs that are late no more."""
    runs = [one.run for one in found if one.undone]
    return [link for named in _NAMED.values() for link in named(runs)] if runs else []
