"""The traffic lights and the figures of runs on time: tables reckoned by hand."""

import datetime
from typing import Any

import pytest

from orgs.first_terms import first_terms
from orgs.models import Organisation
from orgs.staffing import Post
from orgs.terms_by_day import TermsByDay
from sanctions import attendance, lights, punctuality
from sanctions.attendance import Kind, Neglect
from sanctions.facts import Facts
from sanctions.lights import Level
from sanctions.models import Case
from sanctions.proceeding import Ground, Stage
from sanctions.punctuality import Publication

D = datetime.date.fromisoformat
TERMS, TODAY = first_terms(), D("2026-11-23")


def facts(**more: Any) -> Facts:
    return Facts(Organisation(name={"fi": "Espoo"}), **more)


def light(key: str, **more: Any) -> lights.Light:
    return next(one for one in lights.lights_of(facts(**more), TERMS, TODAY) if one.key == key)


def absences(*events: tuple[str, Kind]) -> list[attendance.Counted]:
    return attendance.counted([Neglect(D(day), kind) for day, kind in events], TermsByDay.always(TERMS))


def case(given: int, ground: Ground = Ground.OVERDUE) -> Case:
    made = Case(ground=ground, next_stage=Stage.SECOND, next_on=D("2026-11-24"))
    made.given = given  # type: ignore[attr-defined]
    return made


S, W, F = Kind.STEERING_ABSENCE, Kind.WORKING_ABSENCE, Kind.FACILITATION
LIGHTS: list[tuple[str, dict[str, Any], Level]] = [
    ("pipeline", {"running": 9}, Level.OK),
    ("pipeline", {"running": 9, "late": [D("2026-11-20")]}, Level.WARN),
    ("pipeline", {"running": 9, "late": [D("2026-11-20"), D("2026-10-24")]}, Level.WARN),
    ("pipeline", {"running": 9, "late": [D("2026-11-20"), D("2026-10-23")]}, Level.STOP),
    ("pairs", {"services": 40}, Level.OK),
    ("pairs", {"services": 40, "broken": 4}, Level.WARN),
    ("pairs", {"services": 40, "broken": 5}, Level.STOP),
    ("staffing", {"posts": [Post("a", 2, 2)]}, Level.OK),
    ("staffing", {"posts": [Post("a", 2, 1)]}, Level.WARN),
    ("staffing", {"posts": [Post("deputy", 1, 0)]}, Level.WARN),
    ("staffing", {"posts": [Post("main users", 2, 0)]}, Level.STOP),
    ("meetings", {}, Level.OK),
    ("meetings", {"neglects": absences(("2026-02-18", W))}, Level.OK),
    ("meetings", {"neglects": absences(("2026-02-18", W), ("2026-09-02", W))}, Level.WARN),
    ("meetings", {"neglects": absences(("2026-03-12", S))}, Level.WARN),
    ("meetings", {"neglects": absences(("2026-03-12", S), ("2026-09-17", S))}, Level.STOP),
    ("meetings", {"neglects": absences(("2026-11-23", F))}, Level.STOP),
    ("cases", {}, Level.OK),
    ("cases", {"cases": [case(0)]}, Level.WARN),
    ("cases", {"cases": [case(1)]}, Level.WARN),
    ("cases", {"cases": [case(0), case(2)]}, Level.STOP),
    ("cases", {"cases": [case(2, Ground.HANDOVER)]}, Level.WARN),
]


@pytest.mark.parametrize(("key", "known", "level"), LIGHTS)
def test_a_light_reckoned_by_hand(key: str, known: dict[str, Any], level: Level) -> None:
    found = light(key, **known)
    assert found.level == level
    assert found.word


def test_every_light_that_is_not_green_says_why() -> None:
    for key, known, level in LIGHTS:
        if level != Level.OK:
            assert light(key, **known).reason, key


def test_the_lights_of_cases_are_left_out_for_who_may_not_see_them() -> None:
    keys = [one.key for one in lights.lights_of(facts(cases=[case(2)]), TERMS, TODAY, cases=False)]
    assert keys == ["pipeline", "freshness", "pairs", "staffing", "meetings"]


def published(day: str, days: int, how: str = "ok") -> Publication:
    return Publication(D(day), days, how)


def test_publications_stand_in_the_week_in_which_they_were_published() -> None:
    weeks = punctuality.weeks_of(
        [published("2026-11-16", 4), published("2026-11-22", 9, "mid"), published("2026-11-23", 16, "late"),
         published("2026-09-06", 5)],
        TODAY,
    )  # fmt: skip
    assert len(weeks) == punctuality.WEEKS
    assert [week.number for week in weeks[-3:]] == [46, 47, 48]
    assert (weeks[-2].median, weeks[-2].counts) == (6.5, (1, 1, 0))
    assert (weeks[-1].median, weeks[-1].counts) == (16, (0, 0, 1))
    assert sum(len(week.publications) for week in weeks) == 3  # 6 September is out of reach
    assert punctuality.first_day(TODAY) == weeks[0].monday == D("2026-09-07")


def test_the_drawing_keeps_marks_within_its_plane_and_apart() -> None:
    ones = [published("2026-11-16", 4), published("2026-11-17", 4), published("2026-11-18", 43, "late")]
    chart = punctuality.chart_of(punctuality.weeks_of(ones, TODAY), 7, 14)
    assert all(16 <= mark.y <= 262 and 56 <= mark.x <= 706 for mark in chart.marks)
    assert len({(mark.x, mark.y) for mark in chart.marks}) == 3
    assert chart.axis[-1][1] == 45
    assert chart.due < chart.target


def test_many_of_a_week_stay_within_their_week_and_show_how_they_were() -> None:
    ones = [published("2026-11-18", 4, "ok")] * 300 + [published("2026-11-18", 4, "late")] * 100
    chart = punctuality.chart_of(punctuality.weeks_of(ones, TODAY), 7, 14)
    middle, width = chart.weeks[-2][0], chart.weeks[-1][0] - chart.weeks[-2][0]
    assert all(abs(mark.x - middle) <= width / 2 for mark in chart.marks)
    assert [mark.how for mark in chart.marks].count("late") * 3 == [mark.how for mark in chart.marks].count(
        "ok"
    )


def test_an_empty_autumn_can_be_drawn() -> None:
    chart = punctuality.chart_of(punctuality.weeks_of([], TODAY), 7, 14)
    assert (chart.marks, chart.median) == ([], [])
