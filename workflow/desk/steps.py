"""Taking a step of a run: all that is on the page goes along, and nothing typed is lost."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from orgs.models import User
from orgs.pages.common import person, say_refused
from orgs.refused import Refused
from services import access
from services.models import Service
from services.tracks import Track
from workflow.actions import pauses
from workflow.actions.steps import may_take
from workflow.desk import step_forms
from workflow.desk.common import refusal, service_of
from workflow.desk.kept_words import keep_words, words_of
from workflow.desk.next_task import with_next
from workflow.desk.reviewers_steps import ConfirmForm
from workflow.desk.sections import address_of
from workflow.desk.service import page, reader, reads_desk
from workflow.desk.step_form import StepForm
from workflow.models import Pause, Run
from workflow.states import OPEN, TRANSITIONS, RunState

_LONGEST_NUMBER = 18  # digits


@login_required
@require_POST
def step(request: HttpRequest, external_id: str, step: str) -> HttpResponse:
    """Take a step of an open run; where it is refused the page says why, and keeps what was written."""
    user, found = person(request), service_of(external_id)
    if step not in step_forms.FORMS:
        raise Http404
    kind = step_forms.FORMS[step]
    run = _posted_run(request, found, kind)
    may = partial(access.may, user, service=found) if run is None else partial(may_take, user, run=run)
    capability = kind.capability(Track(run.track) if run else kind.tracks[0])
    if not may(capability):
        raise refusal(found, capability)
    if run is None:
        messages.error(request, _("There is nothing on its way any more. Look at the page again."))
        return redirect("desk:service", external_id) if reads_desk(user, found) else redirect("desk:desk")
    back = address_of(run)
    form = kind(run, user, request.POST)
    if run.track == Track.PUBLIC:
        _keep_ticks(request, run, user, step)
    if form.taken():
        passed_on = TRANSITIONS[Track(run.track)][kind.step].target is not None
        messages.success(request, with_next(str(form.done), user, run) if passed_on else str(form.done))
        keep_words(request, found, run, user, but=step)
        return redirect(back)
    if run.track == Track.PUBLIC and run.is_open:
        words = words_of(request.POST, run, user, but=step)
        return page(request, service_of(external_id), user, {step: form}, words)
    for error in form.non_field_errors():
        messages.error(request, str(error))
    return redirect(back)


def _posted_run(request: HttpRequest, found: Service, kind: type[StepForm]) -> Run | None:
    """Return the run that a step is posted for: the one named, of a part that has such a step.

    It is open, unless the step is of those that were withdrawn.
    """
    named = request.POST.get("run", "")
    states = [RunState.WITHDRAWN] if kind.closed else OPEN
    runs = found.runs.filter(state__in=states, track__in=kind.tracks).select_related("municipality")
    if named.isdecimal() and len(named) <= _LONGEST_NUMBER:
        runs = runs.filter(pk=int(named))
    run = runs.first()
    if run is not None:
        run.service = found
    return run


def _keep_ticks(request: HttpRequest, run: Run, user: User, step: str) -> None:
    """Confirm the sections that are ticked, whatever button was pressed; a refusal is told."""
    if step == ConfirmForm.slug or "confirm-groups" not in request.POST:
        return
    ticked = ConfirmForm(run, user, request.POST)
    if may_take(user, ticked.capability(Track.PUBLIC), run) and not ticked.taken():
        for error in ticked.non_field_errors():
            messages.error(request, str(error))


@login_required
@require_POST
def pause(request: HttpRequest, external_id: str, number: int, step: str) -> HttpResponse:
    """Start the clock again, or decide of a reason for which it stands."""
    user, found = reader(request, external_id)
    one = get_object_or_404(Pause.objects.select_related("run"), pk=number, run__service=found)
    if step not in _PAUSE_STEPS:
        raise Http404
    one.run.service = found
    try:
        _PAUSE_STEPS[step](one, user, request.POST.get("reason", ""))
    except (Refused, ValidationError) as error:
        say_refused(request, error)
    else:
        messages.success(request, _("Done."))
    _keep_ticks(request, one.run, user, step)
    keep_words(request, found, one.run, user, but=step)
    return redirect("desk:service", external_id)


_PAUSE_STEPS: dict[str, Callable[[Pause, User, str], Any]] = {
    "resume": lambda one, user, _reason: pauses.resume(one, by=user),
    "accept": lambda one, user, _reason: pauses.decide(one, by=user, accepted=True),
    "refuse": lambda one, user, reason: pauses.decide(one, by=user, accepted=False, reason=reason),
}
