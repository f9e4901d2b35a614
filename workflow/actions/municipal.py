"""A municipality's own part of a service's work instructions (docs/rules.md sections 3 and 11).

Every partner writes its own municipalities' parts on any service, so they don't wait for the
service's run: a part is published as it is saved, as a version that changes nothing else.
"""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction

from orgs.models import Municipality, User
from services import access, documents, publishing, working_copy
from services.models import Service
from services.shape import Path
from workflow.actions.steps import locked_service, open_run_of
from workflow.events import Kind, record


@transaction.atomic
def save(service: Service, municipality: Municipality, values: Mapping[Path, str], *, by: User) -> bool:
    """Save and publish one municipality's texts; return whether anything changed.

    Raises PermissionDenied where the municipality is not of the writer's partner, KeyError for a
    path that is not this municipality's.
    """
    if not access.may_write_municipal(by, municipality):
        raise PermissionDenied
    if any(documents.municipality_of(path) != municipality.code for path in values):
        raise KeyError(municipality.code)
    service = locked_service(service)
    before = working_copy.revision_of(service)
    cleaned = {path: documents.clean(path, value) for path, value in values.items()}
    revision = working_copy.apply(service, cleaned, base=before, by=by)
    if revision == before:
        return False
    if service.status == Service.Status.PUBLISHED:
        publishing.amend(service, cleaned, by=by, revision=revision)
    # What was approved for a set time is approved still: this part is nobody's to review.
    if (run := open_run_of(service)) and run.approved_revision == before:
        run.approved_revision = revision
        run.save()
    record(Kind.MUNICIPAL_PUBLISHED, service, by=by, municipality=municipality.code)
    return True
