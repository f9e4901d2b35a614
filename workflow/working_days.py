"""Finnish working days."""

import datetime
from functools import cache

import holidays

_SATURDAY = 5
_DAY = datetime.timedelta(days=1)


@cache
def _holidays_of(year: int) -> frozenset[datetime.date]:
    """Return the year's public holidays, Midsummer Eve and Christmas Eve among them."""
    return frozenset(holidays.country_holidays("FI", years=year))


def is_working_day(day: datetime.date) -> bool:
    """Tell whether a due date may fall on the day (docs/rules.md section 5, "How days are counted")."""
    return day.weekday() < _SATURDAY and day not in _holidays_of(day.year)


def working_day_from(day: datetime.date) -> datetime.date:
    """Return the day itself, or the next working day after it."""
    while not is_working_day(day):
        day += _DAY
    return day
