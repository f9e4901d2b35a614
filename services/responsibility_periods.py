"""Who was responsible for a service from when until when, as its rows tell. Pure."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from operator import attrgetter

from services.models import Responsibility

_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Days on which the same partner is responsible on the same decision; `last` is None for on and on.

    `row` is the one that the period began with: it says who wrote it down, and when.
    """

    row: Responsibility
    first: datetime.date
    last: datetime.date | None


def periods(rows: Iterable[Responsibility]) -> list[Period]:
    """Return the periods that a service's rows tell of, in order.

    Of two rows with the same first day the later one counts; one that says again what holds already,
    as undoing does, begins nothing.
    """
    of_day = {row.starts_on: row for row in sorted(rows, key=attrgetter("starts_on", "pk"))}
    begun: list[Responsibility] = []
    for row in of_day.values():
        if not begun or _what(row) != _what(begun[-1]):
            begun.append(row)
    ends: list[datetime.date | None] = [row.starts_on - _DAY for row in begun[1:]]
    return [Period(row, row.starts_on, last) for row, last in zip_longest(begun, ends)]


def _what(row: Responsibility) -> tuple[int, str, str]:
    return row.partner_id, row.basis, row.decision


def of_day(found: Sequence[Period], day: datetime.date) -> Period | None:
    """Return the period that a day lies in; None before the first."""
    return next((one for one in reversed(found) if one.first <= day), None)
