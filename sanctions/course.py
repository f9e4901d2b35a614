"""A case as a course: its ground and its stages, those given, the one that is due and those to come. Pure."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from orgs import dates, money
from sanctions import proceeding
from sanctions.models import Case, Decision
from sanctions.proceeding import Stage


@dataclass(frozen=True)
class Stop:
    """A stop: "start", "done", "now" or "later", its name and what is said below."""

    kind: str
    name: str
    below: str


def course_of(case: Case, given: Sequence[Decision], amount: Decimal | None) -> list[Stop]:
    """Return the stops of a case; `given` are the stages given, `amount` what the next would carry."""
    stops = [Stop("start", str(case.get_ground_display()), dates.date(case.ground_on))]
    done = {one.stage: one for one in given}
    for stage in proceeding.stages_of(proceeding.Ground(case.ground)):
        if stage in done:
            stops.append(Stop("done", _named(stage, done[stage].amount), _below(done[stage])))
        elif stage == case.next_stage:
            stops.append(_next(case, stage, amount))
        elif case.is_open:
            stops.append(Stop("later", str(stage.label), ""))
    if not case.is_open and case.closed_on and case.state not in (Case.State.SANCTIONED, Case.State.REMARKED):
        stops.append(Stop("done", str(case.get_state_display()), dates.date(case.closed_on)))
    return stops


def _named(stage: Stage, amount: Decimal | None) -> str:
    return str(stage.label) if amount is None else f"{stage.label}, {money.euros(amount)}"


def _below(given: Decision) -> str:
    if given.put_right_by is None:
        return dates.date(given.on)
    days = {"day": dates.date(given.on), "until": dates.date(given.put_right_by)}
    return _("%(day)s, to be put right by %(until)s") % days


def _next(case: Case, stage: Stage, amount: Decimal | None) -> Stop:
    day: datetime.date = case.proposed_on or case.next_on  # type: ignore[assignment]
    words = _("proposed %(day)s") if case.proposed_on else _("at the earliest %(day)s")
    return Stop(
        "now" if case.proposed_on else "later", _named(stage, amount), words % {"day": dates.date(day)}
    )
