"""Saving what someone wrote into a service's working copy, with the runs that carry it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from orgs.models import User
from services import shape, tracks, working_copy
from services.changes import Changes
from services.documents import SHAPE
from services.fields import Document
from services.models import Service, WorkingCopy
from services.shape import Path
from workflow import merging
from workflow.actions import reviewing, runs
from workflow.actions.steps import locked_service
from workflow.merging import Saved


@transaction.atomic
def save(service: Service, wanted: Mapping[Path, Any], *, by: User, base: int) -> Saved:
    """Save what `by` changed since revision `base`; open a run for each part that has none.

    Where someone else has changed the same value meanwhile, nothing of the saving is written and
    the conflicts are returned: the merge page asks. Raises BadChanges with the place of each error,
    and PermissionDenied where one of the changed values is not the writer's to change.
    """
    service = locked_service(service)
    copy = WorkingCopy.objects.get(service=service)
    settled = _settled(copy.document, merging.cleaned(wanted))
    changed, conflicts = merging.merged(copy, settled, base)
    if conflicts or not changed:
        return Saved(copy.revision, conflicts=conflicts)
    waiting = reviewing.waiting_for_a_word(service)
    revision = working_copy.apply(service, changed, base=copy.revision, by=by)
    parts = {tracks.part_of(path) for path in changed}
    for part in sorted(parts):
        runs.open_run(service, by=by, part=part)
    reviewing.content_changed(service, by=by)
    voided = (reviewing.waiting_for_a_word(service) or set()) - (waiting or set())
    reviewed = waiting is not None and tracks.PUBLIC in parts
    return Saved(revision, tuple(changed), voided=len(voided), reviewed=reviewed)


# An answer, and the values that mean nothing beside it.
_MEANINGLESS: tuple[tuple[Path, bool, Changes], ...] = (
    (("public", "paid"), False, {("public", "price"): None}),
    (("public", "all_ages"), True, {("public", "age_min"): None, ("public", "age_max"): None}),
    (("public", "any_municipality"), True, {("public", "municipalities"): []}),
)


def _settled(present: Document, wanted: Changes) -> Changes:
    """Return the changes with what their own answers make meaningless taken away."""
    values = shape.values_of(present, SHAPE) | wanted
    for path, answer, meaningless in _MEANINGLESS:
        if path in wanted and values[path] is answer:
            wanted = wanted | meaningless
    return wanted
