"""What the agreement says in words is what the rules do: numbers are read off both."""

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from orgs import accounts, staffing, terms_in_words
from orgs.roles import MAIN_USER
from orgs.shares import votes_of
from orgs.terms import Terms
from orgs.terms_by_day import TermsByDay
from sanctions import attendance, handover, ladder
from sanctions.attendance import Kind, Neglect
from tests import factories
from workflow import deadlines, freshness

D = datetime.date
MONDAY = D(2027, 3, 1)
_COUNTS = st.integers(2, 9)
_EUROS = st.integers(2, 990).map(Decimal)


def terms(**numbers: object) -> Terms:
    """Return terms in which nothing moves to another day by itself."""
    return factories.terms(**{"due_on_working_days": False} | numbers)


def said(agreed: Terms, language: str = "en") -> str:
    with override(language):
        parts = terms_in_words.sections(agreed)
    return " ".join(sentence for _title, sentences in parts for sentence in sentences)


def after(first: D, last: D | None) -> int:
    assert last is not None
    return (last - first).days


@given(target=_COUNTS, more=st.integers(0, 9), longer=st.booleans())
def test_targets_and_due_dates(target: int, more: int, longer: bool) -> None:
    name = "new" if longer else "update"
    agreed = terms(**{f"{name}_target_days": target, f"{name}_due_days": target + more})
    dates = deadlines.dates_of(MONDAY, [], agreed, longer=longer)
    words = "A new service" if longer else "An update"
    assert (
        f"{words} is published within {after(MONDAY, dates.target)} days if all goes well, "
        f"and within {after(MONDAY, dates.due)} days at the latest."
    ) in said(agreed)


@pytest.mark.parametrize("moves", [True, False])
def test_due_dates_on_days_off(moves: bool) -> None:
    saturday = D(2027, 3, 6)
    agreed = factories.terms(due_on_working_days=moves)
    moved = deadlines.moved(saturday, agreed) != saturday
    words = "moves to the next working day." if moved else "does not move."
    assert f"A due date on a day off {words}" in said(agreed)


@given(months=_COUNTS, days=_COUNTS, sum_=_EUROS)
def test_remarks_and_the_sanction_on_content(months: int, days: int, sum_: Decimal) -> None:
    agreed = terms(first_remark_months=months, second_remark_days=days, content_sanction=sum_)
    first, second, third = ladder.climbed(MONDAY, agreed)
    assert first.put_right_by is not None
    assert second.put_right_by is not None
    passed = (first.put_right_by.year - MONDAY.year) * 12 + first.put_right_by.month - MONDAY.month
    sanction = ladder.sanction_of([first, second, third], agreed)
    assert sanction
    text = said(agreed)
    assert f"After the first remark the breach is put right within {passed} months." in text
    assert f"It is followed up after {after(second.on, second.put_right_by)} days;" in text
    assert f"a third remark is given with a sanction of €{sanction.amount:.0f}" in text.replace("\xa0", "")


def absences(kind: Kind) -> Iterator[Neglect]:
    """Yield one absence a month, over both halves of a calendar year."""
    return (Neglect(D(2027, month, 10), kind) for month in range(1, 13))


@given(limit=st.integers(1, 12), steering=st.booleans())
def test_absences_count_by_calendar_year_from_a_number_on(limit: int, steering: bool) -> None:
    body, kind = ("steering", Kind.STEERING_ABSENCE) if steering else ("working", Kind.WORKING_ABSENCE)
    agreed = terms(**{f"{body}_absence_limit": limit})
    counted = attendance.counted(absences(kind), TermsByDay.always(agreed))
    number = next(one.number for one in counted if one.sanctionable)
    assert all(one.sanctionable for one in counted[number - 1 :]), "and each later one"
    assert f"In the {body} group, absence number {number} of a calendar year and each later one" in said(
        agreed
    )


def test_a_neglected_workshop_counts_at_once() -> None:
    (one,) = attendance.counted([Neglect(MONDAY, Kind.FACILITATION)], TermsByDay.always(terms()))
    assert one.sanctionable
    assert "A policy workshop that was to be facilitated and was not counts at once." in said(terms())


@given(sum_=_EUROS, many=st.integers(2, 6))
def test_a_half_year_brings_one_sanction_however_much_counts(sum_: Decimal, many: int) -> None:
    agreed = terms(cooperation_sanction=sum_)
    events = [Neglect(D(2027, 1, 10 + number), Kind.FACILITATION) for number in range(many)]
    (sanction,) = attendance.sanctions(events, TermsByDay.always(agreed))
    assert f"one sanction of €{sanction.amount:.0f}, however much there is." in said(agreed).replace(
        "\xa0", ""
    )


@given(free=st.integers(0, 4), sum_=_EUROS)
def test_remarks_on_handing_over_of_which_the_first_are_free(free: int, sum_: Decimal) -> None:
    agreed = terms(handover_free_remarks=free, handover_sanction=sum_)
    late = [handover.Handover(MONDAY + datetime.timedelta(days=number)) for number in range(6)]
    breaches = handover.breaches(late, TermsByDay.always(agreed))
    without = sum(one.sanction is None for one in breaches)
    amount = f"€{breaches[-1].sanction:.0f}"
    text = said(agreed).replace("\xa0", "")
    wanted = {
        0: f"Each such remark brings a sanction of {amount}.",
        1: f"A partner's first such remark in the agreement brings no sanction, each later one {amount}.",
    }
    several = f"A partner's first {without} such remarks in the agreement bring no sanction, each later"
    assert wanted.get(without, several) in text


@given(parts=st.lists(st.integers(1, 9), min_size=2, max_size=5), share=st.fractions(Fraction(1, 2), 1))
def test_the_majority(parts: list[int], share: Fraction) -> None:
    share = share.limit_denominator(9)
    agreed = terms(majority=share)
    votes, needed = votes_of({n: Fraction(part, sum(parts)) for n, part in enumerate(parts)}, share)
    assert Fraction(needed, sum(votes.values())) >= share
    assert f"A decision needs at least {agreed.majority} of the whole voting power." in said(agreed)


def gaps(rungs: Iterable[object], agreed: Terms) -> list[int]:
    """Return how many days each step of a ladder comes after the one before."""
    return [after(MONDAY, rung.after(MONDAY)) for rung in rungs]  # type: ignore[attr-defined]


@given(first=_COUNTS, second=_COUNTS, outdated=_COUNTS, months=_COUNTS)
def test_content_that_nobody_confirms(first: int, second: int, outdated: int, months: int) -> None:
    agreed = terms(
        confirm_days=first, second_reminder_days=second, outdate_days=outdated, archive_months=months
    )
    a, b, c = gaps(freshness.rungs_of(agreed), agreed)
    archived = freshness.archived_on(MONDAY, agreed)
    passed = (archived.year - MONDAY.year) * 12 + archived.month - MONDAY.month
    text = said(agreed)
    assert f"Content is confirmed at least every {a} days." in text
    assert (
        f"A second reminder follows after {b} days, and after {c} days more the service is outdated." in text
    )
    assert f"An outdated service is archived after {passed} months." in text


@given(first=_COUNTS, second=_COUNTS, block=_COUNTS, gone=_COUNTS)
def test_accounts_that_are_not_used(first: int, second: int, block: int, gone: int) -> None:
    agreed = terms(inactive_days=first, second_notice_days=second, block_days=block, anonymise_days=gone)
    a, b, c, d = gaps(accounts.rungs_of(agreed), agreed)
    text = said(agreed)
    assert f"not used their account for {a} days is told, and again after {b} days more." in text
    assert f"After {c} days more the account is blocked, and {d} days later personal data is removed." in text


@given(main=_COUNTS, deputies=_COUNTS)
def test_the_people_that_a_partner_names(main: int, deputies: int) -> None:
    agreed = terms(partner_main_users=main, working_group_deputies=deputies)
    text = said(agreed)
    with override("en"):
        needed = {str(post.label): post.needed for post in staffing.staffing("partner", [MAIN_USER], agreed)}
    assert f"main users {needed['Main users']}," in text
    assert f"deputies {needed['Working group deputy']}," in text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", "Ohjausryhmässä sanktion peruste on kalenterivuoden 2. poissaolo ja jokainen sen jälkeinen."),
        ("fi", "Linjaustyöpajan vetovuoron laiminlyönti on sanktion peruste aina."),
        (
            "fi",
            "Ellei sopimusrikettä ole silloinkaan korjattu, annetaan kolmas huomautus ja sanktio, 1 000 €.",
        ),
        ("sv", "I arbetsgruppen är kalenderårets frånvaro nummer 3 och varje senare frånvaro en grund"),
    ],
)
def test_the_agreements_own_words_are_used(language: str, words: str) -> None:
    assert words in said(factories.terms(), language).replace("\xa0", " ")
