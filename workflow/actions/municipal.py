"""A municipality's own part of a service's work instructions (domain.md sections 3 and 11).

Every partner writes its own municipalities' parts on any service, so they don't wait for the
service's run: a part is published as it is saved, as a version that changes nothing else.
"""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction

from orgs import clock
from orgs.models import Municipality, User
from services import access, publishing
from services.models import Service
from workflow import edits, paths, working_copy
from workflow.actions.steps import locked_service
from workflow.events import Kind, record
from workflow.paths import Path


@transaction.atomic
def save(service: Service, municipality: Municipality, values: Mapping[Path, str], *, by: User) -> bool:
    """Save and publish one municipality's texts; return whether anything changed.

    Raises PermissionDenied where the municipality is not of the writer's partner, KeyError for a
    path that is not this municipality's.
    """
    if not access.may_write_municipal(by, municipality):
        raise PermissionDenied
    if any(path.municipality != municipality.code for path in values):
        raise KeyError(municipality.code)
    service = locked_service(service)
    cleaned = {path: paths.clean(path, value) for path, value in values.items()}
    before = working_copy.read(service)
    after = paths.with_values(before, cleaned)
    if edits.write(service, before, after, by=by) is None:
        return False
    version = working_copy.last_version(service)
    if version is not None and service.status == Service.Status.PUBLISHED:
        internal = paths.with_values(working_copy.of_version(version, before), cleaned)["internal"]
        publishing.freeze(service, version.public_document, internal, by=by, at=clock.now())
        service.save(update_fields=["version_number", "first_published_at"])
    record(Kind.MUNICIPAL_PUBLISHED, service, by=by, municipality=municipality.code)
    return True
