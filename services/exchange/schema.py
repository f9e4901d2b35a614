"""The exchange format's JSON Schema, made from the table of fields so that the two can't differ."""

from typing import Any

from services import fields
from services.fields import Audience, Field, Kind
from services.models import Schedule, Service, StatutoryOption
from services.models.parts import RANGES_A_DAY, WEEKDAYS
from services.models.vocabulary import Vocabulary

FORMAT = "palvelumanuaali"
VERSION = 1

Schema = dict[str, Any]
_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_KEY = r"^[A-Za-z0-9_-]+$"
_DAY = r"^\d{4}-\d{2}-\d{2}$"
_TIME = r"^([01]\d|2[0-3]):[0-5]\d$"
_LANGUAGE = r"^[a-z]{2,3}$"
_CODE = r"^\d{3}$"
_MOMENT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?\+00:00$"


def _string(**more: Any) -> Schema:
    return {"type": "string"} | more


def _list(items: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": items} | more


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _object(required: Schema, optional: Schema | None = None) -> Schema:
    return {
        "type": "object",
        "properties": required | (optional or {}),
        "required": sorted(required),
        "additionalProperties": False,
    }


def _by_language(value: Schema, **more: Any) -> Schema:
    return {
        "type": "object",
        "propertyNames": {"pattern": _LANGUAGE},
        "additionalProperties": value,
    } | more


_KEYS = _list(_string(pattern=_KEY), uniqueItems=True)
_IDS = _list(_string(pattern=_SLUG), uniqueItems=True)
_CODE_STRING = _string(pattern=_CODE)
_TEXTS = _by_language(_string())
_LABEL = _by_language(_string(), required=["fi"])
_RANGE = _list(_string(pattern=_TIME), minItems=2, maxItems=2)

PLACE = _object(
    {
        "id": _string(pattern=_SLUG, maxLength=100),
        "name": _LABEL,
        "street": _TEXTS,
        "postal_code": _string(pattern=r"^\d{5}$"),
        "city": _LABEL,
        "municipality": _or_null(_CODE_STRING),
        "accessibility": _KEYS,
        "info": _TEXTS,
    }
)
_DATE = _object(
    {
        "starts": _string(pattern=_DAY),
        "ends": _or_null(_string(pattern=_DAY)),
        "from": _or_null(_string(pattern=_TIME)),
        "to": _or_null(_string(pattern=_TIME)),
        "apply_by": _or_null(_string(pattern=_DAY)),
    }
)
_SCHEDULE = _object(
    {
        "kind": {"enum": Schedule.Kind.values},
        # The id of a place of the manual, or a place as it was when a version was frozen.
        "place": {"anyOf": [_string(pattern=_SLUG), PLACE, {"type": "null"}]},
        "dates": _list(_DATE),
        "hours": {
            "type": "object",
            "properties": {day: _list(_RANGE, minItems=1, maxItems=RANGES_A_DAY) for day in WEEKDAYS},
            "additionalProperties": False,
        },
        "place_text": _TEXTS,
        "time_text": _TEXTS,
    }
)
_CONTACT = _object(
    {
        "kind": {"enum": ["person", "organisation"]},
        "name": _string(minLength=1, maxLength=150),
        "title": _TEXTS,
        "email": _string(maxLength=254),
        "phone": _string(maxLength=40),
        "info": _TEXTS,
        "municipality": _or_null(_CODE_STRING),
    }
)
_LINK = _object({"url": _string(pattern=r"^https?://", maxLength=500), "title": _LABEL})
_ATTACHMENT = _object(
    {
        "id": _string(format="uuid", pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
        "title": _LABEL,
        "filename": _string(minLength=1, maxLength=200),
        "content_type": _string(maxLength=100),
        "size": {"type": "integer", "minimum": 0},
        "sha256": _string(pattern=r"^[0-9a-f]{64}$"),
    }
)
_LANGUAGE_ITEM = _object({"language": _string(pattern=_KEY), "level": _or_null(_string(pattern=_KEY))})

_OF_KIND: dict[Kind, Schema] = {
    Kind.FLAG: {"type": "boolean"},
    Kind.CHOICE_FLAG: {"type": ["boolean", "null"]},
    Kind.MONEY: _or_null(_string(pattern=r"^\d{1,6}\.\d{2}$")),
    Kind.NUMBER: {"type": ["integer", "null"], "minimum": 0, "maximum": 200},
    Kind.TERMS: _KEYS,
    Kind.OPTION: _or_null(_string(pattern=_KEY)),
    Kind.OPTIONS: _KEYS,
    Kind.ORGANISATION: _or_null(_string(pattern=_SLUG)),
    Kind.ORGANISATIONS: _IDS,
    Kind.MUNICIPALITIES: _list(_CODE_STRING, uniqueItems=True),
    Kind.SERVICES: _IDS,
    Kind.LANGUAGES: _list(_LANGUAGE_ITEM),
    Kind.SCHEDULES: _list(_SCHEDULE),
    Kind.CONTACTS: _list(_CONTACT),
    Kind.LINKS: _list(_LINK),
    Kind.ATTACHMENTS: _list(_ATTACHMENT),
}


def _value(field: Field) -> Schema:
    schema = {"enum": [*field.choices, None]} if field.choices else _OF_KIND[field.kind]
    if field.name == "search_boost":
        schema = {"type": "integer", "minimum": 0, "maximum": 10}
    return schema | {"title": _source(field.label)}


def _source(label: Any) -> str:
    """Return a label's untranslated words, so that the schema does not depend on a language."""
    args = getattr(label, "_args", None)
    return str(args[0] if args else label)


def _texts(audience: Audience, only_municipal: bool = False) -> Schema:
    properties = {
        field.name: _string(
            title=_source(field.label), **({"maxLength": field.max_length} if field.max_length else {})
        )
        for field in fields.texts_of(audience)
        if field.per_municipality or not only_municipal
    }
    return _by_language({"type": "object", "properties": properties, "additionalProperties": False})


def section(audience: Audience) -> Schema:
    """Return the schema of one section of a service's document."""
    required = {f.name: _value(f) for f in fields.of(audience) if not f.translatable}
    if audience is not Audience.EDITORS:
        required["texts"] = _texts(audience)
    if audience is Audience.INTERNAL:
        part = _object({"municipality": _CODE_STRING, "texts": _texts(audience, only_municipal=True)})
        required["municipal"] = _list(part)
    return _object(required)


def schema() -> Schema:
    """Return the JSON Schema of an exchange file."""
    sections = {audience.value: section(audience) for audience in Audience}
    published = _object(
        {"number": {"type": "integer", "minimum": 1}, "at": _string(pattern=_MOMENT)},
        {
            "first_at": _string(pattern=_MOMENT),
            "public": sections["public"],
            "internal": sections["internal"],
        },
    )
    service = _object(
        {
            "id": _string(pattern=_SLUG, maxLength=100),
            "slug": _string(pattern=_SLUG, maxLength=140),
            "status": {"enum": Service.Status.values},
        }
        | sections,
        {"published": published},
    )
    term = _object(
        {"key": _string(pattern=_KEY, maxLength=60), "label": _LABEL},
        {
            "parent": _string(pattern=_KEY),
            "description": _TEXTS,
            "audience": {"enum": ["job_seeker", "employer"]},
            "requirement": {"type": "boolean"},
            "uri": _string(pattern=r"^https?://"),
        },
    )
    wording = _object({"valid_from": _string(pattern=_DAY), "label": _LABEL, "text": _TEXTS})
    option = _object(
        {
            "kind": {"enum": StatutoryOption.Kind.values},
            "key": _string(pattern=_KEY, maxLength=60),
            "wordings": _list(wording, minItems=1),
        },
        {"ends_on": _string(pattern=_DAY)},
    )
    organisation = _object(
        {
            "id": _string(pattern=_SLUG, maxLength=80),
            "kind": {"enum": ["project", "partner", "provider"]},
            "name": _LABEL,
        },
        {
            "business_id": _string(pattern=r"^[0-9]{7}-[0-9]$"),
            "description": _TEXTS,
            "website": _string(),
            "email": _string(),
            "phone": _string(maxLength=40),
            "municipalities": _list(_CODE_STRING, uniqueItems=True),
            "partners": _IDS,
        },
    )
    municipality = _object({"code": _CODE_STRING, "name": _LABEL}, {"uri": _string()})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Palvelumanuaali: exchange format",
    } | _object(
        {"format": {"const": FORMAT}, "version": {"const": VERSION}},
        {
            "municipalities": _list(municipality),
            "vocabularies": {
                "type": "object",
                "properties": {name: _list(term) for name in Vocabulary.values},
                "additionalProperties": False,
            },
            "statutory_options": _list(option),
            "organisations": _list(organisation),
            "places": _list(PLACE),
            "services": _list(service),
        },
    )
