"""The types of resources: their names, addresses, attributes and relationships.

What a service has follows the table of content fields: a new field appears by itself. Names are those
that Drupal's clients expect: `title`, `field_...`, `taxonomy_term--...`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from services import fields
from services.api import schema
from services.document_schema import Schema
from services.fields import Audience, Field, Kind
from services.models.vocabulary import Vocabulary
from services.uuids import SERVICE

PLACE = "node--service_location"
ORGANISATION = "group--organisation"
MUNICIPALITY = "taxonomy_term--municipality"
_TERM = "taxonomy_term--"

# The kinds of fields that point at other resources.
POINTING = (
    *(Kind.TERMS, Kind.LANGUAGES, Kind.ORGANISATION, Kind.ORGANISATIONS, Kind.MUNICIPALITIES),
    Kind.SERVICES,
)


@dataclass(frozen=True, eq=False)
class ResourceType:
    """A type of resources.

    `attributes` are told with the shape of each.
    `relationships` names the type at which each one points. `sorts` are the attributes by which a list
    may be ordered, the first of them where nothing is asked for.
    """

    name: str
    attributes: Mapping[str, Schema]
    relationships: Mapping[str, str]
    sorts: tuple[str, ...]

    @property
    def path(self) -> str:
        """Return where its list is, below the interface: "node/service"."""
        return self.name.replace("--", "/", 1)

    @property
    def searched(self) -> bool:
        """Tell whether the pages' search looks through such resources."""
        return self.name == SERVICE

    @property
    def fields(self) -> frozenset[str]:
        """Return the names of everything that it has."""
        return frozenset((*self.attributes, *self.relationships))


def term_type(vocabulary: str) -> str:
    """Return the type of a vocabulary's terms."""
    return f"{_TERM}{vocabulary}"


def attribute_of(field: Field) -> str:
    """Return what a content field is called here."""
    return "title" if field.path == "name" else f"field_{field.path}"


def _target(field: Field) -> str:
    match field.kind:
        case Kind.TERMS | Kind.LANGUAGES:
            assert field.vocabulary
            return term_type(field.vocabulary)
        case Kind.MUNICIPALITIES:
            return MUNICIPALITY
        case Kind.SERVICES:
            return SERVICE
    return ORGANISATION


PUBLIC = fields.of(Audience.PUBLIC)
INTERNAL = fields.of(Audience.INTERNAL)
MUNICIPAL = "field_municipal"  # municipalities' own parts of instructions

# What every service has beside what they have in common.
_OWN = {attribute_of(field): schema.of_field(field) for field in PUBLIC if field.kind not in POINTING}

_service = ResourceType(
    SERVICE,
    schema.SERVICE | {name: shape for name, shape in _OWN.items() if name not in schema.SERVICE},
    {attribute_of(field): _target(field) for field in PUBLIC if field.kind in POINTING}
    | {"field_responsible_partner": ORGANISATION, "field_places": PLACE},
    ("title", "created", "changed", "field_external_id"),
)
_place = ResourceType(
    PLACE,
    schema.PLACE,
    {"field_municipality": MUNICIPALITY, "field_accessibility": term_type(Vocabulary.PREMISES_ACCESSIBILITY)},
    ("title", "field_external_id"),
)
_organisation = ResourceType(
    ORGANISATION,
    schema.ORGANISATION,
    {"field_municipalities": MUNICIPALITY},
    ("label", "field_external_id"),
)
_municipality = ResourceType(MUNICIPALITY, schema.MUNICIPALITY, {}, ("name", "code"))


def _terms(vocabulary: str) -> ResourceType:
    name = term_type(vocabulary)
    return ResourceType(name, schema.TERM, {"parent": name}, ("weight", "name", "field_key"))


# What a service has for those who read its instructions: never in TYPES, so nothing is asked by it.
INTERNAL_SERVICE = ResourceType(
    SERVICE,
    dict(_service.attributes)
    | {attribute_of(field): schema.of_field(field) for field in INTERNAL if field.kind not in POINTING}
    | {MUNICIPAL: schema.MUNICIPAL_PARTS},
    dict(_service.relationships)
    | {attribute_of(field): _target(field) for field in INTERNAL if field.kind in POINTING},
    _service.sorts,
)

TYPES: Mapping[str, ResourceType] = {
    one.name: one for one in (_service, _place, _organisation, _municipality, *map(_terms, Vocabulary.values))
}
