"""How long tests that try many cases go on: short in `make test`, long in `make test-long`."""

import os
from collections.abc import Iterable
from typing import TypeVar

Thing = TypeVar("Thing")
THOROUGH = os.environ.get("THOROUGH") == "true"


def rounds(thorough: int) -> int:
    """Return how often to try what a thorough run tries `thorough` times: a third, at least two."""
    return thorough if THOROUGH else max(2, thorough // 3)


def some(ones: Iterable[Thing]) -> list[Thing]:
    """Return a third of things that are alike, all in a thorough run."""
    return list(ones)[:: 1 if THOROUGH else 3]
