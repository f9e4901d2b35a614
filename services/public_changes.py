"""What became of published services, as those read it who follow: all of it, and nothing twice.

Who follows says what was seen already: everything that a snapshot of PostgreSQL saw. What comes next is
what a later snapshot sees beside it, however the transactions began and ended. A service is locked while
it changes, so its changes stand in the order of their numbers.
"""

import datetime
import re
from typing import NamedTuple

from django.db import connection
from django.db.models import BooleanField, F, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast

from orgs import clock
from services.models import ServiceChange

# For how long changes are kept.
KEPT = datetime.timedelta(days=90)
_SNAPSHOT = re.compile(r"([0-9]{1,18}):([0-9]{1,18}):((?:[0-9]{1,18}(?:,[0-9]{1,18})*)?)")


class Snapshot(NamedTuple):
    """What PostgreSQL saw at a moment: all transactions below `lowest`, none from `end` on nor of `open`."""

    lowest: int
    end: int
    open: tuple[int, ...] = ()

    def __str__(self) -> str:
        return f"{self.lowest}:{self.end}:{','.join(map(str, self.open))}"

    @classmethod
    def read(cls, text: str) -> "Snapshot":
        """Return the snapshot that a text names; raises ValueError for what is none."""
        found = _SNAPSHOT.fullmatch(text)
        if found is None:
            raise ValueError(text)
        lowest, end = int(found[1]), int(found[2])
        still = tuple(map(int, found[3].split(","))) if found[3] else ()
        if not 0 < lowest <= end or list(still) != sorted(set(still)):
            raise ValueError(text)
        if still and not lowest <= still[0] <= still[-1] < end:
            raise ValueError(text)
        return cls(lowest, end, still)


def now() -> Snapshot:
    """Return what is seen now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return Snapshot.read(cursor.fetchone()[0])


def between(seen: Snapshot, present: Snapshot, number: int) -> QuerySet[ServiceChange, ServiceChange]:
    """Return the changes that `present` sees and `seen` did not, in order, after the one with a number."""
    rows = ServiceChange.objects.filter(written_by__gte=seen.lowest, pk__gt=number)
    rows = rows.exclude(_seen_by(seen)).filter(_seen_by(present))
    return rows.select_related("service").order_by("pk")


def _seen_by(snapshot: Snapshot) -> Func:
    return Func(
        Cast(F("written_by"), TextField()),
        Value(str(snapshot)),
        template="pg_visible_in_snapshot(%(expressions)s)",
        arg_joiner="::xid8, ",
        output_field=BooleanField(),
    )


def clear() -> None:
    """Delete the changes that nobody who follows can still ask for."""
    ServiceChange.objects.filter(at__lt=clock.now() - KEPT).delete()
