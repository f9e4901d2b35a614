"""Ladders: one step a day at most, each counted from the one before."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgs import ladders
from orgs.ladders import Rung, Step, days

BEGINS = datetime.date(2026, 1, 1)
RUNGS = (Rung("first", days(10)), Rung("second", days(3)), Rung("last", days(0)))


def on(day: int) -> datetime.date:
    """Return a day of January."""
    return datetime.date(2026, 1, day)


@pytest.mark.parametrize(
    ("taken", "today", "due"),
    [
        ([], 10, None),
        ([], 11, ("first", 11)),
        ([], 31, ("first", 11)),  # late, and still the first
        ([("first", 20)], 22, None),  # counted from when it was really taken
        ([("first", 20)], 23, ("second", 23)),
        ([("first", 20), ("second", 23)], 23, None),  # due at once, but one was taken today
        ([("first", 20), ("second", 23)], 24, ("last", 23)),
        ([("first", 20), ("second", 23), ("last", 24)], 31, None),
    ],
)
def test_the_step_of_a_day(taken: list[tuple[str, int]], today: int, due: tuple[str, int] | None) -> None:
    steps = [Step(kind, on(day)) for kind, day in taken]
    wanted = due and Step(due[0], on(due[1]))
    assert ladders.due_step(BEGINS, steps, RUNGS, on(today)) == wanted


@given(st.lists(st.integers(0, 5), min_size=1, max_size=6), st.lists(st.integers(0, 40), max_size=12))
def test_no_order_of_looking_takes_two_steps_on_one_day_or_one_before_its_day(
    lengths: list[int], looks: list[int]
) -> None:
    rungs = [Rung(str(number), days(length)) for number, length in enumerate(lengths)]
    taken: list[Step] = []
    for look in sorted([*looks, *looks]):
        today = BEGINS + datetime.timedelta(days=look)
        if step := ladders.due_step(BEGINS, taken, rungs, today):
            taken.append(Step(step.kind, today))
    dates = [step.on for step in taken]
    assert len(set(dates)) == len(dates)
    assert [step.kind for step in taken] == [str(number) for number in range(len(taken))]
    before = [BEGINS, *dates]
    assert all((day - last).days >= length for last, day, length in zip(before, dates, lengths, strict=False))
