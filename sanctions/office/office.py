"""The office's front: what waits for a decision, the partners' lights, and runs on time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from orgs import access as positions
from orgs import clock, tables
from orgs.models import Agreement, Organisation, User
from orgs.navigation import Link
from orgs.news import News
from orgs.pages.common import holder
from orgs.roles import Capability
from sanctions import (
    access,
    agreement_end,
    course,
    delays,
    facts,
    grounds,
    neglected_content,
    pipeline,
    punctuality,
)
from sanctions import lights as lamps
from sanctions.actions import deciding
from sanctions.course import Stop
from sanctions.facts import Facts
from sanctions.letters import sending_on
from sanctions.lights import Light
from sanctions.models import Case, Correction, Decision
from sanctions.office.cases import what_of
from sanctions.office.common import tabs_of
from sanctions.proceeding import Stage
from workflow import waiting
from workflow.desk.common import shown_name

_NEWEST = 5
# As they follow each other: content, handovers, cooperation.
_STEPS = (Stage.FIRST, Stage.SECOND, Stage.THIRD, Stage.DISCUSSION, Stage.REMARK, Stage.SANCTION)


def decides(user: User) -> bool:
    """Tell whether someone decides of sanctions: the project manager's day begins here."""
    return positions.may(user, Capability.DECIDE_SANCTIONS)


def home(_user: User) -> str:
    """Return the office's address."""
    return reverse("office:office")


def news(user: User) -> Iterator[News]:
    """Return the cases that were opened lately, for those who see any."""
    for case in access.cases_for(user).order_by("-opened_at", "-pk")[:_NEWEST]:
        text = f"{case.partner}: {what_of(case)}"
        yield News(case.opened_at, text, reverse("office:case", args=[case.pk]))


def offer(user: User) -> Iterator[Link]:
    """Return the office for the band of those who have one."""
    if positions.holds(user, Capability.SEE_ATTENDANCE):
        yield Link(
            _("Office"),
            reverse("office:office"),
            _("See meetings and attendance, and how the agreement is kept."),
        )


@dataclass(frozen=True)
class Proposal:
    """A case that waits for a decision, as the front shows it."""

    case: Case
    what: str
    ground: str
    stops: list[Stop]
    waited: int  # days


@dataclass(frozen=True)
class PartnerRow:
    """A partner with its lights."""

    facts: Facts
    lights: list[Light]

    @property
    def partner(self) -> Organisation:
        """Return the partner."""
        return self.facts.partner


def _light(row: PartnerRow, key: str) -> str:
    """Return a light as a file shows it: its level, its word and its reason."""
    found = next((one for one in row.lights if one.key == key), None)
    if found is None:
        return ""
    return f"{lamps.LEVELS[found.level]}: {found.word}" + (f" ({found.reason})" if found.reason else "")


COLUMNS = (
    tables.Column[PartnerRow](gettext_lazy("Partner"), lambda row: row.partner),
    tables.Column[PartnerRow](gettext_lazy("Publication pipeline"), lambda row: _light(row, "pipeline")),
    tables.Column[PartnerRow](gettext_lazy("Freshness"), lambda row: _light(row, "freshness")),
    tables.Column[PartnerRow](gettext_lazy("Published"), lambda row: row.facts.fresh.published),
    tables.Column[PartnerRow](gettext_lazy("About to be outdated"), lambda row: row.facts.fresh.reminded),
    tables.Column[PartnerRow](gettext_lazy("Outdated"), lambda row: row.facts.fresh.outdated),
    tables.Column[PartnerRow](gettext_lazy("Updater pairs"), lambda row: _light(row, "pairs")),
    tables.Column[PartnerRow](gettext_lazy("Staffing"), lambda row: _light(row, "staffing")),
    tables.Column[PartnerRow](gettext_lazy("Meetings"), lambda row: _light(row, "meetings")),
)
_CASE_COLUMNS = (
    tables.Column[PartnerRow](gettext_lazy("Cases"), lambda row: _light(row, "cases")),
    tables.Column[PartnerRow](gettext_lazy("Ledger balance"), lambda row: row.facts.balance.total),
)


@login_required
@require_safe
def office(request: HttpRequest) -> HttpResponse:
    """Show how the agreement is kept, as far as the person sees it; the partners also as a file."""
    user = holder(request, Capability.SEE_ATTENDANCE)
    today, sees_cases = clock.today(), positions.holds(user, Capability.SEE_CASES)
    partners = sorted(access.partners_for(user, Capability.SEE_ATTENDANCE).filter(closed_on=None), key=str)
    rows = _rows(partners, cases=sees_cases)
    columns = COLUMNS + (_CASE_COLUMNS if sees_cases else ())
    if file := tables.exported(request, "partners", columns, rows):
        return file
    decides = positions.may(user, Capability.DECIDE_SANCTIONS)
    cases = [case for row in rows for case in row.facts.cases] if sees_cases else []
    context: dict[str, Any] = {
        "today": today,
        "agreement": Agreement.objects.covering(today),
        "end": agreement_end.end_of(today),
        "open_matters": agreement_end.open_matters(user),
        "sets_terms": positions.may(user, Capability.SET_TERMS),
        "proposals": [_proposal(case) for case in cases if decides and _waits(case)],
        "corrections": _corrections(user) if decides else [],
        "suggestions": neglected_content.suggestions() if decides else [],
        "with_steering": [(case, what_of(case)) for case in cases if case.with_steering],
        "unreached": sending_on.unreached() if decides else [],
        "pauses": waiting.pauses_to_decide(user).count() if decides else 0,
        "steps": _by_step(cases),
        "rows": rows,
        "sees_cases": sees_cases,
        "decides": decides,
        "tabs": tabs_of(user),
        **_pipeline(user, partners),
    }
    return render(request, "sanctions/office.html", context)


def _rows(partners: list[Organisation], *, cases: bool) -> list[PartnerRow]:
    terms = facts.terms_today()
    if terms is None:
        return []
    return [
        PartnerRow(one, lamps.lights_of(one, terms, clock.today(), cases=cases))
        for one in facts.facts_of(partners)
    ]


def _waits(case: Case) -> bool:
    """Tell whether a case waits for the project manager; what is with the steering group does not."""
    return case.proposed_on is not None and not case.with_steering


def _proposal(case: Case) -> Proposal:
    given = [one for one in case.decisions.all() if one.kind == Decision.Kind.GIVEN]
    stops = course.course_of(case, given, deciding.amount_proposed(case))
    waited = (clock.today() - case.proposed_on).days if case.proposed_on else 0
    return Proposal(case, what_of(case), grounds.sentence_of(case), stops, waited)


def _corrections(user: User) -> list[tuple[Correction, str]]:
    """Return the corrections that wait, with what each case is about."""
    found = Correction.objects.filter(state=Correction.State.PROPOSED, case__in=access.cases_for(user))
    found = found.select_related(*(f"case__{name}" for name in access.SHOWN)).order_by("proposed_on", "pk")
    return [(one, what_of(one.case)) for one in found]


def _by_step(cases: list[Case]) -> list[tuple[str, list[tuple[Case, str]]]]:
    """Return the open cases by the step that comes next, as steps follow each other, by their days."""
    found: dict[str, list[tuple[Case, str]]] = {}
    for case in sorted(cases, key=lambda one: (one.next_on or clock.today(), one.pk)):
        found.setdefault(case.next_stage, []).append((case, what_of(case)))
    in_order = sorted(found.items(), key=lambda item: _STEPS.index(item[0]))
    return [(str(Stage(stage).label), listed) for stage, listed in in_order]


def _pipeline(user: User, partners: list[Organisation]) -> dict[str, Any]:
    """Return the pipeline's figures of all partners for who sees them, else of the own partner."""
    every = positions.may(user, Capability.SEE_PIPELINE_FIGURES)
    shown = list(Organisation.objects.open().filter(kind="partner")) if every else partners
    today = clock.today()
    published = punctuality.publications(shown, punctuality.first_day(today))
    weeks = punctuality.weeks_of(published, today)
    lines = pipeline.figures_of(sorted(shown, key=str), published, today)
    terms = facts.terms_today()
    return {
        "all_partners": every,
        "lines": lines,
        "figures": pipeline.together(lines),
        "days": pipeline.DAYS,
        "weeks": weeks,
        "chart": punctuality.chart_of(weeks, terms.update_target_days, terms.update_due_days)
        if terms
        else None,
        "terms": terms,
    }


@login_required
@require_safe
def partner(request: HttpRequest, external_id: str) -> HttpResponse:
    """Show one partner: its lights with their reasons, and what they rest on."""
    user = holder(request, Capability.SEE_ATTENDANCE)
    found = get_object_or_404(access.partners_for(user, Capability.SEE_ATTENDANCE), external_id=external_id)
    sees_cases = positions.holds(user, Capability.SEE_CASES)
    rows = _rows([found], cases=sees_cases)
    late = delays.late([found.pk]).select_related("service__responsible_partner").order_by("due_on", "pk")
    cases = access.cases_for(user).filter(partner=found) if sees_cases else []
    context: dict[str, Any] = {
        "partner": found,
        "row": next(iter(rows), None),
        "late": [(run, shown_name(run.service)) for run in late],
        "cases": [(case, what_of(case)) for case in cases],
        "entries": access.ledger_for(user).filter(partner=found) if sees_cases else [],
        "sees_cases": sees_cases,
        "reads_agreement": positions.may(user, Capability.READ_AGREEMENT),
        "manages": positions.may(user, Capability.MANAGE_PEOPLE, positions.own(found)),
        "tabs": tabs_of(user),
    }
    return render(request, "sanctions/partner.html", context)
