"""A run's way: opened, submitted, returned, submitted again, withdrawn."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from orgs import clock
from orgs.access import NotAllowed
from orgs.localised import SOURCE_LANGUAGE
from orgs.models import Agreement, Municipality, User
from orgs.refused import NotNow, Refused
from orgs.roles import Capability
from services import publishing, tracks, working_copy
from services.completeness import missing
from services.documents import changed_fields
from services.fields import Audience, Stage
from services.models import Service
from services.publishing import Incomplete, NotPublic
from services.tracks import PUBLIC, Part, Track
from workflow import composition, looks, run_clock, telling
from workflow.actions.steps import begin, locked_service, may_take, open_run_of
from workflow.composition import Composition
from workflow.events import Kind, record
from workflow.languages import ready
from workflow.models import Pause, Run
from workflow.states import RunState, Step

_WRITES = {
    Track.PUBLIC: Capability.WRITE_PUBLIC,
    Track.INTERNAL: Capability.WRITE_INTERNAL,
    Track.MUNICIPAL: Capability.WRITE_MUNICIPAL,
}


@transaction.atomic
def open_run(service: Service, *, by: User, part: Part = PUBLIC) -> Run:
    """Return the open run of a part of the service that `by` writes, a new draft where there is none.

    Raises PermissionDenied for those who may not write the part, NotNow for an archived service.
    """
    service = locked_service(service)
    present = open_run_of(service, part)
    run = present or _new(service, part, by)
    if not may_take(by, _WRITES[part.track], run):
        raise NotAllowed(_WRITES[part.track])
    if present is None:
        if service.status == Service.Status.ARCHIVED:
            raise NotNow(service.get_status_display())
        run.save()
        record(Kind.OPENED, service, run=run, by=by)
    run.writers.add(by)
    return run


def _new(service: Service, part: Part, by: User) -> Run:
    return Run(
        service=service,
        track=part.track,
        municipality=Municipality.objects.get(code=part.municipality) if part.municipality else None,
        kind=Run.Kind.UPDATE if service.first_published_at else Run.Kind.NEW,
        languages=[SOURCE_LANGUAGE],
        opened_at=clock.now(),
        opened_by=by,
    )


@transaction.atomic
def submit(run: Run, *, by: User, languages: Sequence[str] = (), reply: str = "") -> Run:
    """Submit a draft for review, or answer the reviewer's return by submitting again, with a reply.

    The run carries `languages`, or those in which changed texts are ready. The first submission starts the
    clock, a later one sets it going again. Raises Incomplete where content is missing, Refused
    where nothing has changed or no agreement has begun.
    """
    again = run.state == RunState.WAITING
    run = begin(run, Step.RESUBMIT if again else Step.SUBMIT, by)
    if not Agreement.objects.filter(starts_on__lte=clock.today()).exists():
        raise Refused(
            _("No agreement has begun yet, so there is no time in which to review. Ask the project manager.")
        )
    draft = publishing.draft_of(run.service)
    run.languages = list(languages) or ready(draft.working, draft.published)
    if run.submitted_at is None:
        run.submitted_at, run.submitted_by = clock.now(), by
    carried = composition.of_run(run, draft)
    if lacking := missing(carried.document, Stage.SUBMISSION, run.languages):
        raise Incomplete(lacking)
    changed = changed_fields(draft.published, carried.document, Audience.PUBLIC)
    if draft.published is not None and not changed and not again:
        raise Refused(_("Nothing has changed since the last publication. There is nothing to review."))
    run.save()
    if again:
        _close_pauses(run, by, only=Pause.Reason.PROVIDER)
    run_clock.refresh(run)
    detail: dict[str, Any] = {"languages": run.languages}
    if reply := reply.strip():
        detail["reply"] = reply
    record(Kind.RESUBMITTED if again else Kind.SUBMITTED, run.service, run=run, by=by, **detail)
    telling.submitted(run, [field.name for field in changed], by=by, again=again, reply=reply)
    return run


def _close_pauses(run: Run, by: User, *, only: Pause.Reason | None = None) -> None:
    """End the open pauses today, or before they began to count where they were to begin later."""
    today = clock.today()
    for pause in run.pauses.filter(until=None):
        if only is None or pause.reason == only:
            pause.until, pause.closed_by = max(today, pause.first_day), by
            pause.save()


@transaction.atomic
def return_to_provider(run: Run, *, by: User, reason: str) -> Run:
    """Send the content back with what is to be mended; the clock stands until it comes again.

    Source: docs/rules.md section 5. Raises ValidationError without a reason.
    """
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Write what the provider should correct.")})
    run = begin(run, Step.RETURN, by)
    run.publish_at = run.approved_by = run.approved_revision = None
    run.save()
    if not run.pauses.filter(until=None, reason=Pause.Reason.PROVIDER).exists():
        Pause.recorded(run, Pause.Reason.PROVIDER, reason, by=by).save()
    looks.looked(run, composition.of_run(run, publishing.draft_of(run.service)), by=by)
    run_clock.refresh(run)
    record(Kind.RETURNED, run.service, run=run, by=by, reason=reason)
    telling.returned(run, reason, by=by)
    return run


@transaction.atomic
def recall(run: Run, *, by: User) -> Run:
    """Take the content back into review without waiting for the provider; the clock goes again."""
    run = begin(run, Step.RECALL, by)
    run.save()
    _close_pauses(run, by, only=Pause.Reason.PROVIDER)
    run_clock.refresh(run)
    record(Kind.RECALLED, run.service, run=run, by=by)
    telling.recalled(run, by=by)
    return run


@transaction.atomic
def withdraw(run: Run, *, by: User) -> Run:
    """Give the run up: its part of the working copy becomes what is published again.

    The other parts stay as they are, and so do words in languages that the run does not carry. A
    service that was never published keeps its draft; its instructions can't be given up by themselves. Of
    a draft that nobody has submitted all that was written is given up.
    """
    was_submitted = run.submitted_at is not None
    run = begin(run, Step.WITHDRAW, by)
    draft = publishing.draft_of(run.service)
    carried = composition.of_draft(run, draft)
    given_up: dict[str, Any] = {}
    if draft.published is not None:
        left = tracks.without(draft.working, draft.published, run.part, carried.languages)
        if working_copy.put(run.service, left, by=by) != draft.copy.revision:
            given_up = {"revision": draft.copy.revision}
    elif run.track != Track.PUBLIC:
        raise NotPublic
    close(run, by)
    record(Kind.WITHDRAWN, run.service, run=run, by=by, **given_up)
    if draft.published is not None:
        go_on_with(run, carried, by=by)
    if was_submitted:
        telling.withdrawn(run, by=by)
    return run


def go_on_with(closed: Run, carried: Composition, *, by: User) -> None:
    """Open a draft for the words that a closed run left, so that they lie nowhere unseen."""
    if not carried.left:
        return
    run = _new(closed.service, closed.part, closed.opened_by)
    run.save()
    run.writers.set(closed.writers.all())
    record(Kind.OPENED, closed.service, run=run, by=by, languages=carried.left_languages)


def close(run: Run, by: User) -> None:
    """Close a run in the state that its step gave it, with its pauses and its set time."""
    run.closed_at, run.closed_by = clock.now(), by
    run.publish_at = run.approved_by = run.approved_revision = None
    run.taken_by = run.taken_at = None
    run.save()
    _close_pauses(run, by)
