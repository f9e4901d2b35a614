"""Writing a working copy, and the log of every value that an edit changed."""

from orgs import clock
from orgs.models import User
from services import documents
from services.fields import Document
from services.models import Service
from workflow import paths
from workflow.models import Edit, FieldChange


def number_of(service: Service) -> int:
    """Return the number of the newest edit; 0 before the first."""
    newest = service.edits.order_by("-number").values_list("number", flat=True).first()
    return newest or 0


def write(service: Service, before: Document, after: Document, *, by: User) -> Edit | None:
    """Make `after` the working copy and log each value that differs; the caller holds the lock."""
    differing = paths.changed(before, after)
    if not differing:
        return None
    documents.write(service, after)
    edit = Edit.objects.create(service=service, number=number_of(service) + 1, at=clock.now(), by=by)
    FieldChange.objects.bulk_create(
        FieldChange(edit=edit, audience=path.audience.value, path=path.way, before=old, after=new)
        for path, (old, new) in differing.items()
    )
    return edit
