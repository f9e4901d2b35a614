"""Traffic lights of a partner: green, yellow or red, each with a word and its reason. Pure over facts."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orgs import dates
from orgs.terms import Terms
from sanctions.attendance import Counted, Kind
from sanctions.facts import Facts
from sanctions.models import Case
from sanctions.proceeding import CONTENT
from services.fields import Label
from workflow.deadlines import months_later


class Level(StrEnum):
    """How a partner keeps something."""

    OK = "ok"
    WARN = "warn"
    STOP = "stop"


# What each level is called: no light is told by its colour alone.
LEVELS: dict[Level, Label] = {
    Level.OK: gettext_lazy("In order"),
    Level.WARN: gettext_lazy("Needs attention"),
    Level.STOP: gettext_lazy("Not in order"),
}


@dataclass(frozen=True)
class Light:
    """A light: its level, what it says, and why."""

    key: str
    title: Label
    level: Level
    word: str
    reason: str = ""


_TENTH = 10
_SECOND = 2  # remarks


def lights_of(facts: Facts, terms: Terms, today: datetime.date, *, cases: bool = True) -> list[Light]:
    """Return a partner's lights; without those of its cases for who may not see them."""
    found = [
        _pipeline(facts, terms, today), _freshness(facts), _pairs(facts), _staffing(facts),
        _meetings(facts, terms),
    ]  # fmt: skip
    return [*found, _cases(facts)] if cases else found


def _pipeline(facts: Facts, terms: Terms, today: datetime.date) -> Light:
    """Yellow once a run is late; red once one has been late for as long as a first remark gives."""
    title = gettext_lazy("Publication pipeline")
    running = ngettext("%(n)s on its way", "%(n)s on their way", facts.running) % {"n": facts.running}
    if not facts.late:
        return Light("pipeline", title, Level.OK, _("On time"), running)
    first = min(facts.late)
    long_ago = months_later(first, terms.first_remark_months) <= today
    words = ngettext("%(n)s late", "%(n)s late", len(facts.late)) % {"n": len(facts.late)}
    reason = _("since %(day)s") % {"day": dates.date(first)}
    return Light("pipeline", title, Level.STOP if long_ago else Level.WARN, words, f"{reason}, {running}")


def _freshness(facts: Facts) -> Light:
    """Yellow once content is outdated or was reminded of; red once more than a tenth is outdated."""
    title, fresh = gettext_lazy("Freshness"), facts.fresh
    published = ngettext("%(n)s published", "%(n)s published", fresh.published) % {"n": fresh.published}
    soon = ngettext("%(n)s about to be outdated", "%(n)s about to be outdated", fresh.reminded)
    if not fresh.outdated and not fresh.reminded:
        return Light("freshness", title, Level.OK, _("Up to date"), published)
    if not fresh.outdated:
        return Light("freshness", title, Level.WARN, soon % {"n": fresh.reminded}, published)
    words = ngettext("%(n)s outdated", "%(n)s outdated", fresh.outdated) % {"n": fresh.outdated}
    reason = f"{soon % {'n': fresh.reminded}}, {published}" if fresh.reminded else published
    red = fresh.outdated * _TENTH > fresh.outdated + fresh.published
    return Light("freshness", title, Level.STOP if red else Level.WARN, words, reason)


def _pairs(facts: Facts) -> Light:
    """Yellow once a pair is broken; red once more than one in ten are."""
    title = gettext_lazy("Updater pairs")
    services = ngettext("%(n)s service", "%(n)s services", facts.services) % {"n": facts.services}
    if not facts.broken:
        return Light("pairs", title, Level.OK, _("All work"), services)
    words = ngettext("%(n)s does not work", "%(n)s do not work", facts.broken) % {"n": facts.broken}
    red = facts.broken * _TENTH > facts.services
    return Light("pairs", title, Level.STOP if red else Level.WARN, words, services)


def _staffing(facts: Facts) -> Light:
    """Yellow while a post lacks people; red while one that needs several has nobody at all."""
    title = gettext_lazy("Staffing")
    lacking = [post for post in facts.posts if post.missing]
    if not lacking:
        return Light("staffing", title, Level.OK, _("Complete"))
    missing = sum(post.missing for post in lacking)
    words = ngettext("%(n)s missing", "%(n)s missing", missing) % {"n": missing}
    red = any(post.needed > 1 and not post.held for post in lacking)
    reason = ", ".join(str(post.label) for post in lacking)
    return Light("staffing", title, Level.STOP if red else Level.WARN, words, reason)


def _meetings(facts: Facts, terms: Terms) -> Light:
    """Yellow while the next absence would carry a sanction; red once one does."""
    title = gettext_lazy("Meetings")
    limits = {
        Kind.STEERING_ABSENCE: terms.steering_absence_limit,
        Kind.WORKING_ABSENCE: terms.working_absence_limit,
    }
    words = _absences(facts.neglects)
    sanctionable = [one for one in facts.neglects if one.sanctionable]
    if sanctionable:
        reason = _("ground for a sanction %(day)s") % {"day": dates.date(sanctionable[0].neglect.on)}
        return Light("meetings", title, Level.STOP, words, reason)
    for kind, limit in limits.items():
        if sum(one.neglect.kind == kind for one in facts.neglects) + 1 >= limit > 1 and facts.neglects:
            return Light("meetings", title, Level.WARN, words, _("limit %(n)s in a year") % {"n": limit})
    return Light("meetings", title, Level.OK, words)


def _absences(neglects: Sequence[Counted]) -> str:
    if not neglects:
        return _("No absences")
    return ngettext("%(n)s absence", "%(n)s absences", len(neglects)) % {"n": len(neglects)}


def _cases(facts: Facts) -> Light:
    """Yellow while a case is open; red once one has had its second remark, or a sanction is proposed."""
    title = gettext_lazy("Cases")
    if not facts.cases:
        return Light("cases", title, Level.OK, _("None open"))
    words = ngettext("%(n)s open", "%(n)s open", len(facts.cases)) % {"n": len(facts.cases)}
    worst = max(facts.cases, key=_weight)
    reason = f"{worst.get_next_stage_display()} {dates.date(worst.next_on)}" if worst.next_on else ""
    red = any(_weight(one) >= _SECOND for one in facts.cases)
    return Light("cases", title, Level.STOP if red else Level.WARN, words, reason)


def _weight(case: Case) -> int:
    """Return how far a case has come: the content ladder's steps given, others by their proposal."""
    given: int = case.given  # type: ignore[attr-defined]
    return given if case.ground in CONTENT else min(given, 1)
