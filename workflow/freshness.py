"""When published content must be confirmed, and what follows: pure functions (docs/rules.md section 9)."""

import datetime
from typing import NamedTuple

from orgs.terms import Terms
from workflow.deadlines import months_later


class Chain(NamedTuple):
    """The days on which a published service's next steps fall, if nobody confirms it."""

    first: datetime.date
    second: datetime.date
    outdated: datetime.date


def chain(counted_from: datetime.date, terms: Terms) -> Chain:
    """Return the days of the two reminders and of outdating, counted from the last confirmation.

    Source: docs/rules.md section 9: day 120, 15 days later, 15 days after that.
    """
    first = counted_from + datetime.timedelta(days=terms.confirm_days)
    second = first + datetime.timedelta(days=terms.second_reminder_days)
    return Chain(first, second, second + datetime.timedelta(days=terms.outdate_days))


def archived_on(untouched_since: datetime.date, terms: Terms) -> datetime.date:
    """Return the day on which an outdated service that nobody touches is archived."""
    return months_later(untouched_since, terms.archive_months)
