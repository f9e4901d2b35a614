"""The history of a working copy: who wrote what and when, a writing session at a time."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from orgs import clock
from orgs.models import User
from services import documents, tracks
from services.documents import SHAPE
from services.fields import Document
from services.models import WorkingCopy
from services.shape import Path, values_of
from services.tracks import Part

# Someone who writes again within this time is still in the same session.
PAUSE = datetime.timedelta(minutes=30)
# Pages that are still open were made from a revision at most this old; merging needs it.
KEPT_WHOLE = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Step:
    """One revision: its number, when, and by whom (a person's number or the system's name)."""

    revision: int
    at: datetime.datetime
    by: object


def sessions(steps: Iterable[Step]) -> list[list[Step]]:
    """Return revisions by writing session, the oldest first.

    A session is what one person wrote with no one else in between and no longer pause than PAUSE.
    """
    found: list[list[Step]] = []
    for step in sorted(steps, key=lambda step: step.revision):
        last = found[-1][-1] if found else None
        if last and last.by == step.by and step.at - last.at <= PAUSE:
            found[-1].append(step)
        else:
            found.append([step])
    return found


def steps_of(copy: WorkingCopy) -> list[Step]:
    """Return the revisions that are kept of a working copy."""
    rows = _history(copy).values_list("revision", "changed_at", "changed_by", "changed_as")
    return [Step(revision, at, person or system) for revision, at, person, system in rows]


def forget_steps(copy: WorkingCopy) -> None:
    """Keep one revision of each writing session that is over: its last."""
    until = clock.now() - KEPT_WHOLE
    gone = [
        step.revision
        for session in sessions(steps_of(copy))
        for step in session[:-1]
        if session[-1].at < until
    ]
    if gone:
        _history(copy).filter(revision__in=gone).delete()


def document_at(copy: WorkingCopy, revision: int) -> Document | None:
    """Return the document of a revision, or of the nearest one before it that is kept; None for none."""
    row = _history(copy).filter(revision__lte=revision).order_by("-revision").first()
    return row.document if row else None


def base_of(copy: WorkingCopy, revision: int) -> Document:
    """Return the document that a page was made from; one without content where it is not kept any more."""
    if revision == copy.revision:
        return copy.document
    return document_at(copy, revision) or documents.empty()


def last_to_change(copy: WorkingCopy, path: Path, after: int) -> User | None:
    """Return the person who last changed the value at a path after a revision; None for the system."""
    standing = document_at(copy, after)
    last, found = _value(standing, path) if standing else None, None
    for row in _history(copy).filter(revision__gt=after).order_by("revision").select_related("changed_by"):
        value = _value(row.document, path)
        if value != last:
            last, found = value, row.changed_by
    return found


def writers_since(copy: WorkingCopy, after: int, part: Part) -> list[User]:
    """Return the people who changed a part of the document after a revision, the first to do so first."""
    last, found = document_at(copy, after), []
    for row in _history(copy).filter(revision__gt=after).order_by("revision").select_related("changed_by"):
        document = row.document
        if row.changed_by and tracks.diff(last, document, part):
            found.append(row.changed_by)
        last = document
    return list(dict.fromkeys(found))


def _value(document: Document, path: Path) -> Any:
    return values_of(document, SHAPE).get(path)


def _history(copy: WorkingCopy) -> Any:
    return WorkingCopy.history.filter(service_id=copy.pk)
