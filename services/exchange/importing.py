"""Importing an exchange file: checked as a whole first, then written, each service all or nothing."""

import datetime
import json
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction

from orgs.actors import System
from orgs.models import Municipality, Organisation
from services import documents, fields, publishing, responsibility, working_copy
from services import files as stored
from services.changes import BadChanges
from services.document_checks import Known
from services.exchange import earlier
from services.exchange.check import File, Problem, reference_problems, shape_problems
from services.fields import Audience, Document, Kind
from services.models import Place, Service, StatutoryOption, StatutoryWording, Term, WorkingCopy
from services.vocabularies import Words, load

Progress = Callable[[int, int], None]
_REFERENCE_DATA = {"municipalities", "vocabularies", "statutory_options", "organisations", "places"}


class BadFile(Exception):
    """The file can't be imported; nothing was changed."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


@dataclass
class Report:
    """What an import did: ids by outcome, and what was refused and why."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)


def import_file(
    content: Any, *, files: Path | None = None, dry_run: bool = False, progress: Progress | None = None
) -> Report:
    """Import `content` (a parsed file) with the attachments in the folder `files`.

    A file of an earlier version is read as one of today's. Raises BadFile, having changed nothing,
    when anything in the file is wrong. A service that the database or the rules of publishing refuse
    is left as it was and reported; the others stay. Importing the same file again changes nothing.
    With `dry_run` everything is tried and undone.
    """
    content = earlier.lifted(content)
    problems = shape_problems(content) or reference_problems(content, files)
    if problems:
        raise BadFile(problems)
    with transaction.atomic():
        write_reference_data(content)
        report = _write_services(content, files, progress or (lambda _done, _all: None))
        if content.keys() & _REFERENCE_DATA:
            # Published pages carry labels and names, which may have changed.
            publishing.rebuild()
        if dry_run:
            transaction.set_rollback(True)
    return report


def write_reference_data(content: File) -> None:
    """Write vocabularies, municipalities, options, organisations and places of a checked file."""
    for item in content.get("municipalities", ()):
        values = {
            "name": item["name"],
            "slug": Municipality.slug_of(item["name"]),
            "uri": item.get("uri", ""),
        }
        Municipality.objects.update_or_create(code=item["code"], defaults=values)
    for vocabulary, terms in content.get("vocabularies", {}).items():
        _write_terms(vocabulary, terms)
    for position, item in enumerate(content.get("statutory_options", ())):
        _write_option(position, item)
    _write_organisations(content.get("organisations", ()))
    for item in content.get("places", ()):
        _write_place(item)


def _write_place(item: Mapping[str, Any]) -> None:
    columns = ("name", "street", "postal_code", "city", "info")
    values = {name: item[name] for name in columns} | {"municipality_id": item["municipality"]}
    place, _made = Place.objects.update_or_create(external_id=item["id"], defaults=values)
    place.accessibility.set(
        Term.objects.filter(vocabulary="premises_accessibility", key__in=item["accessibility"])
    )


def _write_terms(vocabulary: str, terms: list[dict[str, Any]]) -> None:
    for position, item in enumerate(terms):
        values = {name: item.get(name, "") for name in ("audience", "uri")} | {
            "label": item["label"],
            "description": item.get("description", {}),
            "requirement": item.get("requirement", False),
            "position": position,
        }
        Term.objects.update_or_create(vocabulary=vocabulary, key=item["key"], defaults=values)
    by_key = {term.key: term for term in Term.objects.filter(vocabulary=vocabulary)}
    for item in terms:
        term = by_key[item["key"]]
        parent = by_key[item["parent"]] if item.get("parent") else None
        if term.parent != parent:
            term.parent = parent
            term.save()


def _write_option(position: int, item: dict[str, Any]) -> None:
    ends_on = item.get("ends_on")
    option, _made = StatutoryOption.objects.update_or_create(
        kind=item["kind"],
        key=item["key"],
        defaults={
            "position": position,
            "ends_on": datetime.date.fromisoformat(ends_on) if ends_on else None,
        },
    )
    for wording in item["wordings"]:
        StatutoryWording.objects.update_or_create(
            option=option,
            valid_from=datetime.date.fromisoformat(wording["valid_from"]),
            defaults={"label": wording["label"], "text": wording["text"]},
        )


def _write_organisations(items: Iterable[dict[str, Any]]) -> None:
    for item in items:
        values = {name: item.get(name, "") for name in ("business_id", "website", "email", "phone")} | {
            "kind": item["kind"],
            "name": item["name"],
            "description": item.get("description", {}),
        }
        organisation, _made = Organisation.objects.update_or_create(external_id=item["id"], defaults=values)
        organisation.municipalities.set(item.get("municipalities", ()))
    for item in items:
        partners = Organisation.objects.filter(external_id__in=item.get("partners", ()))
        Organisation.objects.get(external_id=item["id"]).partners.set(partners)


def document_of(item: Mapping[str, Any], service_id: str) -> Document:
    """Return the document of a checked service of a file, in the form in which documents are kept.

    Items of lists that come without an id get one made of what they say, so that the same file
    gives the same ids wherever and however often it is imported.
    """
    sections = {audience.value: _with_ids(item, audience, service_id) for audience in Audience}
    return documents.normalised(sections)


_GET_IDS = {Kind.SCHEDULES, Kind.CONTACTS, Kind.LINKS}


def _with_ids(item: Mapping[str, Any], audience: Audience, service_id: str) -> dict[str, Any]:
    section = dict(item[audience.value])
    for entry in fields.of(audience):
        if entry.kind in _GET_IDS:
            seed = f"{service_id}/{audience.value}/{entry.name}"
            section[entry.name] = _each_with_id(section[entry.name], seed)
    for schedule in section.get("schedules", ()):
        schedule["dates"] = _each_with_id(schedule["dates"], schedule["id"])
    return section


def _each_with_id(items: list[dict[str, Any]], seed: str) -> list[dict[str, Any]]:
    made: Counter[str] = Counter()
    result = []
    for item in items:
        content = json.dumps(item, sort_keys=True)
        made[content] += 1
        number = uuid.uuid5(uuid.NAMESPACE_URL, f"{seed}/{content}/{made[content]}")
        result.append({"id": str(number)} | item)
    return result


def _write_services(content: File, files: Path | None, progress: Progress) -> Report:
    report = Report()
    wanted = content.get("services", [])
    known = dict(Service.objects.in_bulk(field_name="external_id"))
    # Rows first, so that services may name each other in any order.
    new = [item for item in wanted if item["id"] not in known]
    for item in new:
        known[item["id"]] = working_copy.create(item["id"], item["slug"], by=System.IMPORT)
    made = {item["id"] for item in new}
    keys, labels = Known(), load()
    for done, item in enumerate(wanted, start=1):
        service = known[item["id"]]
        try:
            with transaction.atomic():
                changed = _write_service(service, item, files, keys, labels)
        except (DatabaseError, BadChanges, publishing.PublicationRefused) as error:
            report.refused.append(Problem(f"services ({item['id']})", str(error)))
            if item["id"] in made:
                service.delete()
        else:
            outcome = (
                report.created if item["id"] in made else report.changed if changed else report.unchanged
            )
            outcome.append(item["id"])
        progress(done, len(wanted))
    return report


def _write_service(
    service: Service, item: dict[str, Any], files: Path | None, known: Known, words: Words
) -> bool:
    """Write one service and its newest version; tell whether anything changed."""
    document = document_of(item, service.external_id)
    _store_files(document, files)
    moved = service.slug != item["slug"]
    if moved:
        service.slug = item["slug"]
        service.save(update_fields=["slug"])
    copy = WorkingCopy.objects.get(service=service)
    differing = documents.diff(copy.document, document)
    revision = working_copy.apply(service, differing, base=copy.revision, by=System.IMPORT, known=known)
    written = revision != copy.revision
    settled = responsibility.take_over(service, item.get("responsibility", []))
    version = _publish(service, item, document, revision, again=written or moved, words=words)
    return _follow(service, item["status"], words, moved=moved) or written or moved or settled or version


def _publish(
    service: Service, item: dict[str, Any], document: Document, revision: int, *, again: bool, words: Words
) -> bool:
    """Make the newest version that of the file, or publish what the file says is published."""
    if (published := item.get("published")) is not None:
        return _restore(service, published, document, revision, words)
    behind = again or service.status != Service.Status.PUBLISHED
    if item["status"] != Service.Status.PUBLISHED or not behind:
        return False
    if documents.diff(document, publishing.newest_document(service) or documents.empty()):
        languages = document["public"]["texts"]
        publishing.publish(service, languages=languages, by=System.IMPORT, revision=revision, words=words)
    return True


def _store_files(document: Document, files: Path | None) -> None:
    for part in ("public", "internal"):
        for item in document[part]["attachments"]:
            if files is not None and not stored.has_size(item["sha256"], item["size"]):
                with (files / item["sha256"]).open("rb") as content:
                    stored.store(content)


def _restore(
    service: Service, published: dict[str, Any], document: Document, revision: int, words: Words
) -> bool:
    """Make the newest version the published one of the file; versions before it stay as they are."""
    frozen = document_of(document | published, service.external_id)
    at = datetime.datetime.fromisoformat(published["at"])
    newest = publishing.newest_version(service)
    if (
        newest is not None
        and (newest.number, newest.published_at) == (published["number"], at)
        and newest.document == frozen
    ):
        return False
    publishing.restore(
        service,
        frozen,
        number=published["number"],
        at=at,
        first_at=datetime.datetime.fromisoformat(published.get("first_at", published["at"])),
        by=System.IMPORT,
        revision=revision,
        words=words,
    )
    return True


def _follow(service: Service, status: str, words: Words, *, moved: bool) -> bool:
    """Let the lifecycle and the pages be those of the file; tell whether anything changed."""
    service.refresh_from_db()
    before = service.status
    if before != status:
        service.status = status
        service.save(update_fields=["status"])
    if status != Service.Status.PUBLISHED:
        publishing.unpublish(service)
    elif (moved or before != status) and (version := publishing.newest_version(service)):
        publishing.refresh([version], words)
    return before != status
