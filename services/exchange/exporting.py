"""Exporting the whole manual: the same content gives the same bytes, whatever database it lies in."""

import datetime
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from orgs.models import Municipality, Organisation
from services import files, publishing
from services.exchange.schema import FORMAT, VERSION
from services.fields import Document
from services.models import Place, Responsibility, Service, ServiceVersion, StatutoryOption, Term, WorkingCopy
from services.models.vocabulary import Vocabulary

CHUNK = 200


def export_content() -> dict[str, Any]:
    """Return the whole manual as an exchange file: working copies and newest versions."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "municipalities": [
            _without_empty({"code": m.code, "name": m.name, "uri": m.uri})
            for m in Municipality.objects.order_by("code")
        ],
        "vocabularies": {name: _terms(name) for name in Vocabulary.values},
        "statutory_options": list(_options()),
        "organisations": list(_organisations()),
        "places": [_place(place) for place in Place.objects.prefetch_related("accessibility")],
        "services": list(_services()),
    }


def as_bytes(content: dict[str, Any]) -> bytes:
    """Return an exchange file's bytes: sorted names, one space of indent, UTF-8."""
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def files_folder(path: Path) -> Path:
    """Return the folder beside an exchange file that holds its attachments by their SHA-256."""
    return path.with_name(path.name + ".files")


class WrongFile(Exception):
    """A file of the manual is missing from the storage, or is not what was kept; `name` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def copy_attachments(content: dict[str, Any], folder: Path) -> int:
    """Copy every attachment that `content` names into `folder` and return how many there are.

    Raises WrongFile for one that is lost or cut off: it would be exported as if it were whole.
    """
    named = sorted(_named(content).items())
    if named:
        folder.mkdir(parents=True, exist_ok=True)
    for sha256, name in named:
        target = folder / sha256
        try:
            shutil.copyfile(files.path_of(sha256), target)
        except FileNotFoundError as error:
            raise WrongFile(name) from error
        if files.measure(target)[0] != sha256:
            target.unlink()
            raise WrongFile(name)
    return len(named)


def _named(content: dict[str, Any]) -> dict[str, str]:
    """Return all attachments by their hash, each with the service and the name that people know."""
    return {
        item["sha256"]: f"{service['id']}: {item['filename']}"
        for service in content["services"]
        for sections in (service, service.get("published", {}))
        for part in ("public", "internal")
        if part in sections
        for item in sections[part]["attachments"]
    }


def _without_empty(item: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if value not in ("", {}, [], None, False)}


def _terms(vocabulary: str) -> list[dict[str, Any]]:
    return [
        _without_empty(
            {
                "key": term.key,
                "label": term.label,
                "parent": term.parent and term.parent.key,
                "description": term.description,
                "audience": term.audience,
                "requirement": term.requirement,
                "uri": term.uri,
            }
        )
        for term in Term.objects.filter(vocabulary=vocabulary).select_related("parent")
    ]


def _options() -> Iterator[dict[str, Any]]:
    for option in StatutoryOption.objects.order_by("position", "kind", "key").prefetch_related("wordings"):
        wordings = [
            {"valid_from": w.valid_from.isoformat(), "label": w.label, "text": w.text}
            for w in option.wordings.all()
        ]
        ends_on = option.ends_on and option.ends_on.isoformat()
        yield _without_empty(
            {"kind": option.kind, "key": option.key, "ends_on": ends_on, "wordings": wordings}
        )


def _organisations() -> Iterator[dict[str, Any]]:
    for row in Organisation.objects.prefetch_related("municipalities", "partners"):
        yield _without_empty(
            {
                "id": row.external_id,
                "kind": row.kind,
                "name": row.name,
                "business_id": row.business_id,
                "description": row.description,
                "website": row.website,
                "email": row.email,
                "phone": row.phone,
                "municipalities": sorted(m.code for m in row.municipalities.all()),
                "partners": sorted(p.external_id for p in row.partners.all()),
            }
        )


def _place(place: Place) -> dict[str, Any]:
    columns = ("name", "street", "postal_code", "city", "info")
    return {name: getattr(place, name) for name in columns} | {
        "id": place.external_id,
        "municipality": place.municipality_id,
        "accessibility": sorted(term.key for term in place.accessibility.all()),
    }


def _services() -> Iterator[dict[str, Any]]:
    copies = WorkingCopy.objects.select_related("service").order_by("service__external_id")
    for copy in copies.iterator(chunk_size=CHUNK):
        service, document = copy.service, copy.document
        item: dict[str, Any] = {"id": service.external_id, "slug": service.slug, "status": service.status}
        item |= document
        if rows := [_responsibility(row) for row in service.responsibilities.select_related("partner")]:
            item["responsibility"] = rows
        if version := publishing.newest_version(service):
            item["published"] = _published(service, version, document)
        yield item


def _responsibility(row: Responsibility) -> dict[str, Any]:
    return _without_empty(
        {
            "partner": row.partner.external_id,
            "basis": row.basis,
            "from": row.starts_on.isoformat(),
            "decision": row.decision,
        }
    )


def _published(service: Service, version: ServiceVersion, document: Document) -> dict[str, Any]:
    """Return the newest version: its times, and the sections that differ from the working copy."""
    first = service.first_published_at or version.published_at
    published = {"number": version.number, "at": _moment(version.published_at), "first_at": _moment(first)}
    frozen = version.document
    return published | {name: frozen[name] for name in frozen if frozen[name] != document[name]}


def _moment(value: datetime.datetime) -> str:
    return value.astimezone(datetime.UTC).isoformat()
