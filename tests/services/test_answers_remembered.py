"""What a process remembers of requests is bounded in bytes, all of it together."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.answers.remembered import Budget, Remembered


@given(st.lists(st.tuples(st.integers(0, 2), st.text(max_size=30)), max_size=200))
def test_the_sum_of_all_memories_stays_within_the_budget(kept: list[tuple[int, str]]) -> None:
    budget = Budget(5_000)
    memories: list[Remembered[str, str]] = [budget.memory() for _three in range(3)]
    for number, text in kept:
        memories[number].keep(text, text, 2 * len(text))
        assert memories[number][text] == text
        assert budget.used <= budget.most
        assert sum(len(one) for one in memories) * 400 <= budget.used


@pytest.mark.parametrize("letter", ["a", "ä", "\U0001f600"])
@pytest.mark.parametrize("length", [10, 600])
def test_a_budget_is_what_it_really_takes_at_most(letter: str, length: int) -> None:
    """Measured: as many made-up queries as anyone likes, and the memory that Python really took for them."""
    budget = Budget(2_000_000)
    memory: Remembered[tuple[str, tuple[str, ...]], tuple[str]] = budget.memory()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        most = 0
        for number in range(6_000):
            raw = f"{number}{letter * length}"
            memory.keep((raw, ("q",)), (f"q={raw}",), 2 * len(raw))
            most = max(most, tracemalloc.get_traced_memory()[0] - before)
    finally:
        tracemalloc.stop()
    assert most < 2_200_000


def test_the_same_thing_again_costs_nothing() -> None:
    budget = Budget(2_000)
    memory: Remembered[str, int] = budget.memory()
    for number in range(100):
        memory.keep("sama", number, 4)
    assert memory == {"sama": 99}
    assert budget.used < 1_000
