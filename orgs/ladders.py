"""Ladders: steps that follow one another, each on its day, until somebody acts. Pure.

A step counts from the day on which the one before it was really taken, and at most one is taken a day:
neither jobs that stood still nor content or accounts that come from elsewhere go to the end of a ladder
at once. Source: docs/rules.md section 9. Ladders: unused accounts, content that nobody confirms.
"""

import datetime
from collections.abc import Callable, Sequence
from typing import NamedTuple


class Step(NamedTuple):
    """A step that was taken, or is to come, and its day."""

    kind: str
    on: datetime.date


class Rung(NamedTuple):
    """A step of a ladder, and how its day follows from that of the one before."""

    kind: str
    after: Callable[[datetime.date], datetime.date]


def days(count: int) -> Callable[[datetime.date], datetime.date]:
    """Return what adds a number of days."""
    return lambda day: day + datetime.timedelta(days=count)


def next_step(begins: datetime.date, taken: Sequence[Step], rungs: Sequence[Rung]) -> Step | None:
    """Return the step that comes next if nothing else happens; None at the end of the ladder.

    `begins` is the day from which the first counts, `taken` the steps of this ladder in order.
    """
    if not taken:
        return Step(rungs[0].kind, rungs[0].after(begins))
    last = taken[-1]
    place = [rung.kind for rung in rungs].index(last.kind) + 1
    return Step(rungs[place].kind, rungs[place].after(last.on)) if place < len(rungs) else None


def due_step(
    begins: datetime.date, taken: Sequence[Step], rungs: Sequence[Rung], today: datetime.date
) -> Step | None:
    """Return the step to take today; None where none is due or one was taken today already."""
    step = next_step(begins, taken, rungs)
    if step is None or step.on > today or (taken and taken[-1].on >= today):
        return None
    return step


def coming(
    begins: datetime.date, taken: Sequence[Step], rungs: Sequence[Rung], today: datetime.date
) -> dict[str, datetime.date]:
    """Return the days on which the steps to come are taken if nobody acts: from today on, one a day."""
    found: dict[str, datetime.date] = {}
    steps = list(taken)
    while step := next_step(begins, steps, rungs):
        earliest = today if not steps else max(today, steps[-1].on + datetime.timedelta(days=1))
        step = Step(step.kind, max(step.on, earliest))
        found[step.kind] = step.on
        steps.append(step)
    return found
