"""How long a question to the database may take, by what it is for: a page, a save or a job.

Commands at the keyboard, such as migrations, have no bounds. A connection belongs to one thread, and
each thread does one kind of work (`palvelumanuaali.entrance`, `palvelumanuaali.celery`).
"""

import threading
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created


@dataclass(frozen=True)
class Bounds:
    """Seconds: for a lock, for a statement, and for a transaction in which nothing is asked."""

    lock: int
    statement: int
    idle: int


PAGE = Bounds(lock=2, statement=15, idle=60)
SAVE = Bounds(lock=4, statement=30, idle=60)
JOB = Bounds(lock=60, statement=15 * 60, idle=10 * 60)
_thread = threading.local()


def hold(bounds: Bounds) -> None:
    """Have the connections that this thread opens from now on keep within bounds."""
    connection_created.connect(_bind, dispatch_uid="database-bounds")
    _thread.bounds = bounds


def _bind(connection: BaseDatabaseWrapper, **_more: Any) -> None:
    bounds: Bounds | None = getattr(_thread, "bounds", None)
    if bounds:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('lock_timeout', %s, false), set_config('statement_timeout', %s, false),"
                " set_config('idle_in_transaction_session_timeout', %s, false)",
                [f"{seconds}s" for seconds in (bounds.lock, bounds.statement, bounds.idle)],
            )
