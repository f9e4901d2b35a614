"""Sanctions on handing over knowledge: the first remark is free (docs/rules.md section 6).

Pure: a partner's handovers come in, its breaches and sanctions go out.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from orgs.terms import Terms
from workflow.deadlines import moved

_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Handover:
    """Knowledge to hand over by a day; `excused` by a reason that the partner could not influence."""

    due: datetime.date
    done: datetime.date | None = None
    excused: bool = False


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
    handovers: Iterable[Handover], terms: Terms, *, until: datetime.date = datetime.date.max
) -> list[Breach]:
    """Return a partner's breaches in the agreement up to `until`, in order, numbered from 1.

    The first remarks carry no sanction, as many as the agreement says; each later one does.
    """
    days = sorted(day for one in handovers if (day := breached_on(one, terms)) and day <= until)
    return [
        Breach(day, number, terms.handover_sanction if number > terms.handover_free_remarks else None)
        for number, day in enumerate(days, start=1)
    ]
