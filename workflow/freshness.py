"""When published content must be confirmed, and what follows: pure functions (docs/rules.md section 9)."""

import datetime
from collections.abc import Sequence

from orgs import ladders
from orgs.ladders import Rung, Step, days
from orgs.terms import Terms
from workflow.deadlines import months_later
from workflow.models import Reminder

Kind = Reminder.Kind


def rungs_of(terms: Terms) -> tuple[Rung, ...]:
    """Return the steps of a published service that nobody confirms.

    Counted from its last publication or confirmation: a reminder on day 120, a second 15 days after the
    first was sent, outdated 15 days after the second. Source: docs/rules.md section 9.
    """
    return (
        Rung(Kind.FIRST, days(terms.confirm_days)),
        Rung(Kind.SECOND, days(terms.second_reminder_days)),
        Rung(Kind.OUTDATED, days(terms.outdate_days)),
    )


def outdated_on(
    counted_from: datetime.date, taken: Sequence[Step], terms: Terms, today: datetime.date
) -> datetime.date:
    """Return the day on which a service leaves the public pages if nobody confirms it."""
    return ladders.coming(counted_from, taken, rungs_of(terms), today)[Kind.OUTDATED]


def archived_on(untouched_since: datetime.date, terms: Terms) -> datetime.date:
    """Return the day on which an outdated service that nobody touches is archived."""
    return months_later(untouched_since, terms.archive_months)
