"""The JSON Schema of a service's document, made from the table of fields so that the two can't differ."""

from typing import Any

from services import fields, limits
from services.fields import TEXTS_IN, Audience, Field, Kind
from services.parts import RANGES_A_DAY, WEEKDAYS, ContactKind, ScheduleKind

Schema = dict[str, Any]
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
KEY = r"^[A-Za-z0-9_-]+$"
DAY = r"^\d{4}-\d{2}-\d{2}$"
_TIME = r"^([01]\d|2[0-3]):[0-5]\d$"
LANGUAGE = r"^[a-z]{2,3}$"
_CODE = r"^\d{3}$"
_UUID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


def string(**more: Any) -> Schema:
    """Return the schema of a text."""
    return {"type": "string"} | more


def list_of(items: Schema, **more: Any) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": items} | more


def or_null(schema: Schema) -> Schema:
    """Return the schema of a value that may be null."""
    return {"anyOf": [schema, {"type": "null"}]}


def object_of(required: Schema, optional: Schema | None = None) -> Schema:
    """Return the schema of an object with these parts and no others."""
    return {
        "type": "object",
        "properties": required | (optional or {}),
        "required": sorted(required),
        "additionalProperties": False,
    }


def _by_name(names: str, value: Schema, **more: Any) -> Schema:
    return {"type": "object", "propertyNames": {"pattern": names}, "additionalProperties": value} | more


KEYS = list_of(string(pattern=KEY), uniqueItems=True)
IDS = list_of(string(pattern=SLUG), uniqueItems=True)
CODE = string(pattern=_CODE)
TEXTS = _by_name(LANGUAGE, string(maxLength=limits.ITEM_TEXT))
LABEL = _by_name(LANGUAGE, string(maxLength=limits.ITEM_TEXT), required=["fi"])
_RANGE = list_of(string(pattern=_TIME), minItems=2, maxItems=2)

PLACE = object_of(
    {
        "id": string(pattern=SLUG, maxLength=100),
        "name": LABEL,
        "street": TEXTS,
        "postal_code": string(pattern=r"^\d{5}$"),
        "city": LABEL,
        "municipality": or_null(CODE),
        "accessibility": KEYS,
        "info": TEXTS,
    }
)
ID = string(format="uuid", pattern=_UUID)
DATE = object_of(
    {
        "id": ID,
        "starts": string(pattern=DAY),
        "ends": or_null(string(pattern=DAY)),
        "from": or_null(string(pattern=_TIME)),
        "to": or_null(string(pattern=_TIME)),
        "apply_by": or_null(string(pattern=DAY)),
    }
)
SCHEDULE = object_of(
    {
        "id": ID,
        "kind": {"enum": ScheduleKind.values},
        "place": or_null(string(pattern=SLUG)),
        "dates": list_of(DATE, maxItems=limits.DATES),
        "hours": {
            "type": "object",
            "properties": {day: list_of(_RANGE, minItems=1, maxItems=RANGES_A_DAY) for day in WEEKDAYS},
            "additionalProperties": False,
        },
    }
    | dict.fromkeys(TEXTS_IN[Kind.SCHEDULES], TEXTS)
)
CONTACT = object_of(
    {
        "id": ID,
        "kind": {"enum": ContactKind.values},
        "name": string(minLength=1, maxLength=150),
        "email": string(maxLength=254),
        "phone": string(maxLength=40),
        "municipality": or_null(CODE),
    }
    | dict.fromkeys(TEXTS_IN[Kind.CONTACTS], TEXTS)
)
LINK = object_of(
    {"id": ID, "url": string(pattern=r"^https?://", maxLength=500)}
    | dict.fromkeys(TEXTS_IN[Kind.LINKS], LABEL)
)
ATTACHMENT = object_of(
    {
        "id": ID,
        "filename": string(minLength=1, maxLength=200),
        "content_type": string(maxLength=100),
        "size": {"type": "integer", "minimum": 0},
        "sha256": string(pattern=r"^[0-9a-f]{64}$"),
    }
    | dict.fromkeys(TEXTS_IN[Kind.ATTACHMENTS], LABEL)
)
_LANGUAGE_ITEM = object_of({"language": string(pattern=KEY), "level": or_null(string(pattern=KEY))})

_OF_KIND: dict[Kind, Schema] = {
    Kind.WORDS: string(),
    Kind.FLAG: {"type": "boolean"},
    Kind.CHOICE_FLAG: {"type": ["boolean", "null"]},
    Kind.MONEY: or_null(string(pattern=r"^\d{1,6}\.\d{2}$")),
    Kind.DAY: or_null(string(pattern=DAY)),
    Kind.NUMBER: {"type": ["integer", "null"], "minimum": 0},
    Kind.TERMS: KEYS,
    Kind.OPTION: or_null(string(pattern=KEY)),
    Kind.OPTIONS: KEYS,
    Kind.ORGANISATION: or_null(string(pattern=SLUG)),
    Kind.ORGANISATIONS: IDS,
    Kind.MUNICIPALITIES: list_of(CODE, uniqueItems=True),
    Kind.SERVICES: IDS,
    Kind.LANGUAGES: list_of(_LANGUAGE_ITEM),
    Kind.SCHEDULES: list_of(SCHEDULE, maxItems=limits.ITEMS),
    Kind.CONTACTS: list_of(CONTACT, maxItems=limits.ITEMS),
    Kind.LINKS: list_of(LINK, maxItems=limits.ITEMS),
    Kind.ATTACHMENTS: list_of(ATTACHMENT, maxItems=limits.ITEMS),
}


# The lists whose items have an identity of their own, with the schema of an item.
ITEMS: dict[Kind, Schema] = {
    Kind.SCHEDULES: SCHEDULE,
    Kind.CONTACTS: CONTACT,
    Kind.LINKS: LINK,
    Kind.ATTACHMENTS: ATTACHMENT,
}


def _value(field: Field) -> Schema:
    schema = _OF_KIND[field.kind]
    if field.kind is Kind.NUMBER:
        schema = schema | {"maximum": field.maximum}
    if field.longest:
        schema = schema | {"maxLength": field.longest}
    return schema | {"title": _source(field.label)}


def _source(label: Any) -> str:
    """Return a label's untranslated words, so that the schema does not depend on a language."""
    args = getattr(label, "_args", None)
    return str(args[0] if args else label)


def _texts(audience: Audience, only_municipal: bool = False) -> Schema:
    properties = {
        field.name: string(
            title=_source(field.label), **({"maxLength": field.longest} if field.longest else {})
        )
        for field in fields.texts_of(audience)
        if field.per_municipality or not only_municipal
    }
    return _by_name(LANGUAGE, {"type": "object", "properties": properties, "additionalProperties": False})


def section(audience: Audience) -> Schema:
    """Return the schema of one section of a service's document."""
    required = {f.name: _value(f) for f in fields.of(audience) if not f.translatable}
    if audience is not Audience.EDITORS:
        required["texts"] = _texts(audience)
    if audience is Audience.INTERNAL:
        required["municipal"] = _by_name(_CODE, _texts(audience, only_municipal=True))
    return object_of(required)


def document() -> Schema:
    """Return the schema of a whole document."""
    return object_of({audience.value: section(audience) for audience in Audience})
