"""The working copy: the one way in for everyone who changes what a service says.

Changes are paths with values (`services.changes`). Each is checked by the table of fields and
against what the database has, and by who may write it; all of them are written in one transaction
with the next revision, or none.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator

from orgs import clock
from orgs.actors import Actor, person_and_system
from orgs.models import Organisation
from services import (
    access,
    attachments,
    changes,
    document_checks,
    document_schema,
    documents,
    lifting,
    limits,
    revisions,
)
from services.changes import BadChanges, Problem
from services.document_checks import Known, Steps
from services.documents import SHAPE
from services.fields import Audience, Document
from services.models import Service, WorkingCopy
from services.schema_words import words_for
from services.shape import Items, Path, Shape, Value, below


class OutOfDate(Exception):
    """Someone else has changed the working copy; merge with it and try again."""

    def __init__(self, revision: int) -> None:
        self.revision = revision
        super().__init__(_("Someone else has changed this meanwhile. Look at the page again."))


@transaction.atomic
def create(external_id: str, slug: str, *, by: Actor, wanted: Mapping[Path, Any] | None = None) -> Service:
    """Make a service of which nothing has been said yet but what is `wanted`.

    The caller has checked who may. Raises BadChanges as `apply` does.
    """
    service = Service.objects.create(external_id=external_id, slug=slug)
    person, system = person_and_system(by)
    copy = WorkingCopy(
        service=service, changed_at=clock.now(), changed_by=person, changed_as=system, **documents.empty()
    )
    # What nobody wrote is no entry of the history.
    copy.save_without_historical_record()  # type: ignore[attr-defined]
    if wanted:
        before = copy.document
        after = _changed(before, wanted)
        check(before, after, Known())
        _write(copy, after, by)
    return service


def read(service: Service) -> Document:
    """Return the working copy as it is in the database now."""
    return WorkingCopy.objects.get(service=service).document


def revision_of(service: Service) -> int:
    """Return the number of the newest revision; 0 before anything was written."""
    return WorkingCopy.objects.values_list("revision", flat=True).get(service=service)


@transaction.atomic
def apply(
    service: Service,
    wanted: Mapping[Path, Any],
    *,
    base: int,
    by: Actor,
    known: Known | None = None,
) -> int:
    """Make changes to revision `base` of the working copy; return the number of the new revision.

    What changes nothing is not written and raises no number. Raises BadChanges with the place of
    each error, PermissionDenied where one of the values is not `by`'s to change, and OutOfDate
    where `base` is not the newest revision; then nothing has changed.
    """
    copy = _locked(service)
    if copy.revision != base:
        raise OutOfDate(copy.revision)
    before = copy.document
    after = _changed(before, wanted)
    differing = documents.diff(before, after)
    if not differing:
        return copy.revision
    if not all(access.may_write(by, copy.service, path) for path in _one_each(differing)):
        raise PermissionDenied
    if paths := access.given_away(by, copy.service, before, after):
        raise BadChanges([Problem(path, _("Choose your own organisation.")) for path in paths])
    check(before, after, known or Known())
    return _write(copy, after, by)


@transaction.atomic
def put(service: Service, document: Document, *, by: Actor) -> int:
    """Make the working copy a document that was checked once, as when a run is withdrawn.

    For actions that have checked another permission than that of writing.
    """
    copy = _locked(service)
    return copy.revision if copy.document == document else _write(copy, document, by)


def _locked(service: Service) -> WorkingCopy:
    """Lock the service first, as all do who change one, then read its working copy."""
    locked = Service.objects.select_for_update().get(pk=service.pk)
    copy = WorkingCopy.objects.get(service=locked)
    copy.service = locked
    return copy


def _changed(before: Document, wanted: Mapping[Path, Any]) -> Document:
    problems = changes.problems(wanted, SHAPE)
    if problems:
        raise BadChanges(problems)
    cleaned = {path: documents.clean(path, value) for path, value in wanted.items()}
    result: Document = changes.apply(before, cleaned, SHAPE)
    return result


def _one_each(paths: Iterable[Path]) -> list[Path]:
    """Return one path for each field and municipality: the rights to the others are the same."""
    by_right = {(*path[:2], documents.municipality_of(path)): path for path in paths}
    return list(by_right.values())


def check(before: Document, after: Document, known: Known) -> None:
    """Raise BadChanges for what is wrong in `after` and was not in `before`, with the place of each."""
    fields = {(path[0], path[1]) for path in documents.diff(before, after)}
    found = [
        Problem(_path_to(after, (audience, name, *error.absolute_path)), words_for(error))
        for audience, name in sorted(fields)
        for error in _VALIDATORS[audience, name].iter_errors(after[audience][name])
    ]
    if not found:
        standing = document_checks.problems(before, known, fields)
        found = [
            Problem(_path_to(after, wrong.steps), wrong.message)
            for wrong in document_checks.problems(after, known, fields)
            if wrong not in standing
        ]
    if not found and (too_long := _too_long(before, after)):
        found = [too_long]
    if found:
        raise BadChanges(found)


def _too_long(before: Document, after: Document) -> Problem | None:
    """Return a word for a document that has become too long as a whole, at the longest thing that changed."""
    then, length = (len(json.dumps(one, ensure_ascii=False)) for one in (before, after))
    if length <= max(limits.DOCUMENT, then):
        return None
    differing = documents.diff(before, after)
    message = _("All texts of the service together are too long: shorten them by %(count)s characters.")
    place = max(differing, key=lambda path: len(str(differing[path])))
    return Problem(place, message % {"count": length - limits.DOCUMENT})


_VALIDATORS = {
    (audience.value, name): Draft202012Validator(schema)
    for audience in Audience
    for name, schema in document_schema.section(audience)["properties"].items()
}


def _path_to(document: Document, steps: Steps) -> Path:
    """Return the path of what steps lead to or into: items by their identity."""
    path: Path = ()
    here: Any = document
    shape: Shape = SHAPE
    for step in steps:
        if isinstance(shape, Value):
            break
        here = here[step]
        name = str(here[shape.key]) if isinstance(shape, Items) else str(step)
        shape = below(shape, name, path)
        path = (*path, name)
    return path


def _write(copy: WorkingCopy, document: Document, by: Actor) -> int:
    attachments.claim(copy.service, document)
    _derive(copy.service, copy.document, document)
    copy.revision += 1
    copy.shape = lifting.current()
    for audience in Audience:
        setattr(copy, audience.value, document[audience.value])
    copy.changed_at = clock.now()
    copy.changed_by, copy.changed_as = person_and_system(by)
    copy.save()
    revisions.forget_steps(copy)
    return copy.revision


def _derive(service: Service, before: Document, after: Document) -> None:
    """Let the service's columns follow its working copy: the one place that writes them."""
    names = _names(after)
    if names != _names(before):
        service.names = names
        service.save(update_fields=["names"])
    public = after["public"]
    if all(public[name] == before["public"][name] for name in _ORGANISATIONS):
        return
    ids = {public["organiser"], *public["producers"]} - {None}
    known = dict(Organisation.objects.filter(external_id__in=ids).values_list("external_id", "pk"))
    service.organiser_id = known.get(public["organiser"])
    service.save(update_fields=["organiser"])
    service.producers.set(known[key] for key in public["producers"] if key in known)


_ORGANISATIONS = ("organiser", "producers")


def _names(document: Document) -> dict[str, str]:
    texts = document["public"]["texts"]
    return {language: found["name"] for language, found in texts.items() if "name" in found}
