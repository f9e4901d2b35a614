"""Handing over what a person answers for: services alone, or in the step that removes the person."""

from collections.abc import Collection, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from orgs import clock, duties, people
from orgs.models import Organisation, User
from orgs.models.dated import in_force
from orgs.pages.common import member_of, person, say_refused
from orgs.people import DutiesRemain


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, external_id: str, number: int) -> HttpResponse:
    """Ask who takes over what the person answers for, then remove the person, all in one step."""
    organisation, user = member_of(request, external_id, number)
    held = duties.of_person(user, organisation)
    chosen = _chosen(request.POST, held)
    missing: set[str] = set()
    if request.method == "POST":
        try:
            people.remove(user, organisation, by=person(request), successors=chosen)
        except DutiesRemain as remain:
            missing = {duty.key for duty in remain.duties}
        except ValidationError as error:
            say_refused(request, error)
            return redirect("orgs:person", external_id, number)
        else:
            words = gettext("%(person)s has been removed from %(organisation)s.")
            messages.success(request, words % {"person": user, "organisation": organisation})
            if user == request.user:
                return redirect("site:front")
            return redirect("orgs:people", external_id)
    context = _context(organisation, user, held, chosen, missing) | {
        "missing": missing,
        "last": not _elsewhere(user, organisation),
    }
    return render(request, "orgs/remove.html", context, status=422 if missing else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, external_id: str, number: int) -> HttpResponse:
    """Move services of the person to others; those without a choice stay."""
    organisation, user = member_of(request, external_id, number)
    held = duties.of_person(user, organisation)
    chosen = _chosen(request.POST, held)
    problem = ""
    if request.method == "POST":
        try:
            count = people.hand_over(user, organisation, by=person(request), successors=chosen)
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            messages.success(request, _moved(count))
            return redirect("orgs:person", external_id, number)
    context = _context(organisation, user, held, chosen) | {"problem": problem}
    return render(request, "orgs/hand_over.html", context, status=422 if problem else 200)


def _moved(count: int) -> str:
    words = ngettext("%(count)s service has been moved.", "%(count)s services have been moved.", count)
    return words % {"count": count}


def _context(
    organisation: Organisation,
    user: User,
    held: list[duties.Duty],
    chosen: Mapping[str, int],
    missing: Collection[str] = (),
) -> dict[str, Any]:
    common = set.intersection(*(set(duty.successors) for duty in held)) if held else set()
    return {
        "organisation": organisation,
        "member": user,
        "rows": [
            {"duty": duty, "chosen": chosen.get(duty.key), "missing": duty.key in missing} for duty in held
        ],
        "for_all": sorted(common, key=str),
    }


def _chosen(data: Mapping[str, Any], held: list[duties.Duty]) -> dict[str, int]:
    """Return who was chosen for each duty; the choice for all counts where a duty has none of its own."""
    chosen = {}
    for index, duty in enumerate(held):
        value = data.get(f"duty-{index}") or data.get("all") or ""
        if str(value).isdecimal() and len(str(value)) < 19:
            chosen[duty.key] = int(value)
    return chosen


def _elsewhere(user: User, organisation: Organisation) -> bool:
    """Tell whether the person has a role in another organisation."""
    current = user.memberships.filter(in_force(clock.today()), organisation__closed_on=None)
    return current.exclude(organisation=organisation).exists()
