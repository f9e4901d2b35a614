"""The exchange format's JSON Schema: documents as the table of fields has them, and what they refer to."""

from services import lifting
from services.document_schema import (
    CODE,
    DAY,
    IDS,
    KEY,
    LABEL,
    PLACE,
    SLUG,
    TEXTS,
    Schema,
    list_of,
    object_of,
    section,
    string,
)
from services.fields import Audience
from services.models import Responsibility, Service, StatutoryOption
from services.models.vocabulary import Vocabulary

FORMAT = "palvelumanuaali"
VERSION = lifting.VERSION  # a file holds documents: its version is their shape's
_MOMENT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?\+00:00$"


_RESPONSIBILITY = object_of(
    {"partner": string(pattern=SLUG), "from": string(pattern=DAY)},
    {"basis": {"enum": Responsibility.Basis.values}, "decision": string(minLength=1, maxLength=500)},
) | {"dependentRequired": {"basis": ["decision"], "decision": ["basis"]}}


def _ids_given_or_not(schema: Schema) -> Schema:
    """Return the schema with ids left to the importer in every list but that of the attachments."""
    if "properties" in schema:
        parts = {
            name: part if name == "attachments" else _ids_given_or_not(part)
            for name, part in schema["properties"].items()
        }
        schema = schema | {"properties": parts}
    if "items" in schema:
        items = _ids_given_or_not(schema["items"])
        if "required" in items:
            items = items | {"required": [name for name in items["required"] if name != "id"]}
        schema = schema | {"items": items}
    return schema


def schema() -> Schema:
    """Return the JSON Schema of an exchange file."""
    sections = {audience.value: _ids_given_or_not(section(audience)) for audience in Audience}
    published = object_of(
        {"number": {"type": "integer", "minimum": 1}, "at": string(pattern=_MOMENT)},
        {
            "first_at": string(pattern=_MOMENT),
        }
        | sections,
    )
    service = object_of(
        {
            "id": string(pattern=SLUG, maxLength=100),
            "slug": string(pattern=SLUG, maxLength=140),
            "status": {"enum": Service.Status.values},
        }
        | sections,
        {"published": published, "responsibility": list_of(_RESPONSIBILITY)},
    )
    term = object_of(
        {"key": string(pattern=KEY, maxLength=60), "label": LABEL},
        {
            "parent": string(pattern=KEY),
            "description": TEXTS,
            "audience": {"enum": ["job_seeker", "employer"]},
            "requirement": {"type": "boolean"},
            "uri": string(pattern=r"^https?://"),
        },
    )
    wording = object_of({"valid_from": string(pattern=DAY), "label": LABEL, "text": TEXTS})
    option = object_of(
        {
            "kind": {"enum": StatutoryOption.Kind.values},
            "key": string(pattern=KEY, maxLength=60),
            "wordings": list_of(wording, minItems=1),
        },
        {"ends_on": string(pattern=DAY)},
    )
    organisation = object_of(
        {
            "id": string(pattern=SLUG, maxLength=80),
            "kind": {"enum": ["project", "partner", "provider"]},
            "name": LABEL,
        },
        {
            "business_id": string(pattern=r"^[0-9]{7}-[0-9]$"),
            "description": TEXTS,
            "website": string(),
            "email": string(),
            "phone": string(maxLength=40),
            "municipalities": list_of(CODE, uniqueItems=True),
            "partners": IDS,
        },
    )
    municipality = object_of({"code": CODE, "name": LABEL}, {"uri": string()})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Palvelumanuaali: exchange format",
    } | object_of(
        {"format": {"const": FORMAT}, "version": {"const": VERSION}},
        {
            "municipalities": list_of(municipality),
            "vocabularies": {
                "type": "object",
                "properties": {name: list_of(term) for name in Vocabulary.values},
                "additionalProperties": False,
            },
            "statutory_options": list_of(option),
            "organisations": list_of(organisation),
            "places": list_of(PLACE),
            "services": list_of(service),
        },
    )
