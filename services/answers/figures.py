"""What each web process counted, for ICT: written to the database, since processes can't see each other."""

import datetime
import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

from orgs import clock
from services.answers.layer import PublicAnswers
from services.models import AnswerFigures

_EVERY = 10  # seconds
# Who has not written for so long has ended, or can't reach the database.
_ALIVE = datetime.timedelta(seconds=3 * _EVERY)


def writer(layer: PublicAnswers) -> Callable[[], None]:
    """Return what a process calls about once a second: it writes the layer's figures every ten."""
    started = clock.now()
    process = f"{socket.gethostname()[:150]} {os.getpid()} {started:%Y%m%d%H%M%S}"
    last = 0.0

    def write() -> None:
        nonlocal last
        if time.monotonic() - last < _EVERY:
            return
        last = time.monotonic()
        store, rows = layer.store, layer.rows
        read = rows.read if rows else 0
        AnswerFigures.objects.update_or_create(
            process=process,
            defaults={
                "started_at": started,
                "at": clock.now(),
                "hits": layer.hits,
                "unchanged": layer.unchanged,
                "read": read,
                "made": layer.made,
                # Signed-in people's, and what no view declares public.
                "passed": layer.passed + layer.misses - layer.made - read,
                "entries": len(store),
                "bytes": store.bytes,
                "capacity": store.capacity,
                "evicted": store.evicted,
                "dropped": store.dropped,
            },
        )

    return write


@dataclass(frozen=True)
class Sums:
    """What all living processes did, and what share of the public pages was answered how, in per cent."""

    hits: int
    read: int
    made: int

    @property
    def asked(self) -> int:
        """Return how many public pages were asked for."""
        return self.hits + self.read + self.made

    @property
    def from_memory(self) -> float:
        """Return the share answered from memory."""
        return _share(self.hits, self.asked)

    @property
    def without_django(self) -> float:
        """Return the share that was not made anew."""
        return _share(self.hits + self.read, self.asked)


def _share(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def living() -> list[AnswerFigures]:
    """Return the figures of the processes that serve now, the oldest first."""
    now = clock.now()
    return list(AnswerFigures.objects.filter(at__gt=now - _ALIVE).order_by("started_at", "process"))


def sums(processes: list[AnswerFigures]) -> Sums:
    """Return what the processes did together."""
    return Sums(*(sum(getattr(one, name) for one in processes) for name in ("hits", "read", "made")))


def clear_ended() -> None:
    """Delete the figures of processes that ended."""
    AnswerFigures.objects.filter(at__lte=clock.now() - _ALIVE).delete()
