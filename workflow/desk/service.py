"""A service at the desk: its state and clock, what the draft changes, and the steps one may take."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from orgs import access as positions
from orgs import clock
from orgs.models import User
from orgs.pages.common import person, say_refused
from orgs.refused import Refused
from orgs.roles import Capability
from services import access, publishing
from services.fields import Audience
from services.models import Service, responsible_on
from services.publishing import Draft
from services.tracks import INTERNAL, PUBLIC, Track
from workflow import composition, extensions, pairs, run_clock
from workflow.actions import pauses, reviewing
from workflow.actions.steps import may_take
from workflow.clock_face import Face, face_of
from workflow.desk import step_forms
from workflow.desk.changes import changes_between, internal_sections, unchanged
from workflow.desk.common import refusal, service_of, shown_name
from workflow.desk.events import events_of
from workflow.desk.instructions import drafts_of
from workflow.desk.life import turns_of
from workflow.desk.preview import reads_drafts, reads_internal_drafts
from workflow.desk.sections import MUNICIPAL, sections_for
from workflow.desk.step_forms import StepForm
from workflow.desk.writing import lack_of, named, section_address
from workflow.models import Event, HolidaySeason, Pause, Run, Updater
from workflow.states import OPEN, RunState


def reads_desk(user: User, service: Service) -> bool:
    """Tell whether a person opens the service's page at the desk: who writes it, and who decides of it."""
    return reads_drafts(user, service) or positions.may(user, Capability.DECIDE_PAUSES)


def _reader(request: HttpRequest, external_id: str) -> tuple[User, Service]:
    user, service = person(request), service_of(external_id)
    if not reads_desk(user, service):
        raise refusal(service, Capability.WRITE_PUBLIC)
    return user, service


@login_required
@require_safe
def service(request: HttpRequest, external_id: str) -> HttpResponse:
    """Show the service with its run."""
    user, found = _reader(request, external_id)
    return _page(request, found, user, {})


@login_required
@require_POST
def step(request: HttpRequest, external_id: str, step: str) -> HttpResponse:
    """Take a step of the open run; where it is refused the page says why, and keeps what was written."""
    user, found = person(request), service_of(external_id)
    if step not in step_forms.FORMS:
        raise Http404
    kind = step_forms.FORMS[step]
    run = _posted_run(request, found, kind)
    may = partial(access.may, user, service=found) if run is None else partial(may_take, user, run=run)
    capability = kind.capability(Track(run.track) if run else kind.tracks[0])
    if not may(capability):
        raise refusal(found, capability)
    back = back_of(user, found, run)
    if run is None:
        messages.error(request, _("There is nothing on its way any more. Look at the page again."))
        return redirect(back)
    form = kind(run, user, request.POST)
    if form.taken():
        messages.success(request, str(form.done))
        return redirect(back)
    if run.track != Track.PUBLIC:
        for error in form.non_field_errors():
            messages.error(request, str(error))
        return redirect(back)
    return _page(request, service_of(external_id), user, {step: form})


def _posted_run(request: HttpRequest, found: Service, kind: type[StepForm]) -> Run | None:
    """Return the open run that a step is posted for: the one named, of a part that has such a step."""
    named = request.POST.get("run", "")
    runs = found.runs.filter(state__in=OPEN, track__in=kind.tracks).select_related("municipality")
    if named.isdecimal():
        runs = runs.filter(pk=int(named))
    run = runs.first()
    if run is not None:
        run.service = found
    return run


def back_of(user: User, found: Service, run: Run | None) -> str:
    """Return the address of the page on which a run's steps stand for a person."""
    if reads_desk(user, found):
        return reverse("desk:service", args=[found.external_id])
    code = run.municipality.code if run and run.municipality else ""
    return section_address(found, f"{MUNICIPAL}{code}") if code else reverse("desk:desk")


@login_required
@require_POST
def pause(request: HttpRequest, external_id: str, number: int, step: str) -> HttpResponse:
    """Start the clock again, or decide of a reason for which it stands."""
    user, found = _reader(request, external_id)
    one = get_object_or_404(Pause, pk=number, run__service=found)
    if step not in _PAUSE_STEPS:
        raise Http404
    try:
        _PAUSE_STEPS[step](one, user, request.POST.get("reason", ""))
    except (Refused, ValidationError) as error:
        say_refused(request, error)
    else:
        messages.success(request, _("Done."))
    return redirect("desk:service", external_id)


_PAUSE_STEPS: dict[str, Callable[[Pause, User, str], Any]] = {
    "resume": lambda one, user, _reason: pauses.resume(one, by=user),
    "accept": lambda one, user, _reason: pauses.decide(one, by=user, accepted=True),
    "refuse": lambda one, user, reason: pauses.decide(one, by=user, accepted=False, reason=reason),
}


def _page(request: HttpRequest, found: Service, user: User, tried: dict[str, StepForm]) -> HttpResponse:
    """Return the page; `tried` are forms that were refused, by their steps."""
    draft = publishing.draft_of(found)
    internal = reads_internal_drafts(user, found)
    run = _newest_run(found)
    open_now = run if run and run.is_open else None
    context: dict[str, Any] = {
        "service": found,
        "name": shown_name(found),
        "run": run,
        "face": clock_of(open_now) if open_now else None,
        "writes": bool(sections_for(user, found)),
        "internal": internal,
        "responsible": responsible_on(found, clock.today()),
        "pair": _pair(found),
        "turns": turns_of(user, found),
        "names_people": any(pairs.may_name(user, found, half) for half in Updater.Half),
        "events": events_of(found, internal=internal),
        "revision": draft.copy.revision,
        "instructions": drafts_of(user, draft) if internal else [],
    }
    if open_now is not None:
        context |= _of_run(open_now, user, draft, internal=internal)
        forms = step_forms.offered(open_now, user) | tried
        context["forms"] = {slug.replace("-", "_"): form for slug, form in forms.items()}
        context["along_forms"] = [form for slug, form in forms.items() if slug in ("take-along", "leave")]
    return render(request, "workflow/service.html", context, status=422 if tried else 200)


def _newest_run(found: Service) -> Run | None:
    """Return the newest run of the public track."""
    runs = found.runs.filter(track=Track.PUBLIC).prefetch_related("pauses__opened_by", "confirmations")
    run = runs.select_related("opened_by", "submitted_by", "taken_by", "municipality").first()
    if run is not None:
        run.service = found
    return run


def _of_run(run: Run, user: User, draft: Draft, *, internal: bool) -> dict[str, Any]:
    carried = composition.of_run(run, draft)
    public = changes_between(draft.published, carried.document, PUBLIC)
    audiences = [Audience.PUBLIC, *([Audience.INTERNAL] if internal else [])]
    context: dict[str, Any] = {
        "public_changes": public,
        "unchanged": unchanged(carried.document, public),
        "carried": named(carried.languages),
        "left": named(carried.left_languages),
        "lacks": [lack_of(run.service, one) for one in carried.lacking() if one.field.audience in audiences],
        "returned_because": _returned_because(run),
        "pauses": list(run.pauses.all()),
        "decides": positions.may(user, Capability.DECIDE_PAUSES),
        "pauses_now": access.may(user, Capability.PUBLISH, run.service),
        "untold": extensions.untold(Run.objects.filter(pk=run.pk), clock.today()).exists(),
    }
    if internal:
        groups = reviewing.unconfirmed(run, carried)
        context |= {
            "sections": internal_sections(carried.document, groups, public),
            "unconfirmed": groups,
            "along": INTERNAL in carried.parts,
        }
    return context


def _returned_because(run: Run) -> str:
    """Return what the reviewer asked for, while it is waited for."""
    if run.state != RunState.WAITING:
        return ""
    event = run.events.filter(kind=Event.Kind.RETURNED).first()
    return str(event.detail.get("reason", "")) if event else ""


def clock_of(run: Run, seasons: Iterable[HolidaySeason] | None = None) -> Face | None:
    """Return the face of a run's clock; None before submission. For many runs, `seasons` are read once."""
    if run.submitted_at is None:
        return None
    submitted = clock.day_of(run.submitted_at)
    return face_of(submitted, clock.today(), run.target_on, run.due_on, run_clock.spans_of(run, seasons))


@dataclass(frozen=True)
class Half:
    """A half of the pair for the page: who it is, and whether that one can act."""

    label: str
    user: User | None
    works: bool


def _pair(found: Service) -> list[Half]:
    halves = []
    for half in Updater.Half:
        row = pairs.current(found, half)
        works = row is not None and pairs.can_be(row.user, row.organisation)
        halves.append(Half(str(half.label), row.user if row else None, works))
    return halves
