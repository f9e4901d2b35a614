"""Which changes of what is published a process has not seen yet: asked of PostgreSQL.

Triggers note each change with its transaction (`services.models.PublishedChange`). Whoever follows asks
from the lowest transaction that was not over at the last time, so that one which began first and ended
last is not missed, and passes over what it has seen already.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import connection

from orgs import clock
from services.models import PublishedChange

# For how long changes are kept: whoever did not ask for half of that time reads everything.
KEPT = datetime.timedelta(days=2)

_NOW = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
_ASK = (
    f"SELECT pg_current_snapshot()::text, {_NOW}, extract(epoch FROM clock_timestamp())::float,"  # noqa: S608
    " id, record, xact, touches FROM (VALUES (1)) AS one LEFT JOIN services_publishedchange"
    f" ON xact >= COALESCE(%s, {_NOW}) AND kind = COALESCE(%s, kind)"
)


class Change(NamedTuple):
    """A change: of which record, by which transaction, and the tags of what shows it."""

    record: int
    xact: int
    touches: list[str]


@dataclass(frozen=True)
class Moment:
    """What the database says now.

    `snapshot` is how PostgreSQL names what it sees; every transaction below `xact` is in it. `seconds`
    is the time by the database's clock (Unix time), `changes` are those asked for, by their numbers.
    """

    snapshot: str
    xact: int
    seconds: float
    changes: Mapping[int, Change] = field(default_factory=dict)

    def may_come_again(self) -> frozenset[int]:
        """Return the numbers of the changes that the next question will have among its answers."""
        return frozenset(number for number, change in self.changes.items() if change.xact >= self.xact)

    def follows(self, seconds: float) -> bool:
        """Tell whether none of the changes since `seconds` can have been cleared away."""
        return self.seconds - seconds <= KEPT.total_seconds() / 2


def moment(since: int | None, kind: str | None = None) -> Moment:
    """Ask what changed from the transaction `since` on (None: in those under way), of one kind or of all."""
    with connection.cursor() as cursor:
        cursor.execute(_ASK, [since, kind])
        rows = cursor.fetchall()
    snapshot, xact, seconds = rows[0][:3]
    changes = {row[3]: Change(*row[4:]) for row in rows if row[3] is not None}
    return Moment(snapshot, xact, seconds, changes)


def clear() -> None:
    """Delete the changes that are older than whoever still follows them."""
    PublishedChange.objects.filter(at__lt=clock.now() - KEPT).delete()
