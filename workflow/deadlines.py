"""When a publication run is due: pure functions over dates (docs/rules.md section 5, "How days are counted").

Dates are Europe/Helsinki calendar dates. Nothing here asks what day it is: the caller says.
"""

import calendar
import datetime
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from orgs.terms import Terms
from workflow.working_days import working_day_from

_DAY = datetime.timedelta(days=1)


class Span(NamedTuple):
    """Days that don't count: from the first up to, but not including, `until`; None while it is open."""

    first: datetime.date
    until: datetime.date | None

    def covers(self, day: datetime.date) -> bool:
        """Tell whether the clock stands still on the day."""
        return self.first <= day and (self.until is None or day < self.until)


def season(first: datetime.date, last: datetime.date) -> Span:
    """Return a holiday season: it covers its first and its last day and all between."""
    return Span(first, last + _DAY)


class Dates(NamedTuple):
    """A run's target and due date; None while an open pause keeps the date from being known."""

    target: datetime.date | None
    due: datetime.date | None


def reached(submitted: datetime.date, days: int, spans: Iterable[Span]) -> datetime.date | None:
    """Return the first day on which `days` days that no span covers have passed since submission.

    The day of submission is day 0 and never counts, and a day that several spans cover is left out
    once. None where an open span begins before that many days have passed.
    """
    stops = [span for span in spans if span.until is None or span.until > span.first]
    stands_still = min((span.first for span in stops if span.until is None), default=datetime.date.max)
    day, passed = submitted, 0
    while passed < days:
        day += _DAY
        if day >= stands_still:
            return None
        passed += not any(span.covers(day) for span in stops)
    return day


def dates_of(submitted: datetime.date, spans: Sequence[Span], terms: Terms, *, longer: bool) -> Dates:
    """Return the dates of a run submitted for review on a day.

    `longer` says that the service is new or its instructions need separate clarification. Due dates
    move to a working day where the agreement has it so; target dates never move.
    """
    target_days, due_days = (
        (terms.new_target_days, terms.new_due_days)
        if longer
        else (terms.update_target_days, terms.update_due_days)
    )
    due = reached(submitted, due_days, spans)
    return Dates(target=reached(submitted, target_days, spans), due=due and moved(due, terms))


def moved(day: datetime.date, terms: Terms) -> datetime.date:
    """Return the day on which something falls due: a working day, where the agreement has it so."""
    return working_day_from(day) if terms.due_on_working_days else day


def is_overdue(due: datetime.date | None, today: datetime.date) -> bool:
    """Tell whether a run that is neither published nor withdrawn is late: from the day after its due date."""
    return due is not None and today > due


def months_later(day: datetime.date, months: int) -> datetime.date:
    """Return the same day that many months later, or that month's last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def passed(submitted: datetime.date, spans: Iterable[Span], today: datetime.date) -> int:
    """Return how many days that no span covers have passed since submission, today included."""
    stops = list(spans)
    days = (submitted + _DAY * number for number in range(1, (today - submitted).days + 1))
    return sum(not any(span.covers(day) for span in stops) for day in days)
