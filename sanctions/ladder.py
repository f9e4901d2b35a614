"""The ladder of a breach of content: remarks with their terms, then a sanction (docs/rules.md section 6).

Pure: days come in, steps go out. A day is a Europe/Helsinki calendar date.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from orgs.terms import Terms
from workflow.deadlines import months_later, moved

_DAY = datetime.timedelta(days=1)
LAST = 3  # remarks


@dataclass(frozen=True)
class Remark:
    """A remark: its number from 1 to 3, its day, and the last day to put things right; the third has none."""

    level: int
    on: datetime.date
    put_right_by: datetime.date | None


@dataclass(frozen=True)
class Sanction:
    """What the third remark carries, in euros."""

    on: datetime.date
    amount: Decimal


def remark(level: int, on: datetime.date, terms: Terms) -> Remark:
    """Return a remark of a level given on a day, with its term.

    A month after the first, a week after the second; the last day of a term moves to a working day
    where the agreement has it so. Source: docs/rules.md sections 5 and 6.
    """
    if level == 1:
        return Remark(level, on, moved(months_later(on, terms.first_remark_months), terms))
    if level == LAST:
        return Remark(level, on, None)
    return Remark(level, on, moved(on + terms.second_remark_days * _DAY, terms))


def following(last: Remark | None, ground: datetime.date, terms: Terms) -> Remark | None:
    """Return the remark that comes after `last` if nothing is put right; None after the third.

    The first is due on the day of the ground, each later one on the day after a term ran out.
    """
    if last is None:
        return remark(1, ground, terms)
    if last.put_right_by is None:
        return None
    return remark(last.level + 1, last.put_right_by + _DAY, terms)


def climbed(
    ground: datetime.date,
    terms: Terms,
    *,
    put_right: datetime.date | None = None,
    until: datetime.date = datetime.date.max,
) -> list[Remark]:
    """Return the remarks of a breach in order, each given on its day, up to `until`.

    `ground` is the day from which it is a breach. What is put right by the last day of a term, that
    day included, ends the ladder; before the ground there is none.
    """
    found: list[Remark] = []
    if put_right is not None and put_right < ground:
        return found
    step = following(None, ground, terms)
    while step is not None and step.on <= until and (put_right is None or put_right >= step.on):
        found.append(step)
        step = following(step, ground, terms)
    return found


def sanction_of(remarks: list[Remark], terms: Terms) -> Sanction | None:
    """Return the sanction that the third remark carries; None before it."""
    last = next((one for one in remarks if one.level == LAST), None)
    return Sanction(last.on, terms.content_sanction) if last else None
