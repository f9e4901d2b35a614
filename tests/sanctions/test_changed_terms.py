"""A change of the agreement's terms never reaches back: what has its ground before it stays as it was."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgs import clock
from orgs.models import Agreement, User
from orgs.terms import FIELDS, Terms, as_values
from sanctions import neglects, proceeding
from sanctions.actions import deciding, opening
from sanctions.models import Case, Handover
from sanctions.proceeding import Stage
from sanctions.scenario import BadScenario, scenario_from
from sanctions.simulation import simulate
from tests.other_terms import all_others, another, with_another
from tests.sanctions.conftest import D, Office, discussed, on, sweep
from tests.sanctions.test_demo import recorded, sanctions_of_the_ledger
from workflow import run_clock
from workflow.models import HolidaySeason, Run

_DAY = datetime.timedelta(days=1)


def change(terms: Terms, first: datetime.date) -> None:
    """Have other terms hold from a day on."""
    agreement = Agreement.objects.covering(clock.today())
    assert agreement is not None
    agreement.agreed.create(starts_on=first, terms=terms, decision="Ohjausryhmä 5/2026")


def reckoned() -> dict[str, Any]:
    """Return what is reckoned by terms of everything that has a ground today."""
    seasons, year = list(HolidaySeason.objects.all()), clock.today().year
    cases, runs = Case.objects.filter(state=Case.State.OPEN), Run.objects.filter(submitted_at__isnull=False)
    return {
        "runs": [(run.pk, run_clock.reckoned(run, seasons)) for run in runs],
        "sums": [(case.pk, deciding.amount_proposed(case)) for case in cases],
        "steps": [
            (case.pk, proceeding.following(Stage(case.next_stage), clock.today(), case.terms))
            for case in cases
        ],
        "absences": [neglects.counted_of(year), neglects.grounds_of(year)],
        "handovers": [(one.pk, opening.breach_of(one)) for one in Handover.objects.all()],
        "simulated": recorded(),
    }


def test_a_change_of_any_term_leaves_what_has_its_ground(manual: None) -> None:
    before = reckoned()
    assert all(before.values())
    agreement = Agreement.objects.covering(clock.today())
    assert agreement is not None
    for field in FIELDS:
        row = agreement.agreed.create(starts_on=clock.today() + _DAY, terms=with_another(field.name))
        assert reckoned() == before, field.name
        row.delete()


def test_terms_that_reach_back_would_be_seen(manual: None) -> None:
    before = reckoned()
    change(all_others(), D("2026-01-01"))
    after = reckoned()
    assert [name for name in before if before[name] == after[name]] == []


def test_the_ledger_is_what_simulate_says_over_a_change_of_every_term(manual: None) -> None:
    manager = User.objects.get(email="projektipaallikko@projekti.example")
    today = clock.today()
    change(all_others(), today + _DAY)
    for day in range(38):
        with clock.as_of(today + day * _DAY):
            sweep()
            for waiting in Case.objects.filter(proposed_on__isnull=False).exclude(ground="error"):
                with clock.as_of(waiting.proposed_on):
                    is_talk = waiting.next_stage == Stage.DISCUSSION
                    told = discussed(clock.today().isoformat()) if is_talk else {}
                    deciding.give(waiting, waiting.next_stage, by=manager, **told)
    with clock.as_of(today + 37 * _DAY):
        simulated = sorted(
            (row["date"], row["partner"], row["kind"], Decimal(row["amount"]))
            for row in recorded()["sanctions"]
        )
    assert simulated == sanctions_of_the_ledger()
    assert len(simulated) >= 4


def test_a_case_keeps_the_sum_and_the_terms_of_the_day_of_its_ground(late: Office) -> None:
    with on("2026-01-23"):
        change(all_others(), D("2026-02-01"))
        first = deciding.give(late.case, Stage.FIRST, by=late.manager)
    assert first.put_right_by == D("2026-02-23")
    with on("2026-02-24"):
        sweep()
        second = deciding.give(late.case, Stage.SECOND, by=late.manager)
    assert second.put_right_by == D("2026-03-03")
    with on("2026-03-04"):
        sweep()
        assert deciding.give(late.case, Stage.THIRD, by=late.manager).amount == Decimal(1000)


def test_a_run_of_before_keeps_its_dates_and_becomes_late_under_the_terms_of_that_day(office: Office) -> None:
    with on("2026-01-07"):
        change(all_others(), D("2026-01-15"))
        run = office.pipeline.submit()
    with on("2026-01-22"):
        sweep()
        run.refresh_from_db()
        assert run.overdue_from == D("2026-01-22"), "due by the terms of its submission"
        assert office.case.terms == all_others()


_DAYS = st.dates(D("2026-01-01"), D("2026-11-30"))


@st.composite
def histories(draw: st.DrawFn) -> dict[str, Any]:
    """Return a year's runs, meetings, workshops and handovers of two partners, as a scenario."""
    partners = st.sampled_from(["espoo", "vantaa"])
    runs = []
    for number, submitted in enumerate(draw(st.lists(_DAYS, max_size=4))):
        run = {"id": f"r{number}", "partner": draw(partners), "submitted": submitted.isoformat()}
        run["kind"] = draw(st.sampled_from(["new", "update"]))
        if draw(st.booleans()):
            run["published"] = (submitted + draw(st.integers(0, 120)) * _DAY).isoformat()
        runs.append(run)
    handovers = []
    for since in draw(st.lists(_DAYS, max_size=4)):
        due = since + draw(st.integers(1, 30)) * _DAY
        handovers.append({"partner": draw(partners), "since": since.isoformat(), "due": due.isoformat()})
    return {
        "until": "2026-12-31",
        "runs": runs,
        "handovers": handovers,
        "meetings": [
            {"body": draw(st.sampled_from(["steering", "working"])), "date": day.isoformat(),
             "absent": draw(st.lists(partners, unique=True))}
            for day in draw(st.lists(_DAYS, max_size=8))
        ],
        "workshops": [
            {"date": day.isoformat(), "facilitator": draw(partners), "done": draw(st.booleans())}
            for day in draw(st.lists(_DAYS, max_size=3))
        ],
    }  # fmt: skip


def _of_before(history: dict[str, Any], first: str, **more: Any) -> dict[str, Any]:
    """Return what a history comes to of which the ground lies before a day."""
    found = simulate(scenario_from(history | more))
    late = {run["id"] for run in found["runs"] if (run["overdue_from"] or first) < first}
    sent = {run["id"] for run in history["runs"] if run["submitted"] < first}
    return {
        "runs": [run for run in found["runs"] if run["id"] in sent],
        "remarks": [one for one in found["remarks"] if one["case"] in late],
        "cooperation": [
            one for one in found["sanctions"] if one["kind"] == "cooperation" and one["date"] < first
        ],
        "handover": [one for one in found["sanctions"] if one["kind"] == "handover" and one["date"] < first],
        "content": sorted(one["amount"] for one in found["sanctions"] if one["kind"] == "content")
        if len(late) == len(found["runs"])
        else [],
    }


@given(history=histories(), first=_DAYS, name=st.sampled_from([field.name for field in FIELDS]))
def test_in_any_history_a_change_of_any_term_leaves_what_lies_before_it(
    history: dict[str, Any], first: datetime.date, name: str
) -> None:
    day = first.isoformat()
    changes = [{"from": day, "terms": {name: another(name)}}]
    assert _of_before(history, day) == _of_before(history, day, changes=changes)


@given(history=histories(), name=st.sampled_from([field.name for field in FIELDS]))
def test_terms_that_change_before_everything_are_terms_that_always_held(
    history: dict[str, Any], name: str
) -> None:
    other = {name: another(name)}
    always = simulate(scenario_from(history | {"terms": other}))
    assert always == simulate(scenario_from(history | {"changes": [{"from": "2025-12-31", "terms": other}]}))


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ([{"from": "2026-02-01", "terms": {"content_sanction": -1}}], "changes[0].terms.content_sanction"),
        ([{"from": "2026-02-30", "terms": {}}], "changes[0].from"),
        ([{"from": "2026-03-01", "terms": {}}, {"from": "2026-03-01", "terms": {}}], "changes[1].from"),
        ([{"from": "2026-03-01", "terms": {"update_due_days": 3}}], "changes[0].terms.update_due_days"),
        ([{"from": "2026-03-01", "terms": {"sum": 3}}], "changes[0].terms"),
    ],
)
def test_changes_that_can_t_be_are_told_with_their_place(changes: list[Any], place: str) -> None:
    with pytest.raises(BadScenario) as refused:
        scenario_from({"until": "2026-12-31", "changes": changes})
    assert [one for one, _message in refused.value.problems] == [place]


def test_a_term_set_given_whole_is_read_whole() -> None:
    found = scenario_from(
        {"until": "2026-12-31", "changes": [{"from": "2026-03-01", "terms": as_values(all_others())}]}
    )
    assert found.agreed.on(D("2026-03-01")) == all_others()
    assert found.agreed.on(D("2026-02-28")) != all_others()
