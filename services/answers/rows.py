"""Answers in the database: what one process made, the others and those to come need not make again.

Reading one costs a single look-up on a connection of its own, without Django. The same statement tells
whether the answer is still right: it was made on this day, by this release, and no transaction that was
not seen then has changed anything that it shows. So nobody has to delete what is out of date, and
neither push nor memory has a part in being right.
"""

import datetime
import logging
import queue
from collections.abc import Callable, Mapping
from typing import Any

import psycopg

from services.answers.answer import Answer
from services.answers.keys import Key
from services.site.caching import Declared

_logger = logging.getLogger(__name__)

_READ = """
SELECT head, body, tags, parameters FROM services_keptanswer AS kept
WHERE address = %s AND day = %s AND NOT EXISTS (
  SELECT FROM services_publishedchange AS change
  WHERE change.xact >= pg_snapshot_xmin(kept.snapshot::pg_snapshot)::text::bigint
    AND NOT pg_visible_in_snapshot(change.xact::text::xid8, kept.snapshot::pg_snapshot)
    AND change.touches && kept.tags
)"""
_WRITE = """
INSERT INTO services_keptanswer (address, day, snapshot, tags, parameters, head, body)
SELECT %s, %s, %s, %s, %s, %s, %s
WHERE (SELECT reltuples FROM pg_class WHERE oid = 'services_keptanswer'::regclass) < %s
ON CONFLICT (address) DO UPDATE SET day = excluded.day, snapshot = excluded.snapshot, tags = excluded.tags,
  parameters = excluded.parameters, head = excluded.head, body = excluded.body"""
# More addresses than content has: whoever makes up hosts fills no disk.
_MOST = 1_000_000
_PATIENCE = 2  # seconds for a connection
_CONNECTIONS = 2  # in each process


class Rows:
    """The answers that processes of one `release` share.

    `connect` gives what psycopg needs to connect, `today` the day that pages are made for.
    """

    def __init__(
        self, release: str, *, connect: Callable[[], Mapping[str, Any]], today: Callable[[], datetime.date]
    ) -> None:
        self.read = 0
        self._release, self._connect, self._today = release, connect, today
        # At most so many are open; the one that was given back last is asked first.
        self._connections: queue.LifoQueue[psycopg.Connection[Any] | None] = queue.LifoQueue()
        for _ in range(_CONNECTIONS):
            self._connections.put(None)

    def get(self, key: Key) -> tuple[Answer, Declared] | None:
        """Return the answer and what its view declared, where there is one that is right.

        None as well while the database is away.
        """
        if not _has_row(key):
            return None
        row = self._ask(_READ, [self._address(key), self._today()], lambda cursor: cursor.fetchone())
        if row is None:
            return None
        self.read += 1
        head, body, tags, parameters = row
        headers = [(name, value) for name, _, value in (line.partition(": ") for line in head.split("\n"))]
        declared = Declared(tuple(parameters), frozenset(tags))
        return Answer(body, headers, declared.tags), declared

    def put(self, key: Key, answer: Answer, declared: Declared, snapshot: str) -> None:
        """Let others have an answer, which holds whatever `snapshot` sees."""
        if not _has_row(key):
            return
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers)
        values = [self._address(key), self._today(), snapshot, sorted(answer.tags), list(declared.parameters)]
        self._ask(_WRITE, [*values, head, answer.forms[""].body, _MOST], lambda cursor: cursor.rowcount)

    def _address(self, key: Key) -> str:
        return f"{self._release} {'https' if key.secure else 'http'}://{key.host}{key.path}"

    def _ask(self, statement: str, values: list[Any], read: Callable[[psycopg.Cursor[Any]], Any]) -> Any:
        """Ask on a connection that is free; on a new one, once, where that was lost."""
        try:
            connection = self._connections.get(timeout=_PATIENCE)
        except queue.Empty:
            return None
        try:
            for last in (False, True):
                try:
                    if connection is None or connection.closed:
                        connection = psycopg.connect(
                            **self._connect(), autocommit=True, connect_timeout=_PATIENCE
                        )
                    return read(connection.execute(statement, values, prepare=True, binary=True))
                except psycopg.Error as error:  # whatever it is: the page can be made
                    if connection is not None:
                        connection.close()
                    connection = None
                    if last:
                        _logger.warning("Kept answers can't be reached: %s", error)
            return None
        finally:
            self._connections.put(connection)


def _has_row(key: Key) -> bool:
    """Tell whether an answer is one of those that the content bounds: whole pages, without a query."""
    return not key.fragment and not key.query
