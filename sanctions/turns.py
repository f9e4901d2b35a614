"""Whose turn it is to facilitate the next policy workshop, and on which day (docs/rules.md section 7).

Pure. A proposal: whoever plans may choose another partner or day.
"""

import datetime
from collections.abc import Callable, Sequence

_WEEK = 7  # days


def whose(partners: Sequence[int], earlier: Sequence[int]) -> int | None:
    """Return whose turn is next: who has facilitated longest ago, never before all; None without partners.

    `partners` in the order of first turns; `earlier` are the facilitators so far, oldest first.
    """
    newest = {partner: number for number, partner in enumerate(earlier)}
    return min(partners, key=lambda one: newest.get(one, -1), default=None)


def next_day(
    last: datetime.date | None,
    today: datetime.date,
    *,
    weekday: int,
    weeks: int,
    in_season: Callable[[datetime.date], bool],
) -> datetime.date:
    """Return the next day of a workshop, today at the earliest: every `weeks` weeks, in no holiday season.

    The rhythm goes on from the `last` one, also over a season; without one it begins on the first
    `weekday` (Monday is 1) from today on.
    """
    if last is None:
        day, step = today + datetime.timedelta(days=(weekday - today.isoweekday()) % _WEEK), _WEEK
    else:
        day, step = last + datetime.timedelta(weeks=weeks), weeks * _WEEK
    while day < today or in_season(day):
        day += datetime.timedelta(days=step)
    return day
