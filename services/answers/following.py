"""Hearing of what changed: PostgreSQL tells at once, and is asked every second in any case.

The tables' triggers note each change in the transaction that makes it (`services.models.PublishedChange`)
and notify those who listen when it commits. A thread in each process that keeps answers listens, drops
what shows the change, and asks once a second for what it may have missed. While the database is away
nothing can change, so that what is kept stays right; once it is back, the thread catches up first.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable

from django.db import connection

from services.noted_changes import moment
from services.tags import ORGANISATION, VOCABULARY

CHANNEL = "published"
_ASK_EVERY = 1.0  # seconds
_logger = logging.getLogger(__name__)


class Follower:
    """Follows what changes, in a thread of its own.

    `drop` gets the tags of what changed, `forget` is called first where words did, `clear` where it can't
    be told what was missed.
    """

    def __init__(
        self,
        *,
        drop: Callable[[Iterable[str]], object],
        clear: Callable[[], object],
        forget: Callable[[], object],
    ) -> None:
        self._drop, self._clear, self._forget = drop, clear, forget
        # What is to be done beside, about once a second, as long as the database answers.
        self.beside: Callable[[], object] = lambda: None
        self._heard: str | None = None
        self._horizon: int | None = None
        self._seen: frozenset[int] = frozenset()
        self._seconds = 0.0  # of the database's clock at the last answer
        self._asked = 0.0  # when the database answered last (monotonic seconds)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self.follow, name="answers-follower", daemon=True)

    @property
    def heard(self) -> str | None:
        """Return the latest snapshot whose changes were all heard of (a pg_snapshot); None before any.

        Once it is there, every later change has been or will be heard of.
        """
        return self._heard

    @property
    def seconds_behind(self) -> float | None:
        """Return how long ago the database answered last; None before it did."""
        return time.monotonic() - self._asked if self._asked else None

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def stop(self) -> None:
        """Stop following, and wait for the thread to end."""
        self._stop.set()
        self._thread.join(timeout=5)

    def follow(self) -> None:
        """Follow until `stop`, whatever happens: what could not be told of is told at the next question."""
        while not self._stop.is_set():
            try:
                self._listen()
            except Exception:  # whatever it is: a thread that ended would leave old answers standing
                _logger.warning("Changes can't be followed; asking again in a second.", exc_info=True)
                connection.close()
                self._stop.wait(_ASK_EVERY)
        connection.close()

    def _listen(self) -> None:
        """Follow until the database goes away."""
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        while not self._stop.is_set():
            self.catch_up()
            self.beside()
            for _notice in connection.connection.notifies(timeout=_ASK_EVERY, stop_after=1):
                pass

    def catch_up(self) -> None:
        """Ask for the changes that may not have been seen yet, and drop what shows them."""
        now = moment(self._horizon)
        lost_track = self._horizon is not None and (
            now.xact < self._horizon or not now.follows(self._seconds)
        )
        new = (change for number, change in now.changes.items() if number not in self._seen)
        tags = {tag for change in new for tag in change.touches}
        if self._horizon is None or lost_track:
            self._forget()
            self._clear()
        elif tags:
            if not tags.isdisjoint((VOCABULARY, ORGANISATION)):
                self._forget()
            self._drop(tags)
        self._seen = now.may_come_again()
        self._horizon, self._heard = now.xact, now.snapshot
        self._seconds, self._asked = now.seconds, time.monotonic()
