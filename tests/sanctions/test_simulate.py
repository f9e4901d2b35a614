"""What if: `manage.py simulate` over scenarios."""

import datetime
import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from sanctions.scenario import BadScenario, scenario_from
from sanctions.simulation import simulate

Content = dict[str, Any]


def run(key: str = "r1", *, partner: str = "espoo", submitted: str = "2026-01-07", **more: Any) -> Content:
    """Return an update whose due date is Wednesday 21 January 2026, if nothing else is said."""
    return {"id": key, "partner": partner, "kind": "update", "submitted": submitted} | more


def result(until: str = "2026-12-31", **lists: Any) -> Content:
    return simulate(scenario_from({"until": until} | lists))


def test_the_worked_example() -> None:
    meetings = [
        {"body": "steering", "date": day, "absent": absent}
        for day, absent in (("2026-02-10", ["vantaa"]), ("2026-05-12", []), ("2026-08-18", ["vantaa"]))
    ]
    assert result(meetings=meetings) == {
        "runs": [],
        "remarks": [],
        "sanctions": [{"partner": "vantaa", "kind": "cooperation", "date": "2026-08-18", "amount": 500}],
        "totals": {"vantaa": 500},
    }


def test_a_run_that_nobody_publishes_climbs_the_whole_ladder() -> None:
    found = result(runs=[run()])
    assert found["runs"] == [
        {"id": "r1", "target": "2026-01-14", "due": "2026-01-21", "overdue_from": "2026-01-22"}
    ]
    assert [(one["case"], one["level"], one["date"], one["put_right_by"]) for one in found["remarks"]] == [
        ("r1", 1, "2026-01-22", "2026-02-23"),
        ("r1", 2, "2026-02-24", "2026-03-03"),
        ("r1", 3, "2026-03-04", None),
    ]
    assert found["sanctions"] == [
        {"partner": "espoo", "kind": "content", "date": "2026-03-04", "amount": 1000}
    ]
    assert found["totals"] == {"espoo": 1000}


# What is known of the run, and how many remarks and sanctions follow.
WAYS: list[tuple[Content, int, int]] = [
    ({"published": "2026-01-21"}, 0, 0),
    ({"published": "2026-01-22"}, 1, 0),
    ({"published": "2026-02-23"}, 1, 0),
    ({"published": "2026-02-24"}, 2, 0),
    ({"put_right": "2026-02-23"}, 1, 0),
    ({"put_right": "2026-03-03"}, 2, 0),
    ({"put_right": "2026-03-04"}, 3, 1),
    ({"published": "2026-03-20", "put_right": "2026-02-23"}, 1, 0),
    ({"kind": "new"}, 3, 1),
    ({"pauses": [{"reason": "legal", "from": "2026-01-10"}]}, 0, 0),
    ({"pauses": [{"reason": "legal", "from": "2026-01-10", "to": "2026-01-12"}]}, 3, 1),
    (
        {"published": "2026-01-23", "pauses": [{"reason": "x", "from": "2026-01-10", "to": "2026-01-12"}]},
        0,
        0,
    ),
    # A pause that starts after the due date undoes nothing.
    ({"pauses": [{"reason": "legal", "from": "2026-01-22"}]}, 3, 1),
]


@pytest.mark.parametrize(("more", "remarks", "sanctions"), WAYS)
def test_what_stops_the_ladder(more: Content, remarks: int, sanctions: int) -> None:
    found = result(runs=[run(**more)])
    assert (len(found["remarks"]), len(found["sanctions"])) == (remarks, sanctions)


def test_a_season_stops_every_clock_from_its_first_day_to_its_last() -> None:
    season = {"from": "2026-01-12", "to": "2026-01-13"}
    assert result(runs=[run()], seasons=[season])["runs"][0]["due"] == "2026-01-23"


def test_what_would_happen_after_the_last_day_is_left_out() -> None:
    rows = [run(), run("r2", submitted="2026-03-01")]
    found = result("2026-02-24", runs=rows)
    assert [one["id"] for one in found["runs"]] == ["r1"]
    assert [one["level"] for one in found["remarks"]] == [1, 2]
    assert result("2026-01-21", runs=[run()])["runs"][0]["overdue_from"] is None
    assert result("2026-01-22", runs=[run()])["runs"][0]["overdue_from"] == "2026-01-22"
    absences = [
        {"body": "steering", "date": day, "absent": ["espoo"]} for day in ("2026-02-10", "2026-05-12")
    ]
    assert result("2026-05-11", meetings=absences)["sanctions"] == []
    assert len(result("2026-05-12", meetings=absences)["sanctions"]) == 1
    late = [{"partner": "espoo", "due": "2026-02-02"}, {"partner": "espoo", "due": "2026-03-02"}]
    assert result("2026-03-02", handovers=late)["sanctions"] == []
    assert len(result("2026-03-03", handovers=late)["sanctions"]) == 1


def test_lists_are_in_order_of_date_partner_and_id() -> None:
    rows = [run("b", partner="vantaa"), run("c"), run("a"), run("z", submitted="2026-01-05")]
    found = result(runs=rows)
    assert [one["id"] for one in found["runs"]] == ["z", "a", "c", "b"]
    assert [one["case"] for one in found["remarks"]][:4] == ["z", "a", "c", "b"]
    assert list(found["totals"]) == ["espoo", "vantaa"]
    assert found["totals"] == {"espoo": 3000, "vantaa": 1000}


def test_terms_can_be_other_ones() -> None:
    terms = {"due_on_working_days": False, "content_sanction": "750.50", "first_remark_months": 2}
    found = result(runs=[run()], terms=terms)
    assert found["remarks"][0]["put_right_by"] == "2026-03-22"
    assert found["totals"] == {"espoo": 750.5}


BACKWARDS = {"reason": "x", "from": "2026-01-09", "to": "2026-01-08"}
WRONG: list[tuple[Any, list[str]]] = [
    ([], [""]),
    ({}, [""]),
    ({"until": "2026-02-30"}, ["until"]),
    ({"until": "soon"}, ["until"]),
    ({"until": "2026-01-01", "extra": 1}, [""]),
    ({"until": "2026-01-01", "terms": {"nothing": 1}}, ["terms"]),
    ({"until": "2026-01-01", "terms": {"confirm_days": 0}}, ["terms.confirm_days"]),
    ({"until": "2026-01-01", "runs": [run(kind="old")]}, ["runs[0].kind"]),
    ({"until": "2026-01-01", "runs": [run(), run()]}, ["runs"]),
    ({"until": "2026-01-01", "runs": [run(published="2026-01-01")]}, ["runs[0].published"]),
    (
        {"until": "2026-01-01", "runs": [run(pauses=[BACKWARDS])]},
        ["runs[0].pauses[0].to"],
    ),
    ({"until": "2026-01-01", "seasons": [{"from": "2026-01-02", "to": "2026-01-01"}]}, ["seasons[0].to"]),
    (
        {"until": "2026-01-01", "meetings": [{"body": "board", "date": "2026-13-01", "absent": ["a", "a"]}]},
        ["meetings[0].body", "meetings[0].date", "meetings[0].absent"],
    ),
    ({"until": "2026-01-01", "handovers": [{"partner": "", "due": "2026-01-01"}]}, ["handovers[0].partner"]),
]  # fmt: skip


@pytest.mark.parametrize(("content", "places"), WRONG, ids=[str(number) for number in range(len(WRONG))])
def test_everything_that_is_wrong_is_told_with_its_place(content: Any, places: list[str]) -> None:
    with pytest.raises(BadScenario) as caught:
        scenario_from(content)
    assert sorted({place for place, _message in caught.value.problems}) == sorted(places)
    assert all(message for _place, message in caught.value.problems)


def test_the_command_prints_json_or_all_errors(tmp_path: Path) -> None:
    file = tmp_path / "scenario.json"
    file.write_text(json.dumps({"until": "2026-12-31", "runs": [run()]}))
    out = StringIO()
    call_command("simulate", str(file), stdout=out)
    assert json.loads(out.getvalue())["totals"] == {"espoo": 1000}
    file.write_text(json.dumps({"until": "2026-02-30", "runs": [run(kind="old")]}))
    with pytest.raises(CommandError) as caught:
        call_command("simulate", str(file))
    assert caught.value.returncode == 2
    assert "until: " in str(caught.value)
    assert "runs[0].kind: " in str(caught.value)
    for unreadable in (tmp_path / "nothing.json", tmp_path):
        with pytest.raises(CommandError) as caught:
            call_command("simulate", str(unreadable))
        assert caught.value.returncode == 2


def test_the_command_needs_no_settings_and_no_database() -> None:
    answer = subprocess.run(
        [sys.executable, "manage.py", "simulate", "-"],
        input=json.dumps({"until": "2026-12-31", "runs": [run()]}),
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(answer.stdout)["totals"] == {"espoo": 1000}


_days = st.dates(datetime.date(2026, 1, 1), datetime.date(2026, 12, 31)).map(datetime.date.isoformat)
_pauses = st.lists(
    st.tuples(_days, _days).map(lambda pair: {"reason": "x", "from": min(pair), "to": max(pair)}), max_size=4
)


@given(submitted=_days, pauses=_pauses, more=_pauses, kind=st.sampled_from(["new", "update"]))
def test_more_pauses_never_mean_more_sanctions(
    submitted: str, pauses: list[Content], more: list[Content], kind: str
) -> None:
    def found(rows: list[Content]) -> tuple[int, int]:
        content = run(submitted=submitted, kind=kind, pauses=rows)
        reckoned = result("2027-06-30", runs=[content])
        return len(reckoned["remarks"]), len(reckoned["sanctions"])

    assert found([*pauses, *more]) <= found(pauses)


@given(seed=st.randoms(use_true_random=False), days=st.lists(_days, min_size=6, max_size=6))
def test_the_order_in_which_things_are_told_changes_nothing(seed: Any, days: list[str]) -> None:
    partners = ["espoo", "vantaa"]
    content: Content = {
        "runs": [run(id=f"r{n}", partner=partners[n % 2], submitted=day) for n, day in enumerate(days)],
        "meetings": [
            {"body": "steering" if n % 2 else "working", "date": day, "absent": list(partners)}
            for n, day in enumerate(sorted(set(days)))
        ],
        "workshops": [{"date": day, "facilitator": "espoo", "done": False} for day in sorted(set(days))],
        "handovers": [{"partner": partners[n % 2], "due": day} for n, day in enumerate(days)],
    }
    shuffled = {name: seed.sample(rows, len(rows)) for name, rows in content.items()}
    assert result("2027-06-30", **shuffled) == result("2027-06-30", **content)
