"""In which part of the worklist a run stands, by its next date."""

import datetime

import pytest

from workflow.waiting import _urgency

TODAY = datetime.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("days", "part"),
    [
        (-30, "late"),
        (-1, "late"),
        (0, "now"),
        (1, "now"),
        (2, "week"),
        (7, "week"),
        (8, "later"),
        (90, "later"),
    ],
)
def test_today_and_tomorrow_are_now(days: int, part: str) -> None:
    assert _urgency(TODAY + datetime.timedelta(days=days), TODAY) == part


def test_what_has_no_date_is_later() -> None:
    assert _urgency(None, TODAY) == "later"
