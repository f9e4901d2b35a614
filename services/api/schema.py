"""The JSON Schema of what resources say: which attributes there are, and of what shape each one is.

A service's attributes follow the table of content fields. What may be asked for by a filter, and what
the interface's own description says, are both made of this.
"""

from collections.abc import Mapping

from orgs.models import Organisation
from services.document_schema import (
    ATTACHMENT,
    CODE,
    CONTACT,
    DAY,
    LANGUAGE,
    LINK,
    SCHEDULE,
    SLUG,
    Schema,
    list_of,
    object_of,
    or_null,
    string,
)
from services.fields import TEXTS_IN, Field, Kind

TEXT = string()
TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
NUMBER: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}
MOMENT = string(format="date-time")
SITE_LANGUAGE = string(enum=["fi", "sv", "en"])
IDENTIFIER = string(pattern=SLUG)
ADDRESS = string(format="uri")
ADDRESS_OR_NULL = TEXT_OR_NULL | {"format": "uri"}
# Rich text as Drupal says it: what is kept, and what is shown. Both are the same here.
RICH = or_null(object_of({"value": TEXT, "format": TEXT, "processed": TEXT}))
PATH = object_of({"alias": TEXT, "langcode": SITE_LANGUAGE})

# A text inside a list's item, with the language in which it is.
_TEXT_IN_A_LANGUAGE = {"text": TEXT, "lang": string(pattern=LANGUAGE)}
_SAID = or_null(object_of(_TEXT_IN_A_LANGUAGE))
_MUNICIPALITY = or_null(object_of({"code": CODE, "name": TEXT, "slug": TEXT}))
_PLACE = or_null(
    object_of(
        {
            "id": IDENTIFIER,
            "name": TEXT,
            "street": TEXT,
            "postal_code": TEXT,
            "city": TEXT,
            "municipality": or_null(CODE),
            "info": _SAID,
            "accessibility": list_of(TEXT),
        }
    )
)


def _item(kind: Kind, kept: Schema, instead: Mapping[str, Schema]) -> Schema:
    """Return the schema of an item as readers get it, from that of the item as it is kept."""
    return list_of(object_of(kept["properties"] | dict.fromkeys(TEXTS_IN[kind], _SAID) | instead))


_OF_KIND: Mapping[Kind, Schema] = {
    Kind.WORDS: TEXT,
    Kind.FLAG: FLAG,
    Kind.CHOICE_FLAG: {"type": ["boolean", "null"]},
    Kind.MONEY: TEXT_OR_NULL | {"format": "decimal"},
    Kind.DAY: TEXT_OR_NULL | {"pattern": DAY, "format": "date"},
    Kind.NUMBER: {"type": ["integer", "null"]},
    Kind.OPTION: TEXT_OR_NULL,
    Kind.OPTIONS: list_of(TEXT),
    Kind.SCHEDULES: _item(Kind.SCHEDULES, SCHEDULE, {"place": _PLACE}),
    Kind.CONTACTS: _item(Kind.CONTACTS, CONTACT, {"municipality": _MUNICIPALITY}),
    Kind.LINKS: _item(Kind.LINKS, LINK, {"url": ADDRESS}),
    Kind.ATTACHMENTS: _item(Kind.ATTACHMENTS, ATTACHMENT, {"url": ADDRESS}),
}


def of_field(field: Field) -> Schema:
    """Return the schema of a content field's attribute; the field points at nothing."""
    if field.translatable:
        return RICH if field.kind is Kind.RICH else TEXT_OR_NULL
    return _OF_KIND[field.kind]


# The own parts of municipalities, each with those of its texts that there are.
MUNICIPAL_PARTS = list_of(
    object_of(
        {
            "municipality": CODE,
            "texts": {"type": "object", "additionalProperties": object_of(_TEXT_IN_A_LANGUAGE)},
        }
    )
)

SERVICE: dict[str, Schema] = {
    "title": TEXT,
    "langcode": SITE_LANGUAGE,
    "status": FLAG,
    "moderation_state": TEXT,
    "created": MOMENT,
    "changed": MOMENT,
    "path": PATH,
    "field_external_id": IDENTIFIER,
}
PLACE: Mapping[str, Schema] = {
    "title": TEXT,
    "langcode": SITE_LANGUAGE,
    "field_external_id": IDENTIFIER,
    "field_street": TEXT,
    "field_postal_code": TEXT,
    "field_city": TEXT,
    "field_info": TEXT_OR_NULL,
}
ORGANISATION: Mapping[str, Schema] = {
    "label": TEXT,
    "langcode": SITE_LANGUAGE,
    "field_external_id": IDENTIFIER,
    "field_kind": string(enum=[str(one) for one in Organisation.PUBLIC_KINDS]),
    "field_business_id": TEXT_OR_NULL,
    "field_description": RICH,
    "field_website": ADDRESS_OR_NULL,
    "field_email": TEXT_OR_NULL,
    "field_phone": TEXT_OR_NULL,
}
MUNICIPALITY: Mapping[str, Schema] = {
    "name": TEXT,
    "langcode": SITE_LANGUAGE,
    "code": CODE,
    "field_uri": ADDRESS_OR_NULL,
}
TERM: Mapping[str, Schema] = {
    "name": TEXT,
    "langcode": SITE_LANGUAGE,
    "description": RICH,
    "weight": NUMBER,
    "field_key": TEXT,
    "field_audience": TEXT_OR_NULL,
    "field_requirement": FLAG,
    "field_uri": ADDRESS_OR_NULL,
}
