"""The one clock. Dates are Europe/Helsinki calendar dates (architecture.md, "Time")."""

import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

ZONE = ZoneInfo("Europe/Helsinki")


def now() -> datetime.datetime:
    """Return the present moment, aware of its time zone."""
    return timezone.now()  # noqa: TID251


def today() -> datetime.date:
    """Return the calendar date in Helsinki."""
    return timezone.localdate(timezone=ZONE)  # noqa: TID251
