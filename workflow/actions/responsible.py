"""The first review of a provider's new service: the proposed partner takes it on, or passes it on."""

from django.db import transaction

from orgs.models import Organisation, User
from services import publishing, responsibility, working_copy
from services.documents import changed_fields
from services.fields import Audience
from services.models import Service
from workflow import telling
from workflow.actions.steps import locked_service
from workflow.events import Kind, record
from workflow.models import Run


@transaction.atomic
def accept(run: Run, *, basis: str, decision: str, by: User) -> None:
    """Take on the responsibility that the provider proposed; raises what `responsibility.accept` does."""
    service = locked_service(run.service)
    responsibility.accept(service, basis=basis, decision=decision, by=by)
    record(Kind.ACCEPTED, service, run=run, by=by)


@transaction.atomic
def pass_on(run: Run, partner: Organisation, *, by: User) -> None:
    """Propose another partner; its people are told that the content waits for their review."""
    service = locked_service(run.service)
    responsibility.pass_on(service, partner, by=by)
    record(Kind.PASSED_ON, service, run=run, by=by, partner=partner.external_id)
    run = Run.objects.get(pk=run.pk)
    run.service = Service.objects.get(pk=service.pk)
    changed = changed_fields(publishing.newest_document(service), working_copy.read(service), Audience.PUBLIC)
    telling.submitted(run, [field.name for field in changed], by=by, again=False)
