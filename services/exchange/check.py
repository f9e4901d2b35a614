"""Checking an exchange file as a whole, before anything is written: every error with its place."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError as SchemaError

from orgs.models import Municipality, Organisation
from services import attachments, fields
from services.exchange.schema import schema
from services.fields import Audience, Kind
from services.models import Place, Service, StatutoryOption, Term
from services.models.parts import validate_hours

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
    return [Problem(_place(content, error.absolute_path), _words(error)) for error in errors]


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


def _words(error: SchemaError) -> str:
    value: Any = error.instance
    limit: Any = error.validator_value
    shape: Any = error.schema
    match error.validator:
        case "required":
            absent = sorted(set(limit) - set(value))
            return _("These are missing: %(names)s.") % {"names": ", ".join(absent)}
        case "additionalProperties":
            extra = sorted(set(value) - set(shape.get("properties", ())))
            return _("These are not known here: %(names)s. Remove or correct them.") % {
                "names": ", ".join(map(str, extra))
            }
        case "enum" | "const":
            choices = [limit] if error.validator == "const" else limit
            return _("%(value)r is not one of: %(choices)s.") % {
                "value": value,
                "choices": ", ".join(map(str, choices)),
            }
        case "type":
            kinds = limit if isinstance(limit, str) else ", ".join(limit)
            return _("Expected %(kinds)s here.") % {"kinds": kinds}
        case "maxLength":
            return _("Too long: shorten by %(count)s characters (at most %(limit)s).") % {
                "count": len(value) - limit,
                "limit": limit,
            }
        case "minLength" | "minItems":
            return _("This must not be empty.")
        case "pattern":
            return _("%(value)r is not in the expected form (%(pattern)s).") % {
                "value": value,
                "pattern": limit,
            }
        case "uniqueItems":
            return _("The same value stands here twice. Remove one.")
        case _:
            return error.message


@dataclass
class Known:
    """Everything that a file may refer to: what the database has and what the file brings."""

    terms: set[tuple[str, str]] = field(default_factory=set)
    options: set[tuple[str, str]] = field(default_factory=set)
    municipalities: set[str] = field(default_factory=set)
    organisations: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    services: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, content: File) -> "Known":
        """Gather the keys and ids of the database and of the file."""
        known = cls(
            terms=set(Term.objects.values_list("vocabulary", "key")),
            options=set(StatutoryOption.objects.values_list("kind", "key")),
            municipalities=set(Municipality.objects.values_list("code", flat=True)),
            organisations=set(Organisation.objects.values_list("external_id", flat=True)),
            places=set(Place.objects.values_list("external_id", flat=True)),
            services=set(Service.objects.values_list("external_id", flat=True)),
        )
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
    known = Known.of(content)
    problems = [*_twice(content), *_slugs(content)]
    for name, terms in content.get("vocabularies", {}).items():
        for index, term in enumerate(terms):
            if term.get("parent") and (name, term["parent"]) not in known.terms:
                problems.append(_unknown(f"vocabularies.{name}[{index}].parent", term["parent"]))
    for index, organisation in enumerate(content.get("organisations", ())):
        place = f"organisations[{index}] ({organisation['id']})"
        problems += _all_known(
            place + ".municipalities", organisation.get("municipalities", ()), known.municipalities
        )
        problems += _value_problems(place, organisation)
        problems += _all_known(place + ".partners", organisation.get("partners", ()), known.organisations)
    for index, item in enumerate(content.get("places", ())):
        problems += _place_problems(f"places[{index}] ({item['id']})", item, known)
    for index, service in enumerate(content.get("services", ())):
        place = f"services[{index}] ({service['id']})"
        problems += _document_problems(place, service, known, files)
        published = service.get("published", {})
        for part in ("public", "internal"):
            if part in published:
                frozen = {part: published[part]}
                problems += _document_problems(f"{place}.published", frozen, known, files)
    return problems


def _unknown(place: str, value: object) -> Problem:
    return Problem(place, _("Nothing here or in the database has the key %(value)r.") % {"value": value})


def _all_known(place: str, values: Iterable[str], known: set[str]) -> Iterator[Problem]:
    return (_unknown(f"{place}[{i}]", value) for i, value in enumerate(values) if value not in known)


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


def _document_problems(
    place: str, document: Mapping[str, Any], known: Known, files: Path | None
) -> Iterator[Problem]:
    for audience in Audience:
        section = document.get(audience.value)
        if section is None:
            continue
        for item in fields.of(audience):
            if item.translatable or item.kind not in _CHECKS:
                continue
            where = f"{place}.{audience.value}.{item.name}"
            yield from _CHECKS[item.kind](where, section[item.name], item, known)
            if item.kind is Kind.ATTACHMENTS:
                yield from _file_problems(where, section[item.name], files)
    if "internal" in document:
        codes = [part["municipality"] for part in document["internal"]["municipal"]]
        yield from _all_known(f"{place}.internal.municipal", codes, known.municipalities)
        if len(set(codes)) < len(codes):
            yield Problem(f"{place}.internal.municipal", _("A municipality has two parts. Join them."))
    if "public" in document:
        yield from _contradictions(f"{place}.public", document["public"])


def _contradictions(place: str, public: Mapping[str, Any]) -> Iterator[Problem]:
    if not public["paid"] and public["price"] is not None:
        yield Problem(f"{place}.price", _("A free service has no price. Remove the price."))
    if public["all_ages"] and (public["age_min"] is not None or public["age_max"] is not None):
        yield Problem(f"{place}.all_ages", _("A service for all ages has no age limits."))
    low, high = public["age_min"], public["age_max"]
    if low is not None and high is not None and high < low:
        yield Problem(f"{place}.age_max", _("The oldest age can't be below the youngest."))


Check = Callable[[str, Any, fields.Field, Known], Iterator[Problem]]


def _check_terms(place: str, keys: list[str], item: fields.Field, known: Known) -> Iterator[Problem]:
    return _all_known(place, keys, {key for name, key in known.terms if name == item.vocabulary})


def _check_options(place: str, keys: list[str], item: fields.Field, known: Known) -> Iterator[Problem]:
    return _all_known(place, keys, {key for kind, key in known.options if kind == item.vocabulary})


def _check_option(place: str, key: str | None, item: fields.Field, known: Known) -> Iterator[Problem]:
    return (problem for problem in _check_options(place, [key] if key else [], item, known))


_CHECKED = {"id": "external_id"} | {name: name for name in ("business_id", "website", "email", "phone")}


def _value_problems(place: str, organisation: Mapping[str, Any]) -> Iterator[Problem]:
    """Check an organisation's values as its form would: an imported address is shown as a link, too."""
    for name, column in _CHECKED.items():
        if value := organisation.get(name):
            checked: Any = Organisation._meta.get_field(column)
            try:
                checked.run_validators(value)
            except ValidationError as error:
                yield Problem(f"{place}.{name}", " ".join(error.messages))


def _check_organisations(place: str, ids: list[str], _item: fields.Field, known: Known) -> Iterator[Problem]:
    return _all_known(place, ids, known.organisations)


def _check_organisation(place: str, key: str | None, _item: fields.Field, known: Known) -> Iterator[Problem]:
    return _all_known(place, [key] if key else [], known.organisations)


def _check_municipalities(
    place: str, codes: list[str], _item: fields.Field, known: Known
) -> Iterator[Problem]:
    return _all_known(place, codes, known.municipalities)


def _check_services(place: str, ids: list[str], _item: fields.Field, known: Known) -> Iterator[Problem]:
    return _all_known(place, ids, known.services)


def _check_languages(place: str, items: list[Any], _item: fields.Field, known: Known) -> Iterator[Problem]:
    languages = [item["language"] for item in items]
    if len(set(languages)) < len(languages):
        yield Problem(place, _("Each language only once."))
    for index, item in enumerate(items):
        if ("service_language", item["language"]) not in known.terms:
            yield _unknown(f"{place}[{index}].language", item["language"])
        if item["level"] and ("language_level", item["level"]) not in known.terms:
            yield _unknown(f"{place}[{index}].level", item["level"])


def _check_contacts(place: str, items: list[Any], _item: fields.Field, known: Known) -> Iterator[Problem]:
    for index, item in enumerate(items):
        codes = [item["municipality"]] if item["municipality"] else []
        yield from _all_known(f"{place}[{index}].municipality", codes, known.municipalities)
        if item["email"]:
            try:
                validate_email(item["email"])
            except ValidationError:
                yield Problem(
                    f"{place}[{index}].email",
                    _("%(value)r is not an e-mail address.") % {"value": item["email"]},
                )


def _check_schedules(place: str, items: list[Any], _item: fields.Field, known: Known) -> Iterator[Problem]:
    for index, item in enumerate(items):
        where = f"{place}[{index}]"
        match item["place"]:
            case str(key) if key not in known.places:
                yield _unknown(f"{where}.place", key)
            case dict(frozen):
                yield from _place_problems(f"{where}.place", frozen, known)
        try:
            validate_hours(item["hours"])
        except ValidationError as error:
            yield Problem(f"{where}.hours", " ".join(error.messages))
        yield from schedule_problems(where, item)


def _place_problems(place: str, item: Mapping[str, Any], known: Known) -> Iterator[Problem]:
    codes = [item["municipality"]] if item["municipality"] else []
    yield from _all_known(f"{place}.municipality", codes, known.municipalities)
    keys = {key for name, key in known.terms if name == "premises_accessibility"}
    yield from _all_known(f"{place}.accessibility", item["accessibility"], keys)


def schedule_problems(place: str, item: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what contradicts the schedule's kind (reference-system.md section 1.2)."""
    kind, dates = item["kind"], item["dates"]
    if kind in ("by_agreement", "continuous") and dates:
        yield Problem(f"{place}.dates", _("This kind of schedule has no dates. Remove them."))
    if kind == "continuous" and not item["hours"]:
        yield Problem(f"{place}.hours", _("A continuous service needs its weekdays and hours."))
    if kind == "period" and len(dates) != 1:
        yield Problem(f"{place}.dates", _("A period has exactly one first and last day."))
    if kind in ("periods", "dates") and not dates:
        yield Problem(f"{place}.dates", _("Add at least one date."))
    for index, date in enumerate(dates):
        where = f"{place}.dates[{index}]"
        try:
            days = {
                n: datetime.date.fromisoformat(date[n]) for n in ("starts", "ends", "apply_by") if date[n]
            }
        except ValueError:
            yield Problem(where, _("There is no such day in the calendar."))
            continue
        if kind in ("period", "periods") and "ends" not in days:
            yield Problem(where, _("The last day is missing."))
        if days.get("ends", days["starts"]) < days["starts"]:
            yield Problem(where, _("The last day can't be before the first."))
        if date["from"] and date["to"] and date["to"] <= date["from"]:
            yield Problem(where, _("The hours must follow each other and not overlap."))


def _check_attachments(place: str, items: list[Any], _item: fields.Field, _known: Known) -> Iterator[Problem]:
    for index, item in enumerate(items):
        if attachments.content_type_of(item["filename"]) != item["content_type"]:
            yield Problem(
                f"{place}[{index}]",
                _("The file's ending does not go with %(type)s, or such files may not be attached.")
                % {"type": item["content_type"]},
            )
        if item["size"] > attachments.MAX_SIZE:
            yield Problem(f"{place}[{index}]", _("The file is larger than 50 MB. Make it smaller."))


def _file_problems(place: str, items: list[Any], files: Path | None) -> Iterator[Problem]:
    for index, item in enumerate(items):
        if attachments.is_stored(item["sha256"]):
            continue
        path = files / item["sha256"] if files else None
        if path is None or not path.is_file():
            yield Problem(
                f"{place}[{index}]",
                _("The file %(name)s is missing from the folder of attachments.")
                % {"name": item["filename"]},
            )
        elif attachments.measure(path) != (item["sha256"], item["size"]):
            yield Problem(
                f"{place}[{index}]",
                _("The file %(name)s is not the one that was exported.") % {"name": item["filename"]},
            )


_CHECKS: dict[Kind, Check] = {
    Kind.TERMS: _check_terms,
    Kind.OPTION: _check_option,
    Kind.OPTIONS: _check_options,
    Kind.ORGANISATION: _check_organisation,
    Kind.ORGANISATIONS: _check_organisations,
    Kind.MUNICIPALITIES: _check_municipalities,
    Kind.SERVICES: _check_services,
    Kind.LANGUAGES: _check_languages,
    Kind.CONTACTS: _check_contacts,
    Kind.SCHEDULES: _check_schedules,
    Kind.ATTACHMENTS: _check_attachments,
}
