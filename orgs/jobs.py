"""Jobs that run by the clock: each thing of them by itself, and a row of when each last ran.

What fails in a job is counted, logged and shown to ICT, and the rest of the job goes on. A job that
is late makes `/health/` fail. Rooms register their jobs in `apps.py`, beside the task's schedule in
`palvelumanuaali.celery`.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

import structlog
from django.db import connection, transaction
from django.dispatch import Signal
from django.utils.functional import Promise

from orgs import clock
from orgs.models import Job

Thing = TypeVar("Thing")
Result = TypeVar("Result")
_MOST_KEPT = 50  # failures of one run that the row keeps; all of them are logged
_logger = structlog.get_logger(__name__)

# Sent with `name`, `since` and `until` when a job runs again after a standstill.
stood_still = Signal()


@dataclass(frozen=True)
class Kind:
    """A job: what people call it, how often it runs, and after how long without a run it is late."""

    name: str
    label: str | Promise
    every: datetime.timedelta
    late_after: datetime.timedelta


@dataclass(frozen=True)
class Failure:
    """Something that a job could not do."""

    step: str
    thing: str
    error: str


_kinds: dict[str, Kind] = {}
_failures: ContextVar[list[Failure] | None] = ContextVar("failures", default=None)


def register(name: str, label: str | Promise, every: datetime.timedelta) -> None:
    """Add a job; it is late when it has not been done for twice its time and five minutes."""
    _kinds[name] = Kind(name, label, every, 2 * every + datetime.timedelta(minutes=5))


def kinds() -> list[Kind]:
    """Return all jobs, the most frequent first."""
    return sorted(_kinds.values(), key=lambda kind: (kind.every, kind.name))


def expect_all(**_more: object) -> None:
    """Begin to wait for jobs that have no row yet: as tables are made, and for a job that is new."""
    for kind in _kinds.values():
        Job.objects.get_or_create(name=kind.name, defaults={"expected_since": clock.now()})


@contextmanager
def collecting() -> Iterator[list[Failure]]:
    """Collect what fails within, also for whoever collects around it."""
    mine: list[Failure] = []
    token = _failures.set(mine)
    try:
        yield mine
    finally:
        _failures.reset(token)
        if (around := _failures.get()) is not None:
            around.extend(mine)


@contextmanager
def running(name: str) -> Iterator[list[Failure]]:
    """Note that a job runs, and when it is done what failed in it.

    An error that ends the job leaves it unfinished in its row. After a standstill, `stood_still` is
    sent before the work begins.
    """
    kind, now = _kinds[name], clock.now()
    job, _made = Job.objects.get_or_create(name=name, defaults={"expected_since": now})
    last = job.finished_at or job.expected_since
    Job.objects.filter(pk=name).update(started_at=now)
    with collecting() as failures:
        if now - last > kind.late_after:
            each("standstill", [last], lambda since: stood_still.send(Job, name=name, since=since, until=now))
        yield failures
    kept = [vars(one) for one in failures[:_MOST_KEPT]]
    Job.objects.filter(pk=name).update(finished_at=clock.now(), failures=kept)


def at_work() -> bool:
    """Tell whether a job runs here, rather than what a person does."""
    return _failures.get() is not None


def each(step: str, things: Iterable[Thing], do: Callable[[Thing], Result | None]) -> list[Result]:
    """Do something to each thing in a transaction of its own; return what was done, without the falsy.

    One that fails is noted, and the others go on. Where the database is gone, nothing goes on.
    """
    done = []
    for thing in things:
        with noting(step, thing), transaction.atomic():
            if result := do(thing):
                done.append(result)
    return done


@contextmanager
def noting(step: str, thing: object) -> Iterator[None]:
    """Note what fails within and go on after it; an error of a lost database is raised."""
    try:
        yield
    except Exception as error:
        if not connection.is_usable():
            raise
        name = str(thing)  # asked for only now: a thing's name may take a question to the database
        _logger.exception("job_failed_at", step=step, thing=name)
        note(step, name, error)


def note(step: str, thing: str, error: Exception | str) -> None:
    """Note something that the running job could not do, or found wrong."""
    text = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
    if (failures := _failures.get()) is not None:
        failures.append(Failure(step, thing, text[:500]))


@dataclass(frozen=True)
class Standing:
    """A job with its last run."""

    kind: Kind
    job: Job | None
    late: bool


def standing(now: datetime.datetime, *, waited_since: datetime.datetime | None = None) -> list[Standing]:
    """Return every job and whether it is late.

    `waited_since`: for one who has only just begun to look, such as a server that was started a minute
    ago beside its worker: what was missed before is not held against anyone.
    """
    rows = {job.name: job for job in Job.objects.all()}
    pairs = ((kind, rows.get(kind.name)) for kind in kinds())
    return [Standing(kind, job, _late(kind, job, now, waited_since)) for kind, job in pairs]


def _late(
    kind: Kind, job: Job | None, now: datetime.datetime, waited_since: datetime.datetime | None
) -> bool:
    if job is None:
        return False
    moments = [job.finished_at or job.expected_since, waited_since]
    return now - max(one for one in moments if one is not None) > kind.late_after
