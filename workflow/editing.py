"""Saving what someone wrote, never over what someone else wrote meanwhile.

An editor's page knows the revision that it was made from. What others changed after it is merged
where the values differ, and asked about where both changed the same one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from orgs.models import User
from services import changes, documents, revisions, shape, working_copy
from services.changes import BadChanges, Changes
from services.documents import SHAPE
from services.fields import Document
from services.models import Service, WorkingCopy
from services.shape import Path
from workflow.actions import reviewing, runs
from workflow.actions.steps import locked_service


@dataclass(frozen=True)
class Conflict:
    """Two people changed the same value: what it was, what each wrote, and who the other is."""

    path: Path
    was: Any
    mine: Any
    theirs: Any
    by: User | None


@dataclass(frozen=True)
class Saved:
    """What became of a saving: the newest revision, and what must be asked about."""

    revision: int
    changed: tuple[Path, ...] = ()
    conflicts: tuple[Conflict, ...] = field(default=())


@transaction.atomic
def save(
    service: Service, wanted: Mapping[Path, Any], *, by: User, base: int, reviewed: bool = False
) -> Saved:
    """Save what `by` changed since revision `base`; open a run where there is none.

    Where someone else has changed the same value meanwhile, nothing of the saving is written and
    the conflicts are returned: the merge page asks. `reviewed` says that the writer stands by the
    internal sections touched, which confirms them for the run. Raises BadChanges with the place of
    each error, and PermissionDenied where one of the changed values is not the writer's to change.
    """
    service = locked_service(service)
    copy = WorkingCopy.objects.get(service=service)
    present = working_copy.document_of(copy)
    if wrong := changes.problems(wanted, SHAPE):
        raise BadChanges(wrong)
    cleaned = _settled(present, {path: documents.clean(path, value) for path, value in wanted.items()})
    before = present if base == copy.revision else revisions.document_at(copy, base) or documents.empty()
    merged = changes.merge(before, cleaned, present, SHAPE)
    if merged.conflicts:
        asked = tuple(
            Conflict(c.path, c.base, c.mine, c.theirs, revisions.last_to_change(copy, c.path, base))
            for c in merged.conflicts
        )
        return Saved(copy.revision, conflicts=asked)
    if not merged.changes:
        return Saved(copy.revision)
    run = runs.open_run(service, by=by)
    revision = working_copy.apply(service, merged.changes, base=copy.revision, by=by)
    reviewing.content_changed(run, by=by)
    if reviewed:
        groups = {documents.field_of(path).group for path in merged.changes}
        reviewing.confirm_edited(run, groups, by=by)
    return Saved(revision, tuple(merged.changes))


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
