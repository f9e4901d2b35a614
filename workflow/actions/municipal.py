"""A municipality's own part of a service's work instructions (docs/rules.md sections 3 and 11).

Every partner writes its own municipalities' parts on any service, so they don't wait for the
service's run: a part is published as it is saved, as a version that changes nothing else.
"""

from collections.abc import Mapping

from django.db import transaction

from orgs.access import NotAllowed
from orgs.models import Municipality, User
from orgs.roles import Capability
from services import access, documents, publishing, working_copy
from services.models import Service, WorkingCopy
from services.shape import Path
from workflow import merging
from workflow.actions.steps import locked_service, open_run_of
from workflow.events import Kind, record
from workflow.merging import Saved


@transaction.atomic
def save(
    service: Service, municipality: Municipality, wanted: Mapping[Path, str], *, by: User, base: int
) -> Saved:
    """Save and publish what `by` changed in one municipality's texts since revision `base`.

    Where someone else has changed the same text meanwhile, nothing is written and the conflicts are
    returned. Raises PermissionDenied where the municipality is not of the writer's partner,
    KeyError for a path that is not this municipality's.
    """
    if not access.may_write_municipal(by, municipality):
        raise NotAllowed(Capability.WRITE_MUNICIPAL)
    if any(documents.municipality_of(path) != municipality.code for path in wanted):
        raise KeyError(municipality.code)
    service = locked_service(service)
    copy = WorkingCopy.objects.get(service=service)
    changed, conflicts = merging.merged(copy, merging.cleaned(wanted), base)
    if conflicts or not changed:
        return Saved(copy.revision, conflicts=conflicts)
    revision = working_copy.apply(service, changed, base=copy.revision, by=by)
    if service.status == Service.Status.PUBLISHED:
        publishing.amend(service, changed, by=by, revision=revision)
    # What was approved for a set time is approved still: this part is nobody's to review.
    if (run := open_run_of(service)) and run.approved_revision == copy.revision:
        run.approved_revision = revision
        run.save()
    record(Kind.MUNICIPAL_PUBLISHED, service, by=by, municipality=municipality.code)
    return Saved(revision, tuple(changed))
