"""The reviewer's steps: confirming internal sections, and publishing now or at a set time.

Instructions have no review: publishing them is all there is.
"""

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from orgs import clock
from orgs.models import User
from orgs.refused import Refused
from orgs.roles import Capability
from services import access, publishing
from services.fields import GROUP_LABELS, Group
from services.models import Service, ServiceVersion
from services.publishing import ChangedMeanwhile, Incomplete
from services.tracks import INTERNAL, Track
from workflow import composition, looks, review, telling
from workflow.actions.runs import close, go_on_with
from workflow.actions.steps import begin, open_run_of
from workflow.composition import Composition
from workflow.events import Kind, record
from workflow.models import Run, SectionConfirmation
from workflow.states import RunState, Step


class Unconfirmed(Refused):
    """Internal sections wait for the reviewer's word."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self.groups = tuple(groups)
        names = ", ".join(str(GROUP_LABELS[group]) for group in self.groups)
        super().__init__(_("Confirm these internal sections first: %(sections)s.") % {"sections": names})


class NotSubmitted(Refused):
    """Someone else's public draft would be published before it was submitted."""

    def __init__(self) -> None:
        super().__init__(_("The public text is a draft that its writer has not submitted yet."))


def unconfirmed(run: Run, carried: Composition) -> list[Group]:
    """Return the internal sections that the reviewer has still to confirm or edit.

    None where nothing public changes by the run. Source: docs/rules.md section 3.
    """
    if not carried.changes_public:
        return []
    held = {row.group: row.content_hash for row in run.confirmations.all()}
    return [
        group
        for group in review.sections(carried.document)
        if held.get(group.value) != review.content_hash(carried.document, group)
    ]


def waiting_for_a_word(service: Service) -> set[Group] | None:
    """Return the internal sections that the run in review waits for; None where none is in review."""
    run = open_run_of(service)
    if run is None or run.state != RunState.IN_REVIEW:
        return None
    return set(unconfirmed(run, composition.of_run(run, publishing.draft_of(service))))


@transaction.atomic
def take(run: Run, *, by: User) -> Run:
    """Tell the others that `by` reads the run now; whoever had taken it no longer has."""
    run = begin(run, Step.TAKE, by)
    run.taken_by, run.taken_at = by, clock.now()
    run.save()
    record(Kind.TAKEN, run.service, run=run, by=by)
    return run


@transaction.atomic
def give_back(run: Run, *, by: User) -> Run:
    """Leave the run to whoever takes it next."""
    run = begin(run, Step.TAKE, by)
    if run.taken_by_id is not None:
        run.taken_by = run.taken_at = None
        run.save()
        record(Kind.GIVEN_BACK, run.service, run=run, by=by)
    return run


@transaction.atomic
def confirm_sections(run: Run, groups: Iterable[Group], *, by: User, revision: int, seal: str = "") -> None:
    """Say that internal sections, as they go out with the run, are true for its public content.

    Raises ChangedMeanwhile where that is another than what was looked at: at `revision`, with its `seal`.
    """
    run = begin(run, Step.CONFIRM_SECTION, by)
    carried = composition.of_run(run, publishing.draft_of(run.service))
    if not carried.was_the_same_at(revision, seal):
        raise ChangedMeanwhile
    document, wanted = carried.document, set(groups)
    looks.looked(run, carried, by=by)
    for group in review.sections(document):
        content = review.content_hash(document, group)
        row = run.confirmations.filter(group=group.value).first()
        if group not in wanted or (row and row.content_hash == content):
            continue
        SectionConfirmation.objects.update_or_create(
            run=run, group=group.value, defaults={"content_hash": content, "by": by, "at": clock.now()}
        )
        record(Kind.SECTION_CONFIRMED, run.service, run=run, by=by, group=group.value)


@transaction.atomic
def take_along(run: Run, *, by: User, instructions: bool) -> Run:
    """Say whether the changed instructions are published with the public content, or stay a draft."""
    run = begin(run, Step.TAKE_ALONG, by)
    if run.with_instructions != instructions:
        run.with_instructions = instructions
        run.save()
        kind = Kind.INSTRUCTIONS_ALONG if instructions else Kind.INSTRUCTIONS_LEFT
        record(kind, run.service, run=run, by=by)
        take_approval_back(run, by)
    return run


def content_changed(service: Service, *, by: User) -> None:
    """Take back a publication at a set time where what was approved is not what there is now."""
    run = open_run_of(service)
    if run is None or run.approved_revision is None:
        return
    carried = composition.of_run(run, publishing.draft_of(service))
    if not carried.was_the_same_at(run.approved_revision):
        take_approval_back(run, by)


def take_approval_back(run: Run, by: User) -> None:
    """Take back a publication at a set time, and tell the one who approved it."""
    if run.approved_by is not None:
        approver = run.approved_by
        run.publish_at = run.approved_by = run.approved_revision = None
        run.save()
        record(Kind.UNSCHEDULED, run.service, run=run, by=by, changed=True)
        telling.unscheduled(run, approver, by=by)


def _reviewed(run: Run, revision: int, seal: str) -> Composition:
    """Return what the run carries, as it was reviewed.

    A run that was never submitted carries what has changed. Raises ChangedMeanwhile where it is
    another than at the reviewed revision, Incomplete or Unconfirmed where it can't be published yet.
    """
    carried = composition.of_run(run, publishing.draft_of(run.service))
    if not carried.was_the_same_at(revision, seal):
        raise ChangedMeanwhile
    if run.track == Track.PUBLIC:
        if run.submitted_at is None and written_by_others(run):
            raise NotSubmitted
        run.languages = list(carried.languages)
    if lacking := carried.lacking():
        raise Incomplete(lacking)
    if run.track == Track.PUBLIC and (groups := unconfirmed(run, carried)):
        raise Unconfirmed(groups)
    return carried


def written_by_others(run: Run) -> bool:
    """Tell whether someone who may not publish has written into the run."""
    writers = run.writers.all()
    return not all(access.may(writer, Capability.PUBLISH, run.service) for writer in writers)


@transaction.atomic
def schedule(run: Run, *, by: User, at: datetime.datetime, revision: int, seal: str = "") -> Run:
    """Approve the reviewed revision for publication at a set time, in the approver's name."""
    run = begin(run, Step.SCHEDULE, by)
    if at <= clock.now():
        raise ValidationError({"at": _("Give a time that is still to come.")})
    _reviewed(run, revision, seal)
    run.publish_at, run.approved_by, run.approved_revision = at, by, revision
    run.save()
    record(Kind.SCHEDULED, run.service, run=run, by=by, publish_at=at.isoformat())
    return run


@transaction.atomic
def unschedule(run: Run, *, by: User) -> Run:
    """Cancel a publication at a set time."""
    run = begin(run, Step.UNSCHEDULE, by)
    if run.publish_at is not None:
        run.publish_at = run.approved_by = run.approved_revision = None
        run.save()
        record(Kind.UNSCHEDULED, run.service, run=run, by=by)
    return run


@transaction.atomic
def publish(run: Run, *, by: User, revision: int, seal: str = "") -> ServiceVersion:
    """Publish what the run carries, as it was at the revision that the publisher looked at.

    Raises ChangedMeanwhile, Incomplete, Unconfirmed, NotSubmitted, AlreadyPublished, NotPublic, NotNow or
    PermissionDenied; then nothing has changed.
    """
    run = begin(run, Step.PUBLISH, by)
    carried = _reviewed(run, revision, seal)
    version = publishing.publish_draft(carried.draft, parts=carried.parts, languages=carried.languages, by=by)
    run.version = version
    close(run, by)
    if run.track == Track.PUBLIC and INTERNAL in carried.parts:
        _close_instructions(run, version, by)
    if run.track == Track.PUBLIC:
        go_on_with(run, carried, by=by)
        telling.published(run, by=by)
    return version


def _close_instructions(run: Run, version: ServiceVersion, by: User) -> None:
    """Close the draft of the instructions that were published along."""
    instructions = open_run_of(run.service, INTERNAL)
    if instructions is not None:
        instructions.state, instructions.version = RunState.PUBLISHED, version
        close(instructions, by)
