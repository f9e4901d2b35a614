"""How long tests that try many cases go on: short in `make test`, long in `make test-long`."""

import os

THOROUGH = os.environ.get("THOROUGH") == "true"


def rounds(thorough: int) -> int:
    """Return how often to try what a thorough run tries `thorough` times: a third, at least two."""
    return thorough if THOROUGH else max(2, thorough // 3)
