"""Dates, hours and schedules in words."""

import datetime
from typing import Any

import pytest
from django.utils.translation import override

from orgs import dates
from services import schedules

TODAY = datetime.date(2026, 11, 23)
MORNINGS = [["09:00", "12:00"]]


def schedule(kind: str, *items: dict[str, Any], **hours: Any) -> dict[str, Any]:
    return {"kind": kind, "dates": list(items), "hours": hours}


def item(starts: str, ends: str | None = None, apply_by: str | None = None) -> dict[str, Any]:
    return {"starts": starts, "ends": ends, "apply_by": apply_by, "from": None, "to": None}


def spaced(text: str) -> str:
    """Return a text with plain spaces; a time holds on to the word before it."""
    assert "klo " not in text
    return text.replace("\N{NO-BREAK SPACE}", " ")


def upcoming(*given: dict[str, Any]) -> schedules.Next:
    with override("en"):
        found = schedules.upcoming(given, TODAY)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("language", "text"),
    [("fi", "11.1.–19.3.2027"), ("sv", "11.1.–19.3.2027"), ("en", "11 January – 19 March 2027")],
)
def test_a_period_within_a_year_names_the_year_once(language: str, text: str) -> None:
    with override(language):
        assert dates.period(datetime.date(2027, 1, 11), datetime.date(2027, 3, 19)) == text


def test_a_period_over_new_year_names_both_years() -> None:
    with override("fi"):
        assert dates.period(datetime.date(2026, 12, 1), datetime.date(2027, 3, 19)) == "1.12.2026–19.3.2027"


def test_a_period_of_one_day_is_a_day() -> None:
    with override("fi"):
        assert dates.period(TODAY, TODAY) == dates.period(TODAY, None) == "23.11.2026"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fi", "ma–pe klo 9–12"),
        ("sv", "mån–fre kl. 9–12"),
        ("en", "Mon–Fri 9–12"),
    ],
)
def test_days_in_a_row_with_the_same_hours_are_said_once(language: str, text: str) -> None:
    with override(language):
        week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), MORNINGS)
        assert spaced(schedules.hours(week)) == text


def test_other_days_are_said_one_by_one() -> None:
    week = {"mon": MORNINGS, "tue": MORNINGS, "thu": MORNINGS, "sat": [["10:00", "14:30"]]}
    with override("fi"):
        assert spaced(schedules.hours(week)) == "ma, ti klo 9–12, to klo 9–12, la klo 10–14.30"


def test_two_ranges_a_day_are_joined() -> None:
    with override("en"):
        assert schedules.hours({"wed": [["09:00", "12:00"], ["13:00", "15:30"]]}) == "Wed 9–12 and 13–15:30"


def test_the_first_date_to_come_wins_over_everything() -> None:
    found = upcoming(
        schedule("by_agreement"),
        schedule("continuous", tue=MORNINGS),
        schedule("periods", item("2027-04-05"), item("2026-02-02", "2026-12-31"), item("2027-01-11")),
    )
    assert (found.kind, found.day.top, found.day.middle, found.day.bottom) == ("date", "Mon", "11", "Jan")


def test_a_start_today_is_still_to_come() -> None:
    assert upcoming(schedule("dates", item("2026-11-23"))).kind == "date"


@pytest.mark.parametrize(
    ("apply_by", "left"), [("2026-11-23", 0), ("2026-12-18", 25), ("2026-11-22", None), ("2027-03-01", None)]
)
def test_days_left_are_counted_when_the_deadline_is_near(apply_by: str, left: int | None) -> None:
    assert upcoming(schedule("period", item("2027-05-03", "2027-06-01", apply_by))).days_left == left


def test_a_period_goes_on_on_its_last_day() -> None:
    assert upcoming(schedule("period", item("2026-10-01", "2026-11-23"))).kind == "now"
    assert upcoming(schedule("period", item("2026-10-01", "2026-11-22"))).kind == "past"


def test_a_weekly_group_is_named_by_its_day() -> None:
    found = upcoming(schedule("continuous", tue=[["13:00", "15:00"]]))
    assert (found.sentence, found.short) == ("Every Tuesday, 13–15", "Every Tuesday")


def test_several_days_a_week_are_every_week() -> None:
    assert upcoming(schedule("continuous", tue=MORNINGS, thu=MORNINGS)).sentence == (
        "Continuously, Tue 9–12, Thu 9–12"
    )


def test_an_agreed_time_is_better_than_dates_that_passed() -> None:
    assert upcoming(schedule("dates", item("2026-01-12")), schedule("by_agreement")).kind == "agreement"


def test_a_service_without_schedules_has_no_time() -> None:
    assert schedules.upcoming([], TODAY) is None
