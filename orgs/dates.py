"""Dates in words, in the language of the page."""

import datetime

from babel.dates import format_date

from orgs.localised import page_language

# A time stays on one line with its word.
_TIME_WORDS = {"fi": "klo\N{NO-BREAK SPACE}", "sv": "kl.\N{NO-BREAK SPACE}"}
_A_MONDAY = datetime.date(2024, 1, 1)
# Date forms by language: the whole date, the day within a year, the day within a month.
_FORMS = {
    "fi": ("d.M.y", "d.M.", "d."),
    "sv": ("d.M.y", "d.M.", "d."),
    "en": ("d MMMM y", "d MMMM", "d"),
}


def _forms() -> tuple[str, str, str]:
    return _FORMS.get(page_language(), _FORMS["en"])


def decimal_point() -> str:
    """Return what stands between whole units and parts in the page's language."""
    return "." if page_language() == "en" else ","


def read(value: str | None) -> datetime.date | None:
    """Return the date in a document, or None."""
    return datetime.date.fromisoformat(value) if value else None


def date(day: datetime.date, *, year: bool = True) -> str:
    """Return a date in the form of the page's language: 11.1.2027 or 11 January 2027."""
    return format_date(day, _forms()[0 if year else 1], locale=page_language())


def time(moment: datetime.datetime | datetime.time) -> str:
    """Return a time of day in the form of the page's language: klo 9.05, kl. 9.05, 9:05."""
    words = _TIME_WORDS.get(page_language(), "")
    return f"{words}{moment.hour}{'.' if words else ':'}{moment.minute:02}"


def hours(first: datetime.time, last: datetime.time) -> str:
    """Return hours of a day in the form of the page's language: klo 14–15.30, kl. 14–15.30, 14–15:30."""
    words = _TIME_WORDS.get(page_language(), "")
    point = "." if words else ":"
    ends = [f"{one.hour}{point}{one.minute:02}" if one.minute else str(one.hour) for one in (first, last)]
    return words + "–".join(ends)


def weekday_date(day: datetime.date) -> str:
    """Return a date with its weekday: pe 18.12.2026, Fri 18 December 2026."""
    return f"{weekday(day.weekday())} {date(day)}"


def weekday(number: int, *, whole: bool = False) -> str:
    """Return the name of a weekday, 0 for Monday: "ma" or "maanantai"."""
    day = _A_MONDAY + datetime.timedelta(days=number)
    return format_date(day, "cccc" if whole else "ccc", locale=page_language()).rstrip(".")


def month(day: datetime.date) -> str:
    """Return the short name of a date's month: tammi, jan."""
    return format_date(day, "LLL", locale=page_language()).rstrip(".")


def period(starts: datetime.date, ends: datetime.date | None) -> str:
    """Return a span of days: 11.1.–19.3.2027, 11 January – 19 March 2027."""
    if ends is None or ends == starts:
        return date(starts)
    dash = "–" if page_language() in ("fi", "sv") else " – "
    return f"{date(starts, year=starts.year != ends.year)}{dash}{date(ends)}"
