"""The agreement's rules on sanctions, reckoned by hand (docs/rules.md section 6)."""

import datetime
import itertools
import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgs.first_terms import first_terms
from orgs.terms_by_day import TermsByDay
from sanctions import attendance, handover, ladder
from sanctions.attendance import Kind, Neglect
from sanctions.handover import Handover

D = datetime.date.fromisoformat
TERMS = first_terms()
AGREED = TermsByDay.always(TERMS)
PLAIN_DAYS = first_terms(due_on_working_days=False)

# Ground, put right (or not): the days of the remarks, and of the sanction.
LADDERS: list[tuple[str, str | None, list[str], str | None]] = [
    # Thursday 22 January; a month on is a Sunday, so Monday 23 February; a week on Tuesday 3 March.
    ("2026-01-22", None, ["2026-01-22", "2026-02-24", "2026-03-04"], "2026-03-04"),
    ("2026-01-22", "2026-01-21", [], None),
    ("2026-01-22", "2026-01-22", ["2026-01-22"], None),
    ("2026-01-22", "2026-02-22", ["2026-01-22"], None),
    ("2026-01-22", "2026-02-23", ["2026-01-22"], None),  # the last day is in time
    ("2026-01-22", "2026-02-24", ["2026-01-22", "2026-02-24"], None),
    ("2026-01-22", "2026-03-03", ["2026-01-22", "2026-02-24"], None),
    ("2026-01-22", "2026-03-04", ["2026-01-22", "2026-02-24", "2026-03-04"], "2026-03-04"),
    ("2026-01-22", "2026-06-01", ["2026-01-22", "2026-02-24", "2026-03-04"], "2026-03-04"),
    # The last day of February stands for the 30th and the 31st of January: Saturday, so Monday 2 March.
    ("2026-01-30", None, ["2026-01-30", "2026-03-03", "2026-03-11"], "2026-03-11"),
    ("2026-01-31", None, ["2026-01-31", "2026-03-03", "2026-03-11"], "2026-03-11"),
    # A leap year's: 29 February 2028 is a Tuesday.
    ("2028-01-31", None, ["2028-01-31", "2028-03-01", "2028-03-09"], "2028-03-09"),
    # 6 December, Independence Day, is a Sunday in 2026: Monday the 7th.
    ("2026-11-06", None, ["2026-11-06", "2026-12-08", "2026-12-16"], "2026-12-16"),
    # A month from 24 November is Christmas Eve, and on to Monday the 28th.
    ("2026-11-24", None, ["2026-11-24", "2026-12-29", "2027-01-06"], "2027-01-06"),
    # The follow-up of a remark on 31 December is on 7 January.
    ("2026-11-29", None, ["2026-11-29", "2026-12-30", "2027-01-08"], "2027-01-08"),
    # Easter: a month from 3 March 2026 is Good Friday, so Tuesday 7 April.
    ("2026-03-03", None, ["2026-03-03", "2026-04-08", "2026-04-16"], "2026-04-16"),
    # Midsummer Eve, Friday 19 June 2026: on to Monday the 22nd.
    ("2026-05-19", None, ["2026-05-19", "2026-06-23", "2026-07-01"], "2026-07-01"),
    # Ascension Day, Thursday 14 May 2026.
    ("2026-04-14", None, ["2026-04-14", "2026-05-16", "2026-05-26"], "2026-05-26"),
]


@pytest.mark.parametrize(("ground", "put_right", "remarks", "sanction"), LADDERS)
def test_the_ladder_reckoned_by_hand(
    ground: str, put_right: str | None, remarks: list[str], sanction: str | None
) -> None:
    found = ladder.climbed(D(ground), TERMS, put_right=D(put_right) if put_right else None)
    assert [one.on.isoformat() for one in found] == remarks
    carried = ladder.sanction_of(found, TERMS)
    assert (carried and carried.on.isoformat()) == sanction
    assert carried is None or carried.amount == Decimal("1000.00")


def test_without_working_days_a_term_ends_on_its_own_day() -> None:
    found = ladder.climbed(D("2026-01-22"), PLAIN_DAYS)
    assert [(one.on.isoformat(), one.put_right_by) for one in found] == [
        ("2026-01-22", D("2026-02-22")),
        ("2026-02-23", D("2026-03-02")),
        ("2026-03-03", None),
    ]


S, W, F = Kind.STEERING_ABSENCE, Kind.WORKING_ABSENCE, Kind.FACILITATION

# What a partner neglected, and the days of its sanctions.
COOPERATION: list[tuple[list[tuple[Kind, str]], list[str]]] = [
    ([], []),
    ([(S, "2026-02-10")], []),
    # The worked example: the first and the third quarter give one sanction, in the second half.
    ([(S, "2026-02-10"), (S, "2026-08-18")], ["2026-08-18"]),
    ([(S, "2026-02-10"), (S, "2026-05-12")], ["2026-05-12"]),
    ([(S, "2026-02-10"), (S, "2026-05-12"), (S, "2026-08-18")], ["2026-05-12", "2026-08-18"]),
    ([(S, f"2026-{month:02}-10") for month in (2, 5, 8, 11)], ["2026-05-10", "2026-08-10"]),
    # A new year counts anew.
    ([(S, "2025-11-11"), (S, "2026-02-10")], []),
    ([(S, "2025-08-11"), (S, "2025-11-11"), (S, "2026-02-10")], ["2025-11-11"]),
    ([(W, "2026-01-14")], []),
    ([(W, "2026-01-14"), (W, "2026-02-11")], []),
    ([(W, "2026-01-14"), (W, "2026-02-11"), (W, "2026-03-11")], ["2026-03-11"]),
    ([(W, "2026-01-14"), (W, "2026-02-11"), (W, "2026-07-01")], ["2026-07-01"]),
    ([(W, "2026-01-14"), (W, "2026-06-30"), (W, "2026-07-01")], ["2026-07-01"]),
    ([(W, f"2026-{month:02}-11") for month in (1, 2, 3, 4, 8, 9)], ["2026-03-11", "2026-08-11"]),
    # Each body by itself: one steering and two working absences are none.
    ([(S, "2026-02-10"), (W, "2026-01-14"), (W, "2026-02-11")], []),
    ([(F, "2026-03-02")], ["2026-03-02"]),
    ([(F, "2026-03-02"), (F, "2026-04-27")], ["2026-03-02"]),
    ([(F, "2026-03-02"), (F, "2026-09-14")], ["2026-03-02", "2026-09-14"]),
    # At most one in each half-year, whatever it is for; dated by the first that is sanctionable.
    ([(F, "2026-03-02"), (S, "2026-02-10"), (S, "2026-05-12")], ["2026-03-02"]),
    ([(F, "2026-06-15"), (S, "2026-02-10"), (S, "2026-05-12")], ["2026-05-12"]),
    ([(S, "2026-02-10"), (S, "2026-06-30"), (S, "2026-07-01")], ["2026-06-30", "2026-07-01"]),
]


def neglects(rows: list[tuple[Kind, str]]) -> list[Neglect]:
    return [Neglect(D(day), kind) for kind, day in rows]


@pytest.mark.parametrize(("rows", "days"), COOPERATION)
def test_sanctions_on_cooperation_reckoned_by_hand(rows: list[tuple[Kind, str]], days: list[str]) -> None:
    found = attendance.sanctions(neglects(rows), AGREED)
    assert [one.on.isoformat() for one in found] == days
    assert {one.amount for one in found} <= {Decimal("500.00")}


def test_what_counts_and_why_is_told_of_each_absence() -> None:
    rows = [(S, "2026-02-10"), (S, "2026-05-12"), (W, "2026-03-11")]
    found = attendance.counted(neglects(rows), AGREED)
    assert [(one.neglect.on.isoformat(), one.number, one.sanctionable) for one in found] == [
        ("2026-02-10", 1, False),
        ("2026-03-11", 1, False),
        ("2026-05-12", 2, True),
    ]


# Handovers (due, done, excused), and the days of the remarks with the sanctions they carry.
HANDOVERS: list[tuple[list[tuple[str, str | None, bool]], list[tuple[str, int | None]]]] = [
    ([], []),
    ([("2026-03-02", "2026-03-02", False)], []),
    ([("2026-03-02", "2026-03-03", False)], [("2026-03-03", None)]),
    ([("2026-03-02", None, False)], [("2026-03-03", None)]),
    ([("2026-03-02", None, True)], []),
    # Sunday 1 March is moved to Monday: done on Monday is in time.
    ([("2026-03-01", "2026-03-02", False)], []),
    ([("2026-03-01", None, False)], [("2026-03-03", None)]),
    ([("2026-03-02", None, False), ("2026-04-01", None, False)], [("2026-03-03", None), ("2026-04-02", 500)]),
    (
        [("2026-03-02", None, False), ("2026-04-01", None, True), ("2026-05-04", None, False)],
        [("2026-03-03", None), ("2026-05-05", 500)],
    ),
    (
        [("2026-05-04", None, False), ("2026-03-02", None, False), ("2027-01-04", None, False)],
        [("2026-03-03", None), ("2026-05-05", 500), ("2027-01-05", 500)],
    ),
]


@pytest.mark.parametrize(("rows", "expected"), HANDOVERS)
def test_handovers_reckoned_by_hand(
    rows: list[tuple[str, str | None, bool]], expected: list[tuple[str, int | None]]
) -> None:
    given_ = [Handover(D(due), D(done) if done else None, excused) for due, done, excused in rows]
    found = handover.breaches(given_, AGREED)
    assert [(one.on.isoformat(), one.sanction) for one in found] == expected


days = st.dates(datetime.date(2024, 9, 1), datetime.date(2028, 12, 31))
events = st.lists(st.builds(Neglect, days, st.sampled_from(Kind)), max_size=25)


@given(ground=days, put_right=st.none() | days)
def test_steps_never_overlap(ground: datetime.date, put_right: datetime.date | None) -> None:
    found = ladder.climbed(ground, TERMS, put_right=put_right)
    assert [one.level for one in found] == list(range(1, len(found) + 1))
    for earlier, later in itertools.pairwise(found):
        assert earlier.put_right_by is not None
        assert earlier.on < earlier.put_right_by < later.on
        assert (later.on - earlier.put_right_by).days == 1


@given(ground=days, put_right=days, sooner=st.integers(0, 90))
def test_putting_right_sooner_never_means_more_remarks(
    ground: datetime.date, put_right: datetime.date, sooner: int
) -> None:
    earlier = put_right - datetime.timedelta(days=sooner)
    found = [len(ladder.climbed(ground, TERMS, put_right=day)) for day in (earlier, put_right)]
    assert found[0] <= found[1]


@given(rows=events, seed=st.integers())
def test_the_order_in_which_neglects_are_told_changes_nothing(rows: list[Neglect], seed: int) -> None:
    shuffled = list(rows)
    random.Random(seed).shuffle(shuffled)
    assert attendance.sanctions(shuffled, AGREED) == attendance.sanctions(rows, AGREED)


@given(rows=events)
def test_at_most_one_sanction_in_a_half_year_and_each_on_a_day_of_neglect(rows: list[Neglect]) -> None:
    found = attendance.sanctions(rows, AGREED)
    halves = [attendance.half_year(one.on) for one in found]
    assert len(set(halves)) == len(halves)
    assert {one.on for one in found} <= {row.on for row in rows}


@given(rows=events, more=st.builds(Neglect, days, st.sampled_from(Kind)))
def test_one_more_neglect_never_means_fewer_sanctions(rows: list[Neglect], more: Neglect) -> None:
    assert len(attendance.sanctions([*rows, more], AGREED)) >= len(attendance.sanctions(rows, AGREED))


@given(
    rows=st.lists(st.builds(Handover, days, st.none() | days, st.booleans()), max_size=12),
    free=st.integers(0, 3),
)
def test_the_first_remarks_are_free_and_every_later_one_is_not(rows: list[Handover], free: int) -> None:
    terms: Any = first_terms(handover_free_remarks=free)
    found = handover.breaches(rows, TermsByDay.always(terms))
    assert [one.sanction is None for one in found] == [one.number <= free for one in found]
    assert len(found) == sum(handover.breached_on(row, terms) is not None for row in rows)
