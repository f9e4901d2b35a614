"""Policy workshops: planning one, its page with material, notes and who was there, and writing those."""

import datetime
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orgs import access as positions
from orgs import clock
from orgs.dates import date
from orgs.models import NoAgreement, User, terms_by_day
from orgs.pages.action_form import add_refusal
from orgs.pages.common import holder, person, say_refused
from orgs.refused import Refused
from orgs.roles import Capability
from sanctions import access, neglects, turns
from sanctions.actions import workshops as actions
from sanctions.models import Meeting
from sanctions.office.common import tabs_of
from sanctions.office.matrix import words_of
from sanctions.office.workshop_forms import PlanForm, TextForm
from workflow.models import HolidaySeason

TEXTS: dict[actions.Text, tuple[str | Promise, str | Promise]] = {
    "material": (
        gettext_lazy("Material before the workshop"),
        gettext_lazy(
            "What the others should read beforehand, and what will be asked of them. "
            "Web addresses become links."
        ),
    ),
    "minutes": (
        gettext_lazy("Notes after the workshop"),
        gettext_lazy("What was found, what is proposed and who goes on with it. Web addresses become links."),
    ),
}


def workshops() -> "QuerySet[Meeting, Meeting]":
    """Return the workshops, planned and recorded."""
    return Meeting.objects.filter(kind=Meeting.Kind.WORKSHOP).select_related("facilitator")


@login_required
@require_safe
def workshop(request: HttpRequest, number: int) -> HttpResponse:
    """Show a workshop; who was there only of the partners whose attendance the person sees."""
    user = holder(request, Capability.READ_AGREEMENT)
    found = get_object_or_404(workshops(), pk=number)
    seen = access.partners_for(user, Capability.SEE_ATTENDANCE)
    there = found.attendance.filter(partner__in=seen).select_related("partner")
    writes = positions.may(user, Capability.PREPARE_WORKSHOPS, positions.own(found.host))
    context = {
        "workshop": found,
        "held": found.on <= clock.today(),
        "texts": [
            {"which": which, "label": label, "text": getattr(found, which)}
            for which, (label, _helps) in TEXTS.items()
        ],
        "writes": writes,
        "records": positions.may(user, Capability.RECORD_MEETINGS),
        "there": [{"row": row, "words": words_of(row)} for row in there],
        "steps": steps_of(found),
        "tabs": tabs_of(user),
    }
    return render(request, "sanctions/workshop.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """Plan a workshop, or move one that is planned; the next turn is proposed."""
    positions.require(request.user, Capability.RECORD_MEETINGS)
    found = get_object_or_404(workshops(), pk=number, facilitated=None) if number else None
    partners = neglects.partners_on(clock.today())
    form = PlanForm(partners, request.POST or None, initial=_initial(found, [one.pk for one in partners]))
    if form.is_valid():
        day, chosen = form.cleaned_data["on"], form.chosen
        try:
            made = actions.plan(day, chosen, by=person(request), workshop=found)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            words = {"partner": chosen, "day": date(day)}
            messages.success(
                request, _("The workshop of %(day)s was planned. %(partner)s has been told.") % words
            )
            return redirect("office:workshop", made.pk)
    context = {"form": form, "workshop": found, "tabs": tabs_of(person(request))}
    return render(request, "sanctions/workshop_plan.html", context, status=422 if form.errors else 200)


def _initial(found: Meeting | None, partners: list[int]) -> dict[str, Any]:
    """Return what is planned, or the next turn by the terms of today."""
    if found is not None:
        return {"on": found.on, "facilitator": found.host.external_id}
    earlier = list(workshops().order_by("on"))
    seasons = list(HolidaySeason.objects.all())
    initial: dict[str, Any] = {}
    try:
        terms = terms_by_day().on(clock.today())
    except NoAgreement:
        return initial
    initial["on"] = turns.next_day(
        earlier[-1].on if earlier else None,
        clock.today(),
        weekday=terms.workshop_weekday,
        weeks=terms.workshop_weeks,
        in_season=lambda day: any(season.covers(day) for season in seasons),
    )
    turn = turns.whose(partners, [one.facilitator_id for one in earlier if one.facilitator_id])
    one = next((one for one in neglects.partners_on(clock.today()) if one.pk == turn), None)
    return initial | ({"facilitator": one.external_id} if one else {})


@login_required
@require_POST
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Take a planned workshop off."""
    user = person(request)
    positions.require(user, Capability.RECORD_MEETINGS)
    found = get_object_or_404(workshops(), pk=number)
    try:
        actions.cancel(found, by=user)
    except Refused as error:
        say_refused(request, error)
        return redirect("office:workshop", number)
    words = {"day": date(found.on), "partner": found.facilitator}
    messages.success(request, _("The workshop of %(day)s was taken off. %(partner)s has been told.") % words)
    return redirect("office:meetings")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, number: int, which: str) -> HttpResponse:
    """Write the material before a workshop, or the notes after it."""
    if which not in TEXTS:
        raise Http404
    user = holder(request, Capability.READ_AGREEMENT)
    found = get_object_or_404(workshops(), pk=number)
    positions.require(user, Capability.PREPARE_WORKSHOPS, positions.own(found.host))
    label, helps = TEXTS[which]
    form = TextForm(str(label), str(helps), request.POST or None, initial={"text": getattr(found, which)})
    if form.is_valid():
        try:
            actions.write(found, which, form.cleaned_data["text"], by=user)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("office:workshop", number)
    context = {"form": form, "workshop": found, "label": label, "tabs": tabs_of(user)}
    return render(request, "sanctions/workshop_text.html", context, status=422 if form.errors else 200)


@dataclass(frozen=True)
class Step:
    """A line of a workshop's history: when, who, and what."""

    at: datetime.datetime
    who: User | None
    what: str


def steps_of(found: Meeting) -> list[Step]:
    """Return what was done to a workshop, newest first, read from its kept rows."""
    rows = list(found.history.select_related("history_user", "facilitator").order_by("history_date", "pk"))
    said = [Step(rows[0].history_date, rows[0].history_user, _begun(rows[0]))] if rows else []
    for before, after in pairwise(rows):
        said += [Step(after.history_date, after.history_user, what) for what in _changes(before, after)]
    return said[::-1]


def _begun(row: Any) -> str:
    if row.facilitated is not None:
        return _("Recorded.")
    return _("Planned for %(day)s: %(partner)s.") % {"day": date(row.on), "partner": row.facilitator}


def _changes(before: Any, after: Any) -> list[str]:
    """Return what differs between two kept rows of a workshop, as sentences."""
    found = []
    if after.history_change_reason:
        found.append(_("Mended: “%(reason)s”") % {"reason": after.history_change_reason})
    elif before.facilitated is None and after.facilitated is not None:
        found.append(_("Recorded."))
    elif (before.on, before.facilitator_id) != (after.on, after.facilitator_id):
        found.append(_begun(after))
    if before.material != after.material:
        found.append(_("Material written.") if after.material else _("Material removed."))
    if before.minutes != after.minutes:
        found.append(_("Notes written.") if after.minutes else _("Notes removed."))
    if not before.excused and after.excused:
        found.append(_("Excused: “%(reason)s”") % {"reason": after.excused})
    return found
