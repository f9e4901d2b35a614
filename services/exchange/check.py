"""Checking an exchange file as a whole, before anything is written: every error with its place."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator

from orgs.models import Organisation
from services import document_checks
from services import files as stored
from services.document_checks import Known, Steps, Wrong, all_known, unknown
from services.exchange.schema import schema
from services.models import Service
from services.schema_words import words_for

File = dict[str, Any]


@dataclass(frozen=True)
class Problem:
    """What is wrong and where, as a path into the file."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


def shape_problems(content: Any) -> list[Problem]:
    """Return what in `content` is not of the format's shape (docs/exchange-format.md)."""
    validator = Draft202012Validator(schema())
    errors = sorted(validator.iter_errors(content), key=lambda error: list(map(str, error.absolute_path)))
    return [Problem(_place(content, error.absolute_path), words_for(error)) for error in errors]


def _place(content: Any, path: Iterable[str | int]) -> str:
    """Return a path like `services[3] (espoo-tyokokeilu).public.needs[0]`."""
    place, here = "", content
    for step in path:
        here = here[step]
        if isinstance(step, int):
            name = here.get("id") or here.get("key") if isinstance(here, dict) else None
            place += f"[{step}]" + (f" ({name})" if isinstance(name, str) else "")
        else:
            place += f".{step}" if place else step
    return place or _("the file")


def known_with(content: File) -> Known:
    """Return the keys and ids of the database and of the file together."""
    known = Known()
    for vocabulary, terms in content.get("vocabularies", {}).items():
        known.terms |= {(vocabulary, term["key"]) for term in terms}
    known.options |= {(o["kind"], o["key"]) for o in content.get("statutory_options", ())}
    known.municipalities |= {m["code"] for m in content.get("municipalities", ())}
    for name in ("organisations", "places", "services"):
        getattr(known, name).update(item["id"] for item in content.get(name, ()))
    return known


def reference_problems(content: File, files: Path | None) -> list[Problem]:
    """Return what in a well-shaped file refers to nothing or contradicts itself.

    `files` is the folder with the attachments by their SHA-256, where there is one.
    """
    known = known_with(content)
    found = [
        *_vocabularies(content, known),
        *_organisations(content, known),
        *_places(content, known),
        *_services(content, known, files),
    ]
    return [
        *_twice(content),
        *_slugs(content),
        *(Problem(_place(content, w.steps), w.message) for w in found),
    ]


def _vocabularies(content: File, known: Known) -> Iterator[Wrong]:
    for name, terms in content.get("vocabularies", {}).items():
        for index, term in enumerate(terms):
            if term.get("parent") and (name, term["parent"]) not in known.terms:
                yield unknown(("vocabularies", name, index, "parent"), term["parent"])


def _organisations(content: File, known: Known) -> Iterator[Wrong]:
    for index, item in enumerate(content.get("organisations", ())):
        where = ("organisations", index)
        yield from all_known((*where, "municipalities"), item.get("municipalities", ()), known.municipalities)
        yield from _value_problems(where, item)
        yield from all_known((*where, "partners"), item.get("partners", ()), known.organisations)


_CHECKED = {"id": "external_id"} | {name: name for name in ("business_id", "website", "email", "phone")}


def _value_problems(steps: Steps, organisation: Mapping[str, Any]) -> Iterator[Wrong]:
    """Check an organisation's values as its form would: an imported address is shown as a link, too."""
    for name, column in _CHECKED.items():
        if value := organisation.get(name):
            checked: Any = Organisation._meta.get_field(column)
            try:
                checked.run_validators(value)
            except ValidationError as error:
                yield Wrong((*steps, name), " ".join(error.messages))


def _places(content: File, known: Known) -> Iterator[Wrong]:
    for index, item in enumerate(content.get("places", ())):
        yield from document_checks.place_problems(("places", index), item, known)


def _services(content: File, known: Known, files: Path | None) -> Iterator[Wrong]:
    for index, service in enumerate(content.get("services", ())):
        where: Steps = ("services", index)
        yield from _document(where, service, known, files)
        for number, row in enumerate(service.get("responsibility", ())):
            yield from _responsibility((*where, "responsibility", number), row, known)
        if "published" in service:
            yield from _document((*where, "published"), service["published"], known, files)


def _responsibility(where: Steps, row: Mapping[str, Any], known: Known) -> Iterator[Wrong]:
    if row["partner"] not in known.organisations:
        yield unknown((*where, "partner"), row["partner"])
    yield from document_checks.day_problems((*where, "from"), row["from"])


def _document(where: Steps, document: Mapping[str, Any], known: Known, files: Path | None) -> Iterator[Wrong]:
    for wrong in document_checks.problems(document, known):
        yield Wrong((*where, *wrong.steps), wrong.message)
    for part in ("public", "internal"):
        if part in document:
            yield from _files((*where, part, "attachments"), document[part]["attachments"], files)


def _files(steps: Steps, items: list[Any], files: Path | None) -> Iterator[Wrong]:
    for index, item in enumerate(items):
        if stored.has_size(item["sha256"], item["size"]):
            continue
        path = files / item["sha256"] if files else None
        if path is None or not path.is_file():
            message = _("The file %(name)s is missing from the folder of attachments.")
            yield Wrong((*steps, index), message % {"name": item["filename"]})
        elif stored.measure(path) != (item["sha256"], item["size"]):
            message = _("The file %(name)s is not the one that was exported.")
            yield Wrong((*steps, index), message % {"name": item["filename"]})


def _twice(content: File) -> Iterator[Problem]:
    lists: dict[str, list[str]] = {
        "municipalities": [m["code"] for m in content.get("municipalities", ())],
        "organisations": [o["id"] for o in content.get("organisations", ())],
        "places": [p["id"] for p in content.get("places", ())],
        "services": [s["id"] for s in content.get("services", ())],
        "services.slug": [s["slug"] for s in content.get("services", ())],
        "statutory_options": [f"{o['kind']}:{o['key']}" for o in content.get("statutory_options", ())],
    }
    lists |= {
        f"vocabularies.{name}": [term["key"] for term in terms]
        for name, terms in content.get("vocabularies", {}).items()
    }
    ids = [
        item["id"]
        for service in content.get("services", ())
        for part in ("public", "internal")
        for item in service[part]["attachments"]
    ]
    for name, values in (lists | {"attachments": ids}).items():
        for value in sorted({value for value in values if values.count(value) > 1}):
            yield Problem(name, _("%(value)r stands in the file more than once.") % {"value": value})


def _slugs(content: File) -> Iterator[Problem]:
    taken = dict(Service.objects.values_list("slug", "external_id"))
    for index, service in enumerate(content.get("services", ())):
        owner = taken.get(service["slug"], service["id"])
        if owner != service["id"]:
            yield Problem(
                f"services[{index}] ({service['id']}).slug",
                _("The address %(slug)r belongs to the service %(owner)s. Choose another.")
                % {"slug": service["slug"], "owner": owner},
            )
