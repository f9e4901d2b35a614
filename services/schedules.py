"""Schedules in words, in the language of the page: what comes next, weekdays and hours.

Schedules come from published documents (`services/read_model.py`): plain values, dates as ISO text.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from orgs import dates
from orgs.localised import page_language
from services.parts import WEEKDAYS

_CLOCK_WORD = {"fi": "klo\N{NO-BREAK SPACE}", "sv": "kl.\N{NO-BREAK SPACE}", "en": ""}
# Up to this many days before the last day to apply the page counts them.
_SOON = 60


@dataclass(frozen=True)
class Day:
    """The date block: a weekday, a day and a month, or two words when there is no one date."""

    top: str
    middle: str
    bottom: str
    any: bool = False
    iso: str = ""


@dataclass(frozen=True)
class Next:
    """What comes next in a service's schedules: the block, a sentence, and the last day to apply."""

    kind: str  # "date", "now", "hours", "agreement" or "past"
    day: Day
    sentence: str
    short: str
    apply_by: datetime.date | None = None
    days_left: int | None = None


def clock(value: str) -> str:
    """Return a time of day: 9, 9.30; in English 9, 9:30."""
    hours, minutes = value.split(":")[:2]
    point = "." if page_language() in ("fi", "sv") else ":"
    return str(int(hours)) if minutes == "00" else f"{int(hours)}{point}{minutes}"


def clock_range(start: str, end: str) -> str:
    """Return hours of a day: klo 9–13, kl. 9–13, 9–13."""
    return f"{_CLOCK_WORD.get(page_language(), '')}{_bare_range(start, end)}"


def _bare_range(start: str, end: str) -> str:
    return f"{clock(start)}–{clock(end)}"


def hours(by_day: Mapping[str, Sequence[Sequence[str]]]) -> str:
    """Return the hours of a week: "ma–pe klo 9–13, la klo 10–12"."""
    days = [(number, by_day[name]) for number, name in enumerate(WEEKDAYS) if by_day.get(name)]
    return ", ".join(
        f"{_day_span([number for number, _ranges in run])} {_ranges_of(run[0][1])}" for run in _runs(days)
    )


def _runs(
    days: Sequence[tuple[int, Sequence[Sequence[str]]]],
) -> list[list[tuple[int, Sequence[Sequence[str]]]]]:
    """Group neighbouring days with the same hours."""
    runs = groupby(enumerate(days), key=lambda item: (item[1][0] - item[0], str(item[1][1])))
    return [[day for _index, day in run] for _key, run in runs]


def _day_span(numbers: Sequence[int]) -> str:
    first = dates.weekday(numbers[0])
    if len(numbers) == 1:
        return first
    joint = "–" if len(numbers) > 2 else ", "
    return f"{first}{joint}{dates.weekday(numbers[-1])}"


def _ranges_of(ranges: Sequence[Sequence[str]]) -> str:
    parts = [_bare_range(start, end) for start, end in ranges]
    return _CLOCK_WORD.get(page_language(), "") + (" " + _("and") + " ").join(parts)


def upcoming(schedules: Iterable[Mapping[str, Any]], today: datetime.date) -> Next | None:
    """Return what comes next: a date to come, what goes on now, weekly hours, or by agreement.

    The first start from today on wins; then a period that has begun; then hours; then agreement.
    A service whose dates are all past says so.
    """
    schedules = list(schedules)
    found = [
        (starts, dates.read(item["ends"]), dates.read(item["apply_by"]), item)
        for schedule in schedules
        for item in schedule["dates"]
        if (starts := dates.read(item["starts"]))
    ]
    to_come = sorted((d for d in found if d[0] >= today), key=lambda d: d[0])
    if to_come:
        return _starts(to_come[0][0], to_come[0][2], today)
    under_way = [ends for starts, ends, _apply, _item in found if ends and starts < today <= ends]
    if under_way:
        return _goes_on(max(under_way))
    kinds = {schedule["kind"]: schedule for schedule in reversed(schedules)}
    if "continuous" in kinds:
        return _weekly(kinds["continuous"]["hours"])
    if "by_agreement" in kinds:
        words = _("The time is agreed with you.")
        return Next("agreement", Day("", _("Time"), _("by agreement"), any=True), words, _("by agreement"))
    if found:
        words = _("No new dates yet.")
        return Next("past", Day("", _("No dates"), _("for now"), any=True), words, _("no new dates yet"))
    return None


def _starts(day: datetime.date, apply_by: datetime.date | None, today: datetime.date) -> Next:
    block = Day(dates.weekday(day.weekday()), str(day.day), dates.month(day), iso=day.isoformat())
    words = {"date": dates.date(day, year=day.year != today.year)}
    open_until = apply_by if apply_by and apply_by >= today else None
    return Next(
        "date",
        block,
        _("Starts %(date)s") % words,
        _("starts %(date)s") % words,
        apply_by,
        (open_until - today).days if open_until and (open_until - today).days <= _SOON else None,
    )


def _goes_on(ends: datetime.date) -> Next:
    until = _("until %(date)s") % {"date": dates.date(ends, year=False)}
    words = _("Going on until %(date)s") % {"date": dates.date(ends)}
    return Next("now", Day("", _("Going on"), until, any=True), words, until)


def _weekly(by_day: Mapping[str, Any]) -> Next:
    days = [number for number, name in enumerate(WEEKDAYS) if by_day.get(name)]
    if len(days) == 1:
        name = dates.weekday(days[0], whole=True)
        words = _("Every %(weekday)s") % {"weekday": name}
        return Next("hours", Day("", _("Every"), name, any=True), f"{words}, {_only_hours(by_day)}", words)
    words = _("Continuously")
    if not days:
        return Next("hours", Day("", words, "", any=True), words, words)
    return Next(
        "hours", Day("", _("Every"), _("week"), any=True), f"{words}, {hours(by_day)}", _("every week")
    )


def _only_hours(by_day: Mapping[str, Any]) -> str:
    return next(_ranges_of(by_day[name]) for name in WEEKDAYS if by_day.get(name))
