"""Putting what someone wrote together with what others wrote meanwhile, never over it.

An editor's page knows the revision that it was made from. What others changed after it is merged
where the values differ, and asked about where both changed the same one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from orgs.models import User
from services import changes, documents, revisions
from services.changes import Changes
from services.documents import SHAPE
from services.models import WorkingCopy
from services.shape import Path


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
    """What became of a saving: the newest revision, and what must be asked about.

    `voided` counts confirmations of a run in review that hold no longer; `reviewed`: what was saved is
    being read by its reviewer.
    """

    revision: int
    changed: tuple[Path, ...] = ()
    conflicts: tuple[Conflict, ...] = field(default=())
    voided: int = 0
    reviewed: bool = False


def merged(copy: WorkingCopy, wanted: Mapping[Path, Any], base: int) -> tuple[Changes, tuple[Conflict, ...]]:
    """Return what `wanted`, made from revision `base`, changes in the working copy of now.

    The changes are well-formed and in the form of documents. Where someone else has changed the
    same value meanwhile, it is a conflict and not in the changes.
    """
    found = changes.merge(revisions.base_of(copy, base), wanted, copy.document, SHAPE)
    asked = tuple(
        Conflict(c.path, c.base, c.mine, c.theirs, revisions.last_to_change(copy, c.path, base))
        for c in found.conflicts
    )
    return found.changes, asked


def cleaned(wanted: Mapping[Path, Any]) -> Changes:
    """Return well-shaped values in the form in which documents hold them; raises BadChanges for others."""
    if wrong := changes.problems(wanted, SHAPE):
        raise changes.BadChanges(wrong)
    return {path: documents.clean(path, value) for path, value in wanted.items()}
