"""The first review of a provider's new service: the proposed partner takes it on, or passes it on."""

from django.db import transaction

from orgs.models import Organisation, User
from services import publishing, responsibility
from services.documents import changed_fields
from services.fields import Audience
from workflow import composition, pairs, telling
from workflow.actions.steps import begin
from workflow.events import Kind, record
from workflow.models import Run, Updater
from workflow.states import Step


@transaction.atomic
def accept(run: Run, *, basis: str, decision: str, by: User) -> None:
    """Take on the responsibility that the provider proposed; raises what `responsibility.accept` does.

    Who accepts it is the partner's half of the pair, until another is named.
    """
    run = begin(run, Step.ACCEPT, by)
    responsibility.accept(run.service, basis=basis, decision=decision, by=by)
    run.service.refresh_from_db()
    pairs.begin(run.service, Updater.Half.PARTNER, by)
    record(Kind.ACCEPTED, run.service, run=run, by=by)


@transaction.atomic
def pass_on(run: Run, partner: Organisation, *, by: User) -> None:
    """Propose another partner; its people are told that the content waits for their review.

    Only what was submitted and not returned is in review: nothing else waits for them.
    """
    run = begin(run, Step.PASS_ON, by)
    responsibility.pass_on(run.service, partner, by=by)
    record(Kind.PASSED_ON, run.service, run=run, by=by, partner=partner.external_id)
    run.service.refresh_from_db()
    service = run.service
    draft = publishing.draft_of(service)
    changed = changed_fields(draft.published, composition.of_run(run, draft).document, Audience.PUBLIC)
    telling.submitted(run, [field.name for field in changed], by=by, again=False)
