"""The one clock. Dates are Europe/Helsinki calendar dates (docs/rules.md section 5)."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

from django.utils import timezone

ZONE = ZoneInfo("Europe/Helsinki")
_set_day: ContextVar[datetime.date | None] = ContextVar("set_day", default=None)


def now() -> datetime.datetime:
    """Return the present moment, aware of its time zone."""
    present: datetime.datetime = timezone.now()  # noqa: TID251
    day = _set_day.get()
    if day is None:
        return present
    return datetime.datetime.combine(day, present.astimezone(ZONE).timetz())


def today() -> datetime.date:
    """Return the calendar date in Helsinki."""
    return _set_day.get() or timezone.localdate(timezone=ZONE)  # noqa: TID251


def day_of(moment: datetime.datetime) -> datetime.date:
    """Return the calendar date of a moment in Helsinki."""
    return moment.astimezone(ZONE).date()


def beginning_of(day: datetime.date) -> datetime.datetime:
    """Return the moment at which a day begins in Helsinki."""
    return datetime.datetime.combine(day, datetime.time(), ZONE)


@contextmanager
def as_of(day: datetime.date | None) -> Iterator[None]:
    """Let everything within act as on `day`, at the hour that it is; None: as today."""
    token = _set_day.set(day)
    try:
        yield
    finally:
        _set_day.reset(token)
