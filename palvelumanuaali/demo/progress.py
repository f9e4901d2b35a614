"""Lines that tell what the demo is doing."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

# The exit status of a step that failed and told why.
SAID_WHY = 3


def say(text: str) -> None:
    """Print `text`; a terminal that is gone is no reason to stop halfway."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError:
        pass


class Tenths:
    """Says within a step how far it is: once for each tenth of `total`."""

    def __init__(self, total: int) -> None:
        self._total, self._done = total, 0

    def one_more(self) -> None:
        """Count one, and say a tenth that is full."""
        before, self._done = self._done, self._done + 1
        if (tenth := 10 * self._done // self._total) > 10 * before // self._total:
            say(f"{10 * tenth} % ")


@contextmanager
def step(text: str, *, prints: bool = False) -> Iterator[None]:
    """Print what begins and the time it took; on a line of its own where it `prints` itself."""
    began = time.monotonic()
    say(f"· {text}\n" if prints else f"· {text} … ")
    try:
        yield
    except BaseException:
        if not prints:
            say("\n")
        raise
    if not prints:
        say(f"{time.monotonic() - began:.1f} s\n")
