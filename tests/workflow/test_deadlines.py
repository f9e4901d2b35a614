"""When a run is due, reckoned by hand and by properties (docs/rules.md section 5)."""

import dataclasses
import datetime
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgs.terms import Terms
from tests import factories
from workflow.deadlines import Span, dates_of, is_overdue, months_later, moved, reached, season
from workflow.working_days import is_working_day

TERMS: Terms = factories.terms()
DAY = datetime.timedelta(days=1)

# Submitted, what stops the clock, longer terms or not; target, due.
BY_HAND: list[tuple[str, date, list[Span], bool, date | None, date | None]] = [
    ("an update on a Monday", date(2026, 9, 7), [], False, date(2026, 9, 14), date(2026, 9, 21)),
    ("a new service", date(2026, 9, 7), [], True, date(2026, 9, 21), date(2026, 9, 28)),
    (
        "a due date on a Saturday moves to Monday, the target on one stays",
        date(2026, 9, 5), [], False, date(2026, 9, 12), date(2026, 9, 21),
    ),
    (
        "three days of pause put both off by three",
        date(2026, 9, 7), [Span(date(2026, 9, 9), date(2026, 9, 12))], False,
        date(2026, 9, 17), date(2026, 9, 24),
    ),
    (
        "returned and submitted again on the same day: no day is covered",
        date(2026, 9, 7), [Span(date(2026, 9, 9), date(2026, 9, 9))], False,
        date(2026, 9, 14), date(2026, 9, 21),
    ),
    (
        "a pause from the day of submission: that day never counted anyway",
        date(2026, 9, 7), [Span(date(2026, 9, 7), date(2026, 9, 9))], False,
        date(2026, 9, 15), date(2026, 9, 22),
    ),
    (
        "two pauses over the same days count once",
        date(2026, 9, 7),
        [Span(date(2026, 9, 9), date(2026, 9, 12)), Span(date(2026, 9, 10), date(2026, 9, 14))], False,
        date(2026, 9, 19), date(2026, 9, 28),
    ),
    ("an open pause: no date yet", date(2026, 9, 7), [Span(date(2026, 9, 9), None)], False, None, None),
    (
        "a pause opened after the target: only the due date is unknown",
        date(2026, 9, 7), [Span(date(2026, 9, 15), None)], False, date(2026, 9, 14), None,
    ),
    (
        "a pause that starts after the due date undoes nothing",
        date(2026, 9, 7), [Span(date(2026, 9, 22), None)], False, date(2026, 9, 14), date(2026, 9, 21),
    ),
    (
        "over a holiday season at Christmas: the first day after it that counts, and then Epiphany",
        date(2026, 12, 14), [season(date(2026, 12, 21), date(2027, 1, 3))], False,
        date(2027, 1, 4), date(2027, 1, 11),
    ),
    (
        "due on Midsummer Eve: the Monday after",
        date(2027, 6, 11), [], False, date(2027, 6, 18), date(2027, 6, 28),
    ),
    (
        "due on Christmas Eve: past the holidays and the weekend",
        date(2026, 12, 10), [], False, date(2026, 12, 17), date(2026, 12, 28),
    ),
    (
        "a leap day counts as any day",
        date(2028, 2, 22), [], False, date(2028, 2, 29), date(2028, 3, 7),
    ),
    (
        "the night when clocks go back is one day",
        date(2026, 10, 19), [], False, date(2026, 10, 26), date(2026, 11, 2),
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("submitted", "spans", "longer", "target", "due"), [case[1:] for case in BY_HAND],
    ids=[case[0] for case in BY_HAND],
)  # fmt: skip
def test_dates_reckoned_by_hand(
    submitted: date, spans: list[Span], longer: bool, target: date | None, due: date | None
) -> None:
    assert dates_of(submitted, spans, TERMS, longer=longer) == (target, due)


days = st.dates(date(2024, 1, 1), date(2031, 12, 31))
lengths = st.integers(0, 60).map(lambda count: datetime.timedelta(days=count))
closed = st.builds(lambda first, length: Span(first, first + length), days, lengths)


@st.composite
def runs(draw: Any) -> tuple[date, list[Span]]:
    """A day of submission, and closed spans near it."""
    submitted = draw(days)
    near = st.builds(
        lambda offset, length: Span(submitted + offset * DAY, submitted + (offset + length) * DAY),
        st.integers(-30, 60),
        st.integers(0, 40),
    )
    return submitted, draw(st.lists(near, max_size=6))


terms_in_days = st.integers(1, 40)


@given(runs(), terms_in_days, st.randoms())
def test_the_order_of_pauses_does_not_matter(run: tuple[date, list[Span]], term: int, random: Any) -> None:
    submitted, spans = run
    shuffled = list(spans)
    random.shuffle(shuffled)
    assert reached(submitted, term, shuffled) == reached(submitted, term, spans)


@given(runs(), terms_in_days)
def test_the_days_between_that_nothing_covers_are_exactly_the_term(
    run: tuple[date, list[Span]], term: int
) -> None:
    submitted, spans = run
    day = reached(submitted, term, spans)
    assert day is not None
    covered = {span.first + number * DAY for span in spans for number in range(_length(span))}
    between = {submitted + number * DAY for number in range(1, (day - submitted).days + 1)}
    assert len(between - covered) == term
    assert day not in covered


def _length(span: Span) -> int:
    assert span.until is not None
    return (span.until - span.first).days


@given(runs(), terms_in_days, st.integers(0, 5), st.integers(1, 30))
def test_a_longer_pause_never_makes_a_date_earlier(
    run: tuple[date, list[Span]], term: int, which: int, more: int
) -> None:
    submitted, spans = run
    before = reached(submitted, term, spans)
    assert before is not None
    if not spans:
        return
    chosen = spans[which % len(spans)]
    assert chosen.until is not None
    longer = [*spans, Span(chosen.first, chosen.until + more * DAY)]
    after = reached(submitted, term, longer)
    assert after is not None
    assert after >= before


@given(runs(), closed)
def test_an_open_pause_gives_no_date_or_the_one_from_before_it(
    run: tuple[date, list[Span]], pause: Span
) -> None:
    submitted, spans = run
    without = reached(submitted, 14, spans)
    assert without is not None
    with_open = reached(submitted, 14, [*spans, Span(pause.first, None)])
    assert with_open == (without if without < pause.first else None)


@given(runs(), st.booleans())
def test_every_due_date_is_a_working_day_and_never_before_the_target(
    run: tuple[date, list[Span]], longer: bool
) -> None:
    submitted, spans = run
    target, due = dates_of(submitted, spans, TERMS, longer=longer)
    assert target is not None
    assert due is not None
    assert is_working_day(due)
    assert due > target > submitted


@given(days)
def test_an_agreement_may_leave_due_dates_where_they_fall(day: date) -> None:
    as_they_fall = dataclasses.replace(TERMS, due_on_working_days=False)
    assert moved(day, as_they_fall) == day
    assert moved(moved(day, TERMS), TERMS) == moved(day, TERMS) >= day


def test_late_is_the_day_after_the_due_date() -> None:
    due = date(2026, 9, 21)
    assert not is_overdue(due, due)
    assert is_overdue(due, due + DAY)
    assert not is_overdue(None, date(2030, 1, 1))


def test_a_reason_recorded_afterwards_undoes_being_late_only_if_it_moves_the_date_far_enough() -> None:
    submitted, today = date(2026, 9, 7), date(2026, 9, 24)
    assert is_overdue(dates_of(submitted, [], TERMS, longer=False).due, today)
    two_days = Span(date(2026, 9, 14), date(2026, 9, 16))
    assert is_overdue(dates_of(submitted, [two_days], TERMS, longer=False).due, today)
    three_days = Span(date(2026, 9, 14), date(2026, 9, 17))
    assert not is_overdue(dates_of(submitted, [three_days], TERMS, longer=False).due, today)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 9, 22), 1, date(2026, 10, 22)),
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 11, 24), 0, date(2026, 11, 24)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_months_last(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later
