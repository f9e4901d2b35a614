"""Resource objects: what the interface says of a service, a term, a place, an organisation.

Made of the published read model and the words alone, in one site language; pure.
"""

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from orgs.localised import Reading, reading
from orgs.models import Municipality, Organisation
from services.api.types import (
    INTERNAL,
    MUNICIPAL,
    MUNICIPALITY,
    ORGANISATION,
    PLACE,
    POINTING,
    PUBLIC,
    attribute_of,
    term_type,
)
from services.fields import Field, Kind
from services.models import Place, Term
from services.models.vocabulary import Vocabulary
from services.uuids import SERVICE, uuid_of

Object = dict[str, Any]
_FORMAT = "basic_html"


def identifier(kind: str, key: str, **meta: Any) -> Object:
    """Return what points at the thing of a type that `key` names."""
    found: Object = {"type": kind, "id": str(uuid_of(kind, key))}
    return found | {"meta": meta} if meta else found


def pointed(source: Object, relationship: str) -> list[Object]:
    """Return at what a resource points."""
    data = source.get("relationships", {})[relationship]["data"]
    return data if isinstance(data, list) else [data] if data else []


def _resource(kind: str, key: str, attributes: Object, relationships: Object, languages: Object) -> Object:
    """Return a resource; `languages` are those of the texts that are not in the language asked for."""
    found = identifier(kind, key) | {"attributes": attributes}
    if relationships:
        found["relationships"] = {name: {"data": data} for name, data in relationships.items()}
    return found | {"meta": {"languages": languages}} if languages else found


@dataclass(frozen=True)
class Said:
    """What is said of a service: the published row, or as much of a draft or a version.

    `document` is as `read_model` resolves it; `internal`, for those who may read it, has the instructions
    in the same form with `municipal`, the own parts of municipalities as they are kept.
    """

    external_id: str
    language: str
    name: str
    published: bool
    created: datetime.datetime | None
    changed: datetime.datetime
    document: Mapping[str, Any]
    internal: Mapping[str, Any] | None = None


def service(said: Said, alias: str, published: Collection[str], files: Mapping[str, str]) -> Object:
    """Return a service.

    `alias` is its page's path, `published` are the ids of related ones that are shown at all, `files` the
    addresses of its attachments by their ids.
    """
    attributes: Object = {
        "title": said.name,
        "langcode": said.language,
        "status": said.published,
        "moderation_state": "published" if said.published else "draft",
        "created": said.created and said.created.isoformat(),
        "changed": said.changed.isoformat(),
        "path": {"alias": alias, "langcode": said.language},
        "field_external_id": said.external_id,
    }
    relationships: Object = {
        "field_responsible_partner": _organisation(said.document["responsible_partner"]),
        "field_places": _places(said.document["schedules"]),
    }
    languages: dict[str, str] = {}
    parts = [(PUBLIC, said.document)] + ([(INTERNAL, said.internal)] if said.internal else [])
    for own, document in parts:
        for field in own:
            name = attribute_of(field)
            if field.kind in POINTING:
                relationships[name] = _pointed(field, document, published)
            else:
                attributes[name] = _attribute(field, document, files)
            lang = document["texts"].get(field.name, {}).get("lang", said.language)
            if field.translatable and lang != said.language:
                languages[name] = lang
    attributes["title"] = said.name
    if said.internal:
        attributes[MUNICIPAL] = _municipal(said.internal["municipal"], said.language)
    return _resource(SERVICE, said.external_id, attributes, relationships, languages)


def _attribute(field: Field, document: Mapping[str, Any], files: Mapping[str, str]) -> Any:
    if field.translatable:
        return _text(field.kind, document["texts"].get(field.name))
    if field.kind is Kind.ATTACHMENTS:
        return [item | {"url": files[item["id"]]} for item in document[field.name]]
    return document[field.name]


def _municipal(parts: Mapping[str, Mapping[str, Mapping[str, str]]], language: str) -> list[Object]:
    """Return municipalities' own parts of the instructions, each text in a language."""
    found = []
    for code, by_language in sorted(parts.items()):
        names = sorted({name for texts in by_language.values() for name in texts})
        versions = {
            name: {lang: texts.get(name, "") for lang, texts in by_language.items()} for name in names
        }
        said = {name: reading(texts, language) for name, texts in versions.items()}
        texts = {name: {"text": one.text, "lang": one.lang} for name, one in said.items() if one.text}
        found.append({"municipality": code, "texts": texts})
    return found


def _text(kind: Kind, found: Mapping[str, str] | None) -> Any:
    if found is None:
        return None
    return _rich(found["text"]) if kind is Kind.RICH else found["text"]


def _rich(text: str) -> Object | None:
    return {"value": text, "format": _FORMAT, "processed": text} if text else None


def _organisation(found: Mapping[str, str] | None) -> Object | None:
    return identifier(ORGANISATION, found["id"]) if found else None


def _places(schedules: Iterable[Mapping[str, Any]]) -> list[Object]:
    return [identifier(PLACE, key) for key in place_keys(schedules)]


def place_keys(schedules: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the places that a published service's schedules name, each once, in order."""
    return list(dict.fromkeys(one["place"]["id"] for one in schedules if one["place"]))


def _pointed(field: Field, said: Mapping[str, Any], published: Collection[str]) -> Any:
    """Return at what a field of a service points."""
    match field.kind:
        case Kind.TERMS:
            kind = term_type(str(field.vocabulary))
            return [identifier(kind, item["key"]) for item in said["terms"][field.name]]
        case Kind.LANGUAGES:
            kind = term_type(str(field.vocabulary))
            return [identifier(kind, item["key"], level=item["level"]) for item in said[field.name]]
        case Kind.ORGANISATION:
            return _organisation(said[field.name])
        case Kind.ORGANISATIONS:
            return [identifier(ORGANISATION, item["id"]) for item in said[field.name] if item]
        case Kind.MUNICIPALITIES:
            return [identifier(MUNICIPALITY, item["code"]) for item in said[field.name] if item]
    return [identifier(SERVICE, key) for key in said[field.name] if key in published]


def _differing(language: str, **found: Reading) -> dict[str, str]:
    return {name: one.lang for name, one in found.items() if one.text and one.lang != language}


def term(one: Term, language: str) -> Object:
    """Return a term of a vocabulary."""
    name, description = reading(one.label, language), reading(one.description, language)
    kind = term_type(one.vocabulary)
    attributes = {
        "name": name.text,
        "langcode": language,
        "description": _rich(description.text),
        "weight": one.position,
        "field_key": one.key,
        "field_audience": one.audience or None,
        "field_requirement": one.requirement,
        "field_uri": one.uri or None,
    }
    parent = [identifier(kind, one.parent.key)] if one.parent else []
    languages = _differing(language, name=name, description=description)
    return _resource(kind, one.key, attributes, {"parent": parent}, languages)


def municipality(one: Municipality, language: str) -> Object:
    """Return a municipality; its code is the official one, three digits."""
    name = reading(one.name, language)
    attributes = {
        "name": name.text, "langcode": language, "code": one.code, "field_uri": one.uri or None,
    }  # fmt: skip
    return _resource(MUNICIPALITY, one.code, attributes, {}, _differing(language, name=name))


def organisation(one: Organisation, language: str) -> Object:
    """Return a partner or a provider, as its page says; `one` has its municipalities at hand."""
    name, description = reading(one.name, language), reading(one.description, language)
    attributes = {
        "label": name.text,
        "langcode": language,
        "field_external_id": one.external_id,
        "field_kind": one.kind,
        "field_business_id": one.business_id or None,
        "field_description": _rich(description.text),
        "field_website": one.website or None,
        "field_email": one.email or None,
        "field_phone": one.phone or None,
    }
    area = [identifier(MUNICIPALITY, found.code) for found in one.municipalities.all()]
    languages = _differing(language, label=name, field_description=description)
    return _resource(ORGANISATION, one.external_id, attributes, {"field_municipalities": area}, languages)


def place(one: Place, language: str) -> Object:
    """Return a place, as pages show it."""
    said = {name: reading(getattr(one, name), language) for name in ("name", "street", "city", "info")}
    attributes = {
        "title": said["name"].text,
        "langcode": language,
        "field_external_id": one.external_id,
        "field_street": said["street"].text,
        "field_postal_code": one.postal_code,
        "field_city": said["city"].text,
        "field_info": said["info"].text or None,
    }
    kind = term_type(Vocabulary.PREMISES_ACCESSIBILITY)
    relationships = {
        "field_municipality": identifier(MUNICIPALITY, one.municipality_id) if one.municipality_id else None,
        "field_accessibility": [identifier(kind, found.key) for found in one.accessibility.all()],
    }
    names = {"name": "title", "street": "field_street", "city": "field_city", "info": "field_info"}
    languages = _differing(language, **{names[key]: found for key, found in said.items()})
    return _resource(PLACE, one.external_id, attributes, relationships, languages)
