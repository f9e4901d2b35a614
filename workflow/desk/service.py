"""A service at the desk: its state and clock, what the draft changes, and the steps one may take."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from orgs import access as positions
from orgs import clock
from orgs.localised import language_names
from orgs.models import User
from orgs.pages.common import person
from orgs.roles import Capability
from orgs.wording import lower_first
from services import access, publishing
from services.fields import Audience
from services.models import Service
from services.responsibility_periods import of_day, periods
from services.tracks import INTERNAL, PUBLIC, Track
from workflow import composition, extensions, looks, pairs, run_clock, waiting
from workflow.actions import reviewing
from workflow.clock_face import Face, Standing, face_of
from workflow.composition import Composition
from workflow.desk import kept_words, step_forms, withdrawn
from workflow.desk.changes import changes_between, internal_sections, unchanged
from workflow.desk.common import refusal, service_of, shown_name
from workflow.desk.events import events_of
from workflow.desk.instructions import drafts_of, municipal_since
from workflow.desk.lacks import lack_of
from workflow.desk.life import turns_of
from workflow.desk.requests import request_of_run
from workflow.desk.sections import sections_for
from workflow.desk.step_form import StepForm
from workflow.models import HolidaySeason, Run, Updater
from workflow.states import RunState


def reads_desk(user: User, service: Service) -> bool:
    """Tell whether a person opens the service's page at the desk: who writes it, and who decides of it."""
    return access.reads_drafts(user, service) or positions.may(user, Capability.DECIDE_PAUSES)


def reader(request: HttpRequest, external_id: str) -> tuple[User, Service]:
    """Return the person and the service; raises what tells who may not open its page at the desk."""
    user, service = person(request), service_of(external_id)
    if not reads_desk(user, service):
        raise refusal(service, Capability.WRITE_PUBLIC)
    return user, service


@login_required
@require_safe
def service(request: HttpRequest, external_id: str) -> HttpResponse:
    """Show the service with its run."""
    user, found = reader(request, external_id)
    return page(request, found, user, {}, None)


def page(
    request: HttpRequest,
    found: Service,
    user: User,
    tried: dict[str, StepForm],
    words: Mapping[str, str] | None,
) -> HttpResponse:
    """Return the page; `tried` are forms that were refused, by their steps, `words` what stood in others.

    None for those that were kept when a step was taken before.
    """
    draft = publishing.draft_of(found)
    internal = access.reads_internal_drafts(user, found)
    run = _newest_run(found)
    open_now = run if run and run.is_open else None
    context: dict[str, Any] = {
        "service": found,
        "name": shown_name(found),
        "run": run,
        "face": clock_of(open_now) if open_now else None,
        "writes": found.status != Service.Status.ARCHIVED and bool(sections_for(user, found)),
        "internal": internal,
        "responsible": of_day(periods(found.responsibilities.select_related("partner")), clock.today()),
        "moves": positions.may(user, Capability.SET_RESPONSIBILITY),
        "pair": _pair(found),
        "turns": turns_of(user, found),
        "names_people": any(pairs.may_name(user, found, half) for half in Updater.Half),
        "events": events_of(found, internal=internal),
        "revision": draft.copy.revision,
        "instructions": drafts_of(user, draft) if internal else [],
        "withdrawn": withdrawn.lately(user, found, [PUBLIC, INTERNAL]),
        "decides": positions.may(user, Capability.DECIDE_PAUSES),
        "undecided": waiting.pauses_to_decide(user).filter(run__service=found).exclude(run=open_now),
    }
    if open_now is not None:
        carried = composition.of_run(open_now, draft)
        context |= _of_run(open_now, user, carried, internal=internal)
        forms = step_forms.offered(open_now, user, carried=carried) | tried
        kept_words.fill_in(forms.values(), kept_words.words_kept(request, run) if words is None else words)
        context["forms"] = {slug.replace("-", "_"): form for slug, form in forms.items()}
        context["along_forms"] = [form for slug, form in forms.items() if slug in ("take-along", "leave")]
    return render(request, "workflow/service.html", context, status=422 if tried else 200)


def _newest_run(found: Service) -> Run | None:
    """Return the newest run of the public track."""
    runs = found.runs.filter(track=Track.PUBLIC).prefetch_related("pauses__opened_by", "confirmations")
    run = runs.select_related("opened_by", "submitted_by", "taken_by", "approved_by", "municipality").first()
    if run is not None:
        run.service = found
    return run


def _of_run(run: Run, user: User, carried: Composition, *, internal: bool) -> dict[str, Any]:
    public = changes_between(carried.draft.published, carried.document, PUBLIC)
    audiences = [Audience.PUBLIC, *([Audience.INTERNAL] if internal else [])]
    context: dict[str, Any] = {
        "public_changes": public,
        "unchanged": unchanged(carried.document, public),
        "carried": language_names(carried.languages),
        "seal": carried.seal,
        "left": language_names(carried.left_languages),
        "left_lacks": [lack_of(run.service, one) for one in carried.lacking_in_left()],
        "lacks": [lack_of(run.service, one) for one in carried.lacking() if one.field.audience in audiences],
        "asked": request_of_run(run),
        "pauses": list(run.pauses.all()),
        "pauses_now": access.may(user, Capability.PUBLISH, run.service),
        "untold": extensions.untold(Run.objects.filter(pk=run.pk), clock.today()).exists(),
    }
    if internal:
        groups = reviewing.unconfirmed(run, carried)
        since = looks.since(run, carried) if run.state == RunState.IN_REVIEW else None
        context |= {
            "since": since,
            "since_changes": changes_between(since.document, carried.document, PUBLIC) if since else [],
            "sections": internal_sections(carried.document, groups, public),
            "unconfirmed": groups,
            "along": INTERNAL in carried.parts,
            "municipal": municipal_since(run.service),
        }
    return context


def clock_of(run: Run, seasons: Iterable[HolidaySeason] | None = None) -> Face | None:
    """Return the face of a run's clock; None before submission. For many runs, `seasons` are read once."""
    if run.submitted_at is None:
        return None
    submitted, today = clock.day_of(run.submitted_at), clock.today()
    known = list(HolidaySeason.objects.order_by("first_day") if seasons is None else seasons)
    spans, standing = run_clock.spans_of(run, known), _standing(run, known, today)
    return face_of(submitted, today, run.target_on, run.due_on, spans, standing)


def _standing(run: Run, seasons: Iterable[HolidaySeason], today: datetime.date) -> Standing | None:
    """Return why an open run's clock stands still today; None where it goes."""
    if not run.is_open:
        return None
    stopped = (one for one in run.pauses.all() if one.accepted and one.until is None)
    if pause := next((one for one in stopped if one.first_day <= today), None):
        return Standing(lower_first(pause.get_reason_display()), pause.first_day)
    season = next((one for one in seasons if one.covers(today)), None)
    return Standing(_("holiday season"), season.first_day, season.last_day) if season else None


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
