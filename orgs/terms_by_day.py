"""The terms of each day: a change holds from its day on and never reaches back. Pure.

What happened keeps the terms of the day of its ground (docs/rules.md section 6): a run of its submission,
a breach of the day from which it is one, an absence of its meeting.
"""

import datetime
from bisect import bisect_right
from dataclasses import dataclass

from orgs.terms import Terms


@dataclass(frozen=True)
class TermsByDay:
    """Terms, each with its first day; in order of the days, at least one."""

    rows: tuple[tuple[datetime.date, Terms], ...]

    @classmethod
    def always(cls, terms: Terms) -> "TermsByDay":
        """Return terms that never change."""
        return cls(((datetime.date.min, terms),))

    def on(self, day: datetime.date) -> Terms:
        """Return the terms of a day; before the first day, the first."""
        place = bisect_right(self.rows, day, key=lambda row: row[0])
        return self.rows[max(place - 1, 0)][1]
