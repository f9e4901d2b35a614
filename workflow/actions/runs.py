"""A run's way: opened, submitted, returned, submitted again, withdrawn."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from orgs import clock
from orgs.access import NotAllowed
from orgs.models import Agreement, User
from orgs.refused import NotNow, Refused
from orgs.roles import Capability
from services import access, publishing, working_copy
from services.completeness import missing
from services.documents import changed_fields
from services.fields import Audience, Stage
from services.models import Service
from services.publishing import Incomplete
from workflow import run_clock, telling
from workflow.actions.steps import begin, locked_service, open_run_of
from workflow.events import Kind, record
from workflow.languages import changed as changed_languages
from workflow.models import Pause, Run
from workflow.states import RunState, Step


@transaction.atomic
def open_run(service: Service, *, by: User) -> Run:
    """Return the service's open run, a new draft where there is none.

    Raises PermissionDenied for those who may not write the service, NotNow for an archived one.
    """
    service = locked_service(service)
    writes = (Capability.WRITE_PUBLIC, Capability.WRITE_INTERNAL)
    if not any(access.may(by, capability, service) for capability in writes):
        raise NotAllowed(*writes)
    if (present := open_run_of(service)) is not None:
        return present
    if service.status == Service.Status.ARCHIVED:
        raise NotNow(service.get_status_display())
    run = Run.objects.create(
        service=service,
        kind=Run.Kind.UPDATE if service.first_published_at else Run.Kind.NEW,
        languages=["fi"],
        opened_at=clock.now(),
        opened_by=by,
    )
    record(Kind.OPENED, service, run=run, by=by)
    return run


@transaction.atomic
def submit(run: Run, *, by: User, languages: Sequence[str] = ()) -> Run:
    """Submit a draft for review, or answer the reviewer's return by submitting again.

    The run carries `languages`, or those whose texts changed. The first submission starts the
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
    working, published = draft.working, draft.published
    run.languages = list(languages) or changed_languages(working, published)
    if lacking := missing(working, Stage.SUBMISSION, run.languages):
        raise Incomplete(lacking)
    changed = changed_fields(published, working, Audience.PUBLIC)
    if published is not None and not changed and not again:
        raise Refused(_("Nothing has changed since the last publication. There is nothing to review."))
    if run.submitted_at is None:
        run.submitted_at, run.submitted_by = clock.now(), by
    run.save()
    if again:
        _close_pauses(run, by, only=Pause.Reason.PROVIDER)
    run_clock.refresh(run)
    record(
        Kind.RESUBMITTED if again else Kind.SUBMITTED, run.service, run=run, by=by, languages=run.languages
    )
    telling.submitted(run, [field.name for field in changed], by=by, again=again)
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
    """Give the run up: the working copy becomes what is published again.

    A service that was never published keeps its draft. Municipalities' own instructions are not
    the run's and stay as they are.
    """
    was_submitted = run.submitted_at is not None
    run = begin(run, Step.WITHDRAW, by)
    _restore(run.service, by)
    close(run, by)
    record(Kind.WITHDRAWN, run.service, run=run, by=by)
    if was_submitted:
        telling.withdrawn(run, by=by)
    return run


def _restore(service: Service, by: User) -> None:
    draft = publishing.draft_of(service)
    if draft.published is not None:
        municipal = {"municipal": draft.working["internal"]["municipal"]}
        restored = draft.published | {"internal": draft.published["internal"] | municipal}
        working_copy.put(service, restored, by=by)


def close(run: Run, by: User) -> None:
    """Close a run in the state that its step gave it, with its pauses and its set time."""
    run.closed_at, run.closed_by = clock.now(), by
    run.publish_at = run.approved_by = run.approved_revision = None
    run.taken_by = run.taken_at = None
    run.save()
    _close_pauses(run, by)
