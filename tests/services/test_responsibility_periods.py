"""From when until when a partner is responsible, as the rows of a service tell."""

import datetime
import itertools

from hypothesis import given
from hypothesis import strategies as st

from services.models import Responsibility
from services.responsibility_periods import Period, of_day, periods

D = datetime.date
_FIRST = D(2026, 1, 1)


def row(number: int, partner: int, day: datetime.date, decision: str = "§ 1") -> Responsibility:
    return Responsibility(pk=number, partner_id=partner, basis="thematic", decision=decision, starts_on=day)


def told(found: list[Period]) -> list[tuple[int, datetime.date, datetime.date | None]]:
    return [(one.row.partner_id, one.first, one.last) for one in found]


def test_a_partner_is_responsible_until_the_day_before_the_next() -> None:
    rows = [row(1, 7, D(2026, 1, 1)), row(2, 8, D(2026, 3, 1))]
    assert told(periods(rows)) == [(7, D(2026, 1, 1), D(2026, 2, 28)), (8, D(2026, 3, 1), None)]


def test_what_says_the_same_again_begins_nothing() -> None:
    rows = [row(1, 7, D(2026, 1, 1)), row(2, 8, D(2026, 3, 1)), row(3, 7, D(2026, 3, 1))]
    assert told(periods(rows)) == [(7, D(2026, 1, 1), None)]


def test_the_same_partner_on_another_decision_begins_a_period() -> None:
    rows = [row(1, 7, D(2026, 1, 1)), row(2, 7, D(2026, 3, 1), "§ 9")]
    assert [one.row.decision for one in periods(rows)] == ["§ 1", "§ 9"]


def test_nobody_is_responsible_before_the_first_row() -> None:
    found = periods([row(1, 7, D(2026, 1, 1))])
    assert of_day(found, D(2025, 12, 31)) is None
    assert periods([]) == []


rows_of_a_service = st.lists(
    st.tuples(st.integers(1, 3), st.integers(0, 40), st.sampled_from(["§ 1", "§ 2"])), max_size=8
).map(
    lambda given: [
        row(number, partner, _FIRST + datetime.timedelta(days), decision)
        for number, (partner, days, decision) in enumerate(given, 1)
    ]
)


@given(rows_of_a_service, st.integers(0, 50))
def test_the_period_of_a_day_says_what_the_newest_row_says(rows: list[Responsibility], after: int) -> None:
    """As `responsible_on` asks the database: the latest day that has come, of one day the later row."""
    day = _FIRST + datetime.timedelta(after)
    come = sorted((one for one in rows if one.starts_on <= day), key=lambda one: (one.starts_on, one.pk or 0))
    period = of_day(periods(rows), day)
    assert (period is None) == (not come)
    if period is not None:
        said, newest = period.row, come[-1]
        assert (said.partner_id, said.decision) == (newest.partner_id, newest.decision)


@given(rows_of_a_service)
def test_periods_follow_one_another_without_a_gap(rows: list[Responsibility]) -> None:
    found = periods(rows)
    for one, following in itertools.pairwise(found):
        assert one.last == following.first - datetime.timedelta(1)
        assert (one.row.partner_id, one.row.decision) != (following.row.partner_id, following.row.decision)
    assert all(one.last is None for one in found[-1:])
