"""Importing an exchange file: checked as a whole first, then written, each service all or nothing."""

import copy
import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction

from orgs.models import Municipality, Organisation
from services import attachments, documents, fields, publishing
from services.exchange.check import File, Problem, reference_problems, shape_problems
from services.fields import Audience, Document, Kind
from services.models import Place, Service, ServiceVersion, StatutoryOption, StatutoryWording, Term
from services.rich_text import sanitise

Progress = Callable[[int, int], None]
_REFERENCE_DATA = {"municipalities", "vocabularies", "statutory_options", "organisations"}
_SORTED = {Kind.TERMS, Kind.OPTIONS, Kind.ORGANISATIONS, Kind.MUNICIPALITIES, Kind.SERVICES}


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

    Raises BadFile, having changed nothing, when anything in the file is wrong. A service that the
    database or the rules of publishing refuse is left as it was and reported; the others stay.
    Importing the same file again changes nothing. With `dry_run` everything is tried and undone.
    """
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
        place = Place.objects.filter(external_id=item["id"]).first() or Place(external_id=item["id"])
        documents.save_place(place, item)


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


def normalised(document: Document, places: dict[str, dict[str, Any]]) -> Document:
    """Return the document as `documents.read` would return it after writing.

    Sets of keys are sorted, rich text is sanitised, empty texts are left out, and a place named
    by its id is replaced by the place itself.
    """
    result: Document = copy.deepcopy(
        {audience.value: document[audience.value] for audience in Audience if audience.value in document}
    )
    for audience in Audience:
        section = result.get(audience.value)
        if section is None:
            continue
        for item in fields.of(audience):
            if not item.translatable and item.kind in _SORTED:
                section[item.name] = sorted(section[item.name])
        if "texts" in section:
            section["texts"] = _clean_texts(section["texts"], audience)
    if "public" in result:
        for schedule in result["public"]["schedules"]:
            if isinstance(schedule["place"], str):
                schedule["place"] = places[schedule["place"]]
    if "internal" in result:
        parts = [
            part | {"texts": _clean_texts(part["texts"], Audience.INTERNAL)}
            for part in result["internal"]["municipal"]
        ]
        result["internal"]["municipal"] = sorted(
            (part for part in parts if part["texts"]), key=lambda part: str(part["municipality"])
        )
    return result


def _clean_texts(texts: dict[str, dict[str, str]], audience: Audience) -> dict[str, dict[str, str]]:
    kinds = {item.name: item.kind for item in fields.texts_of(audience)}
    clean = {
        language: {
            name: value
            for name, text in sorted(by_name.items())
            if (value := sanitise(text) if kinds[name] is Kind.RICH else text.strip())
        }
        for language, by_name in sorted(texts.items())
    }
    return {language: by_name for language, by_name in clean.items() if by_name}


def _write_services(content: File, files: Path | None, progress: Progress) -> Report:
    report = Report()
    wanted = content.get("services", [])
    places = {
        place.external_id: documents.read_place(place)
        for place in Place.objects.prefetch_related("accessibility")
    }
    known = dict(Service.objects.in_bulk(field_name="external_id"))
    # Rows first, so that services may name each other in any order.
    new = [item for item in wanted if item["id"] not in known]
    for item in new:
        known[item["id"]] = Service.objects.create(external_id=item["id"], slug=item["slug"])
    made = {item["id"] for item in new}
    for done, item in enumerate(wanted, start=1):
        service = known[item["id"]]
        try:
            with transaction.atomic():
                changed = _write_service(service, item, files, places)
        except (DatabaseError, publishing.PublicationRefused) as error:
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
    service: Service, item: dict[str, Any], files: Path | None, places: dict[str, dict[str, Any]]
) -> bool:
    """Write one service and its newest version; tell whether anything changed."""
    document = normalised(item, places)
    present = documents.read(documents.with_parts(Service.objects.all()).get(pk=service.pk))
    changed = present != document or service.slug != item["slug"]
    if changed:
        service.slug = item["slug"]
        _store_files(document, files)
        documents.write(service, document)
    published = item.get("published")
    if published is not None:
        frozen = normalised(
            {name: published.get(name, document[name]) for name in ("public", "internal")}, places
        )
        changed |= _restore_version(service, published, frozen)
    elif item["status"] == Service.Status.PUBLISHED and (changed or not service.version_number):
        languages = sorted(document["public"]["texts"])
        publishing.publish(service, languages=languages, by=None, after=service.version_number)
    if service.status != item["status"]:
        service.status = item["status"]
        service.save(update_fields=["status"])
        changed = True
    if changed:
        _follow(service)
    return changed


def _store_files(document: Document, files: Path | None) -> None:
    for part in ("public", "internal"):
        for item in document[part]["attachments"]:
            if files is not None and not attachments.is_stored(item["sha256"]):
                with (files / item["sha256"]).open("rb") as content:
                    attachments.store(content)


def _restore_version(service: Service, published: dict[str, Any], frozen: Document) -> bool:
    """Make the newest version the published one of the file; versions before it stay as they are."""
    at = datetime.datetime.fromisoformat(published["at"])
    newest = service.versions.filter(number=service.version_number).first()
    same = newest is not None and (
        newest.number == published["number"]
        and newest.published_at == at
        and newest.public_document == frozen["public"]
        and newest.internal_document == frozen["internal"]
    )
    if same:
        return False
    if newest is not None and newest.number >= published["number"]:
        raise publishing.AlreadyPublished(newest.number)
    service.first_published_at = datetime.datetime.fromisoformat(published.get("first_at", published["at"]))
    publishing.freeze(
        service, frozen["public"], frozen["internal"], by=None, at=at, number=published["number"]
    )
    service.save(update_fields=["version_number", "first_published_at"])
    return True


def _follow(service: Service) -> None:
    if service.status == Service.Status.PUBLISHED:
        version = ServiceVersion.objects.select_related("service").get(
            service=service, number=service.version_number
        )
        publishing.refresh([version])
    else:
        publishing.withdraw_from_pages(service)
