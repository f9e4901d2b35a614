"""What a scenario comes to: the agreement's rules over recorded or imagined events. Pure.

Every proposal is accepted on its day; what would happen after the scenario's last day is left out.
"""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sanctions import attendance, handover, ladder
from sanctions.scenario import Run, Scenario
from workflow import deadlines
from workflow.deadlines import Dates

_DAY = datetime.timedelta(days=1)


def simulate(scenario: Scenario) -> dict[str, Any]:
    """Return runs, remarks, sanctions and their totals as plain values of JSON, each list in order."""
    runs = sorted(
        (run for run in scenario.runs if run.submitted <= scenario.until),
        key=lambda run: (run.submitted, run.partner, run.id),
    )
    remarks = [row for run in runs for row in _remarks(scenario, run)]
    sanctions = [
        *(row for run in runs for row in _content(scenario, run)),
        *_cooperation(scenario),
        *_handovers(scenario),
    ]
    sanctions.sort(key=lambda row: (row["date"], row["partner"], row["kind"]))
    totals: dict[str, Decimal] = {}
    for row in sanctions:
        totals[row["partner"]] = totals.get(row["partner"], Decimal(0)) + row["amount"]
    return {
        "runs": [_run(scenario, run) for run in runs],
        "remarks": sorted(remarks, key=lambda row: (row["date"], row["partner"], row["case"])),
        "sanctions": [row | {"amount": _number(row["amount"])} for row in sanctions],
        "totals": {partner: _number(amount) for partner, amount in sorted(totals.items())},
    }


def _number(amount: Decimal) -> int | float:
    return int(amount) if amount == int(amount) else float(amount)


def _dates(scenario: Scenario, run: Run) -> Dates:
    spans = [*run.pauses, *scenario.seasons]
    return deadlines.dates_of(run.submitted, spans, scenario.agreed.on(run.submitted), longer=run.new)


def _overdue_from(scenario: Scenario, run: Run) -> datetime.date | None:
    """Return the day after the due date if the run was still open on it, within the scenario's days."""
    due = _dates(scenario, run).due
    if due is None or due >= scenario.until or (run.published is not None and run.published <= due):
        return None
    return due + _DAY


def _run(scenario: Scenario, run: Run) -> dict[str, Any]:
    dates = _dates(scenario, run)
    return {
        "id": run.id,
        "target": _iso(dates.target),
        "due": _iso(dates.due),
        "overdue_from": _iso(_overdue_from(scenario, run)),
    }


def _iso(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None


def _climbed(scenario: Scenario, run: Run) -> list[ladder.Remark]:
    ground = _overdue_from(scenario, run)
    if ground is None or not _in_force(scenario, ground):
        return []
    ends = [day for day in (run.published, run.put_right) if day is not None]
    agreed = scenario.agreed.on(ground)
    return ladder.climbed(ground, agreed, put_right=min(ends, default=None), until=_last(scenario))


def _in_force(scenario: Scenario, day: datetime.date) -> bool:
    return scenario.first <= day <= scenario.last


def _last(scenario: Scenario) -> datetime.date:
    """Return the last day on which something is proposed: that of the scenario or of the agreement."""
    return min(scenario.until, scenario.last)


def _remarks(scenario: Scenario, run: Run) -> Iterator[dict[str, Any]]:
    for remark in _climbed(scenario, run):
        yield {
            "case": run.id,
            "partner": run.partner,
            "level": remark.level,
            "date": remark.on.isoformat(),
            "put_right_by": _iso(remark.put_right_by),
        }


def _content(scenario: Scenario, run: Run) -> Iterator[dict[str, Any]]:
    remarks = _climbed(scenario, run)
    if remarks and (sanction := ladder.sanction_of(remarks, scenario.agreed.on(remarks[0].on))):
        yield _sanction(run.partner, "content", sanction.on, sanction.amount)


def _cooperation(scenario: Scenario) -> Iterator[dict[str, Any]]:
    for partner, events in scenario.neglects.items():
        past = [one for one in events if one.on <= scenario.until and _in_force(scenario, one.on)]
        for sanction in attendance.sanctions(past, scenario.agreed):
            yield _sanction(partner, "cooperation", sanction.on, sanction.amount)


def _handovers(scenario: Scenario) -> Iterator[dict[str, Any]]:
    for partner, rows in scenario.handovers.items():
        kept = [one for one in rows if _in_force(scenario, one.due)]
        for breach in handover.breaches(kept, scenario.agreed, until=_last(scenario)):
            if breach.sanction is not None:
                yield _sanction(partner, "handover", breach.on, breach.sanction)


def _sanction(partner: str, kind: str, on: datetime.date, amount: Decimal) -> dict[str, Any]:
    return {"partner": partner, "kind": kind, "date": on.isoformat(), "amount": amount}
