"""A scenario for `manage.py simulate`: what happened, or might, as a file; checked before it is believed."""

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator

from orgs.first_terms import first_terms
from orgs.terms import FIELDS
from orgs.terms_by_day import TermsByDay
from sanctions.attendance import Kind, Neglect
from sanctions.handover import Handover
from services.document_schema import DAY, list_of, object_of, string
from services.schema_words import words_for
from workflow import deadlines
from workflow.deadlines import Span

_DAY = string(pattern=DAY)
_NAME = string(minLength=1)
_TERMS = {"type": "object", "propertyNames": {"enum": [field.name for field in FIELDS]}}
_BODIES = {"steering": Kind.STEERING_ABSENCE, "working": Kind.WORKING_ABSENCE}
_SCHEMA = object_of(
    {"until": _DAY},
    {
        "agreement": object_of({"from": _DAY}, {"to": _DAY}),
        "terms": _TERMS,
        "changes": list_of(object_of({"from": _DAY, "terms": _TERMS})),
        "seasons": list_of(object_of({"from": _DAY, "to": _DAY})),
        "runs": list_of(
            object_of(
                {"id": _NAME, "partner": _NAME, "kind": {"enum": ["new", "update"]}, "submitted": _DAY},
                {
                    "published": _DAY,
                    "put_right": _DAY,
                    "pauses": list_of(object_of({"reason": string(), "from": _DAY}, {"to": _DAY})),
                },
            )
        ),
        "meetings": list_of(
            object_of({"body": {"enum": list(_BODIES)}, "date": _DAY, "absent": list_of(_NAME)})
        ),
        "workshops": list_of(object_of({"date": _DAY, "facilitator": _NAME, "done": {"type": "boolean"}})),
        "handovers": list_of(
            object_of(
                {"partner": _NAME, "due": _DAY}, {"since": _DAY, "done": _DAY, "excused": {"type": "boolean"}}
            )
        ),
    },
)
_DAYS = frozenset(
    {"until", "from", "to", "submitted", "published", "put_right", "date", "due", "done", "since"}
)


@dataclass(frozen=True)
class Run:
    """A run of a scenario; its pauses all count. `put_right` is the day on which a breach was mended."""

    id: str
    partner: str
    new: bool
    submitted: datetime.date
    published: datetime.date | None
    put_right: datetime.date | None
    pauses: tuple[Span, ...]


@dataclass(frozen=True)
class Scenario:
    """What is simulated: up to a day, under the terms of each day of an agreement."""

    until: datetime.date
    first: datetime.date  # of the agreement
    last: datetime.date
    agreed: TermsByDay
    seasons: tuple[Span, ...]
    runs: tuple[Run, ...]
    neglects: Mapping[str, list[Neglect]]  # by partner
    handovers: Mapping[str, list[Handover]]  # by partner


class BadScenario(ValueError):
    """A file that is no scenario: everything that is wrong with it, each with its place."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        self.problems = problems
        super().__init__("\n".join(f"{place or '.'}: {message}" for place, message in problems))


def scenario_from(content: Any) -> Scenario:
    """Return the scenario in the content of a file; raises BadScenario."""
    found = list(Draft202012Validator(_SCHEMA).iter_errors(content))
    problems = [(_place(error.absolute_path), words_for(error)) for error in found]
    if isinstance(content, dict):
        wrong = {place for place, _message in problems}
        problems += [one for one in _problems(content) if one[0] not in wrong]
    if problems:
        raise BadScenario(problems)
    return _parsed(content)


def _place(steps: Any) -> str:
    """Return a place as one writes it: runs[0].pauses[1].from."""
    place = ""
    for step in steps:
        place += f"[{step}]" if isinstance(step, int) else f".{step}" if place else str(step)
    return place


def _problems(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what a schema can't see; looks past whatever has the wrong shape."""
    yield from _impossible_days(content, ())
    for name in ("seasons", "runs", "meetings"):
        rows = content.get(name)
        for index, row in enumerate(rows if isinstance(rows, list) else []):
            if isinstance(row, dict):
                yield from _CHECKS[name](row, (name, index))
    runs = content.get("runs")
    ids = Counter(
        row["id"]
        for row in (runs if isinstance(runs, list) else [])
        if isinstance(row, dict) and isinstance(row.get("id"), str)
    )
    for key in sorted(key for key, times in ids.items() if times > 1):
        yield "runs", _("%(value)r stands here more than once.") % {"value": key}
    if isinstance(agreement := content.get("agreement"), dict):
        yield from _in_order(agreement, "from", "to", ("agreement",))
    yield from _terms_problems(content.get("terms"), "terms")
    yield from _changes_problems(content)


def _impossible_days(value: Any, steps: tuple[str | int, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _impossible_days(part, (*steps, name))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _impossible_days(part, (*steps, index))
    elif steps and steps[-1] in _DAYS and isinstance(value, str) and _day(value) is None:
        yield _place(steps), _("There is no such day in the calendar.")


def _day(value: Any) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(value)
    except (ValueError, TypeError):
        return None


def _in_order(row: Mapping[str, Any], first: str, last: str, steps: Any) -> Iterator[tuple[str, str]]:
    early, late = _day(row.get(first)), _day(row.get(last))
    if early and late and late < early:
        yield _place((*steps, last)), _("The last day can't be before the first.")


def _season(row: Mapping[str, Any], steps: Any) -> Iterator[tuple[str, str]]:
    return _in_order(row, "from", "to", steps)


def _run(row: Mapping[str, Any], steps: Any) -> Iterator[tuple[str, str]]:
    for name in ("published", "put_right"):
        yield from _in_order(row, "submitted", name, steps)
    pauses = row.get("pauses")
    for index, pause in enumerate(pauses if isinstance(pauses, list) else []):
        if isinstance(pause, dict):
            yield from _in_order(pause, "from", "to", (*steps, "pauses", index))


def _meeting(row: Mapping[str, Any], steps: Any) -> Iterator[tuple[str, str]]:
    absent = row.get("absent")
    names = [name for name in (absent if isinstance(absent, list) else []) if isinstance(name, str)]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield _place((*steps, "absent")), _("%(value)r stands here more than once.") % {"value": name}


_CHECKS = {"seasons": _season, "runs": _run, "meetings": _meeting}


def _changes_problems(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with terms that change: each is told over those that stood before it."""
    rows, before = content.get("changes"), content.get("terms")
    days: list[datetime.date] = []
    for index, row in enumerate(rows if isinstance(rows, list) else []):
        if not isinstance(row, dict):
            continue
        if day := _day(row.get("from")):
            if days and day <= days[-1]:
                yield f"changes[{index}].from", _("Write the changes in the order of their days.")
            days.append(day)
        if isinstance(row.get("terms"), dict) and isinstance(before, dict | None):
            before = {**(before or {}), **row["terms"]}
            yield from _terms_problems(before, f"changes[{index}].terms")


def _terms_problems(terms: Any, place: str) -> Iterator[tuple[str, str]]:
    if not isinstance(terms, dict):
        return
    known = {field.name for field in FIELDS}
    try:
        first_terms(**{name: value for name, value in terms.items() if name in known})
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            yield f"{place}.{name}", " ".join(messages)


def _parsed(content: Mapping[str, Any]) -> Scenario:
    agreement = content.get("agreement", {})
    neglects: dict[str, list[Neglect]] = {}
    for meeting in content.get("meetings", ()):
        for partner in meeting["absent"]:
            event = Neglect(_date(meeting["date"]), _BODIES[meeting["body"]])
            neglects.setdefault(partner, []).append(event)
    for workshop in content.get("workshops", ()):
        if not workshop["done"]:
            event = Neglect(_date(workshop["date"]), Kind.FACILITATION)
            neglects.setdefault(workshop["facilitator"], []).append(event)
    handovers: dict[str, list[Handover]] = {}
    for row in content.get("handovers", ()):
        one = Handover(
            _date(row["due"]), _day(row.get("done")), row.get("excused", False), _day(row.get("since"))
        )
        handovers.setdefault(row["partner"], []).append(one)
    return Scenario(
        until=_date(content["until"]),
        first=_day(agreement.get("from")) or datetime.date.min,
        last=_day(agreement.get("to")) or datetime.date.max,
        agreed=_parsed_terms(content),
        seasons=tuple(
            deadlines.season(_date(row["from"]), _date(row["to"])) for row in content.get("seasons", ())
        ),
        runs=tuple(_parsed_run(row) for row in content.get("runs", ())),
        neglects=neglects,
        handovers=handovers,
    )


def _parsed_terms(content: Mapping[str, Any]) -> TermsByDay:
    values = content.get("terms", {})
    rows = [(datetime.date.min, first_terms(**values))]
    for change in content.get("changes", ()):
        values = {**values, **change["terms"]}
        rows.append((_date(change["from"]), first_terms(**values)))
    return TermsByDay(tuple(rows))


def _parsed_run(row: Mapping[str, Any]) -> Run:
    return Run(
        id=row["id"],
        partner=row["partner"],
        new=row["kind"] == "new",
        submitted=_date(row["submitted"]),
        published=_day(row.get("published")),
        put_right=_day(row.get("put_right")),
        pauses=tuple(Span(_date(one["from"]), _day(one.get("to"))) for one in row.get("pauses", ())),
    )


def _date(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)
