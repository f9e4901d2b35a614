"""Saving a working copy: value by value, never over what someone else wrote meanwhile.

Each saving is an `Edit` with a row for every value that it changed. An editor's page knows the
number of the edit that it was made from; what others changed after it is merged where the values
differ, and asked about where both changed the same one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from orgs import access as positions
from orgs.models import User
from orgs.roles import Capability
from services import access
from services.fields import Audience
from services.models import Service
from workflow import edits, paths, working_copy
from workflow.actions import reviewing, runs
from workflow.actions.steps import locked_service
from workflow.models import FieldChange
from workflow.paths import Path

# Who produces a service and who answers for it decides who may do what to it.
_DECIDES_RIGHTS = ("organiser", "producers", "responsible_partner")


@dataclass(frozen=True)
class Conflict:
    """Two people changed the same value: what it was, what each wrote."""

    path: Path
    was: Any
    mine: Any
    theirs: Any
    by: User


@dataclass(frozen=True)
class Saved:
    """What became of a saving: the newest edit's number, and what must be asked about."""

    number: int
    changed: tuple[Path, ...] = ()
    conflicts: tuple[Conflict, ...] = field(default=())


def may_write(user: User, service: Service, path: Path) -> bool:
    """Tell whether `user` may change this value (domain.md section 11).

    Who organises, produces and answers for a service is the responsible partner's to change once
    the service has been published; before that whoever writes it says so.
    """
    name = path.field.name
    if path.audience is Audience.EDITORS:
        # The search boost weighs services against each other: for those who may publish any of them.
        over = None if name == "search_boost" else access.relations(service)
        return positions.may(user, Capability.PUBLISH, over)
    if path.audience is Audience.INTERNAL:
        return path.municipality is None and access.may(user, Capability.WRITE_INTERNAL, service)
    if name in _DECIDES_RIGHTS and service.first_published_at is not None:
        return access.may(user, Capability.PUBLISH, service)
    return access.may(user, Capability.WRITE_PUBLIC, service)


@transaction.atomic
def save(
    service: Service, values: Mapping[Path, Any], *, by: User, base: int, reviewed: bool = False
) -> Saved:
    """Save what `by` changed since edit number `base`; open a run where there is none.

    Where someone else has changed the same value meanwhile, nothing of the saving is written and
    the conflicts are returned: the merge page asks. `reviewed` says that the writer stands by the
    internal sections touched, which confirms them for the run. Raises PermissionDenied where one
    of the changed values is not the writer's to change.
    """
    service = locked_service(service)
    before = working_copy.read(service)
    present = paths.values_of(before)
    since = _changed_since(service, base)
    wanted, conflicts = {}, []
    for path, raw in values.items():
        mine, theirs = paths.clean(path, raw), paths.value_at(present, path)
        first = since.get(path)
        was = first.before if first else theirs
        if mine in (was, theirs):
            continue
        if not may_write(by, service, path):
            raise PermissionDenied
        if first is not None and theirs != was:
            conflicts.append(Conflict(path, was, mine, theirs, first.edit.by))
        else:
            wanted[path] = mine
    if conflicts:
        return Saved(edits.number_of(service), conflicts=tuple(conflicts))
    if not wanted:
        return Saved(edits.number_of(service))
    after = paths.with_values(before, wanted)
    run = runs.open_run(service, by=by)
    edit = edits.write(service, before, after, by=by)
    reviewing.content_changed(run, by=by)
    if reviewed:
        reviewing.confirm_edited(run, {path.field.group for path in wanted}, by=by)
    return Saved(edit.number if edit else edits.number_of(service), tuple(wanted))


def _changed_since(service: Service, base: int) -> dict[Path, FieldChange]:
    """Return the first change of each value after edit number `base`."""
    rows = (
        FieldChange.objects.filter(edit__service=service, edit__number__gt=base)
        .select_related("edit__by")
        .order_by("-edit__number")
    )
    return {Path(Audience(row.audience), row.path): row for row in rows}
