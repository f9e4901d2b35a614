"""The reviewer's steps: confirming internal sections, and publishing now or at a set time."""

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from orgs import clock
from orgs.models import User
from orgs.refused import Refused
from orgs.roles import Capability
from services import access, publishing, working_copy
from services.completeness import missing
from services.documents import changed_fields
from services.fields import GROUP_LABELS, Audience, Document, Group, Stage
from services.models import ServiceVersion
from services.publishing import ChangedMeanwhile, Draft, Incomplete
from workflow import languages, review, telling
from workflow.actions.runs import close
from workflow.actions.steps import begin
from workflow.events import Kind, record
from workflow.models import Run, SectionConfirmation
from workflow.states import Step


class Unconfirmed(Refused):
    """Internal sections wait for the reviewer's word."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self.groups = tuple(groups)
        names = ", ".join(str(GROUP_LABELS[group]) for group in self.groups)
        super().__init__(_("Confirm these internal sections first: %(sections)s.") % {"sections": names})


def unconfirmed(run: Run, working: Document, published: Document | None) -> list[Group]:
    """Return the internal sections that the reviewer has still to confirm or edit.

    None where nothing public changes by the run. Source: docs/rules.md section 3.
    """
    if published is not None and not changed_fields(published, working, Audience.PUBLIC):
        return []
    held = {row.group: row.content_hash for row in run.confirmations.all()}
    return [
        group
        for group in review.sections(working)
        if held.get(group.value) != review.content_hash(working, group)
    ]


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
def confirm_sections(run: Run, groups: Iterable[Group], *, by: User) -> None:
    """Say that internal sections are true for the public content as it is now."""
    run = begin(run, Step.CONFIRM_SECTION, by)
    working = working_copy.read(run.service)
    confirmed = [group for group in review.sections(working) if group in set(groups)]
    _confirm(run, working, confirmed, by)


def confirm_edited(run: Run, groups: Iterable[Group], *, by: User) -> None:
    """Count the internal sections that someone who may publish has just written as confirmed."""
    if access.may(by, Capability.PUBLISH, run.service):
        _confirm(run, working_copy.read(run.service), set(groups) & set(review.INTERNAL_GROUPS), by)


def _confirm(run: Run, working: Document, groups: Iterable[Group], by: User) -> None:
    for group in groups:
        content = review.content_hash(working, group)
        row = SectionConfirmation.objects.filter(run=run, group=group.value).first()
        if row and row.content_hash == content:
            continue
        SectionConfirmation.objects.update_or_create(
            run=run, group=group.value, defaults={"content_hash": content, "by": by, "at": clock.now()}
        )
        record(Kind.SECTION_CONFIRMED, run.service, run=run, by=by, group=group.value)


def content_changed(run: Run, *, by: User) -> None:
    """Take back a publication at a set time: what was approved is not what there is now."""
    if run.publish_at is not None:
        approver = run.approved_by
        run.publish_at = run.approved_by = run.approved_revision = None
        run.save()
        record(Kind.UNSCHEDULED, run.service, run=run, by=by, changed=True)
        if approver is not None:
            telling.unscheduled(run, approver, by=by)


def _reviewed(run: Run, revision: int) -> Draft:
    """Return the draft as it was reviewed, and let a run that was never submitted carry what has changed.

    Raises ChangedMeanwhile where it is another than the reviewed one, Incomplete or Unconfirmed where
    it can't be published yet.
    """
    draft = publishing.draft_of(run.service)
    if draft.copy.revision != revision:
        raise ChangedMeanwhile
    if run.submitted_at is None:
        run.languages = languages.changed(draft.working, draft.published)
    if lacking := missing(draft.working, Stage.PUBLICATION, run.languages):
        raise Incomplete(lacking)
    if groups := unconfirmed(run, draft.working, draft.published):
        raise Unconfirmed(groups)
    return draft


@transaction.atomic
def schedule(run: Run, *, by: User, at: datetime.datetime, revision: int) -> Run:
    """Approve the reviewed revision for publication at a set time, in the approver's name."""
    run = begin(run, Step.SCHEDULE, by)
    if at <= clock.now():
        raise ValidationError({"at": _("Give a time that is still to come.")})
    _reviewed(run, revision)
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
def publish(run: Run, *, by: User, revision: int) -> ServiceVersion:
    """Publish the run's languages of the revision that the publisher reviewed.

    Raises ChangedMeanwhile, Incomplete, Unconfirmed, AlreadyPublished, NotNow or PermissionDenied;
    then nothing has changed.
    """
    run = begin(run, Step.PUBLISH, by)
    draft = _reviewed(run, revision)
    version = publishing.publish_draft(draft, languages=run.languages, by=by, revision=revision)
    run.version = version
    close(run, by)
    telling.published(run, by=by)
    return version
