"""Sanctions on handing over knowledge: the first remark is free (docs/rules.md section 6).

Pure: a partner's handovers come in, its breaches and sanctions go out.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from orgs.terms import Terms
from orgs.terms_by_day import TermsByDay
from workflow.deadlines import moved

_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Handover:
    """Knowledge to hand over by a day; `excused` by a reason that the partner could not influence.

    `since` is the day of the change that asked for it, where it is known: its terms are that day's.
    """

    due: datetime.date
    done: datetime.date | None = None
    excused: bool = False
    since: datetime.date | None = None


@dataclass(frozen=True)
class Breach:
    """A handover that was not done in time: the day of its remark and, from the second on, its sanction."""

    on: datetime.date
    number: int
    sanction: Decimal | None


def breached_on(handover: Handover, terms: Terms) -> datetime.date | None:
    """Return the day after its due date if it was not done by then; None if it was, or is excused.

    A due date moves to a working day where the agreement has it so.
    """
    due = moved(handover.due, terms)
    in_time = handover.done is not None and handover.done <= due
    return None if in_time or handover.excused else due + _DAY


def breaches(
    handovers: Iterable[Handover], agreed: TermsByDay, *, until: datetime.date = datetime.date.max
) -> list[Breach]:
    """Return a partner's breaches in the agreement up to `until`, in order, numbered from 1.

    The first remarks carry no sanction, as many as the terms of a breach's day say; each later one does.
    """
    found = (breached_on(one, agreed.on(one.since or one.due)) for one in handovers)
    days = sorted(day for day in found if day and day <= until)
    return [Breach(day, number, _sanction(number, agreed.on(day))) for number, day in enumerate(days, 1)]


def _sanction(number: int, terms: Terms) -> Decimal | None:
    return terms.handover_sanction if number > terms.handover_free_remarks else None
