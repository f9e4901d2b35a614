"""Catalogues: resources that each process holds as words: terms, places, organisations, municipalities."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Model, prefetch_related_objects

from orgs.alphabet import alphabetical
from orgs.localised import reading
from orgs.models import Organisation
from services.api import objects
from services.api.objects import Object
from services.api.types import MUNICIPALITY, ORGANISATION, PLACE, ResourceType
from services.uuids import uuid_of
from services.vocabularies import Words

# Where a published document names places.
PLACES = "$.schedules[*].place.id"


@dataclass(frozen=True)
class Reader:
    """In which language somebody reads, the words of now, and whether instructions may be read."""

    language: str
    words: Words
    internal: bool = False


@dataclass(frozen=True)
class Catalogue:
    """Things that each process holds: which of them are shown, by what they are ordered, how they are said.

    `key` is the one of which the UUID is made; `along` names what is read with those that are shown.
    """

    rows: Callable[[ResourceType, Words], list[Any]]
    key: Callable[[Any], str]
    sorts: Mapping[str, Callable[[Any, str], Any]]
    say: Callable[[Any, str], Object]
    along: Sequence[str] = ()

    def uuid(self, kind: ResourceType, one: Any) -> uuid.UUID:
        """Return the UUID of one."""
        return _uuid(kind.name, self.key(one))

    def objects(self, found: Sequence[Model], language: str) -> list[Object]:
        """Return the resources."""
        prefetch_related_objects(found, *self.along)
        return [self.say(one, language) for one in found]


@lru_cache(10_000)
def _uuid(kind: str, key: str) -> uuid.UUID:
    return uuid_of(kind, key)


def _named(column: str) -> Callable[[Any, str], str]:
    return lambda one, language: alphabetical(reading(getattr(one, column), language).text)


def _column(column: str) -> Callable[[Any, str], Any]:
    return lambda one, _language: getattr(one, column)


def _terms(kind: ResourceType, words: Words) -> list[Any]:
    vocabulary = kind.name.partition("--")[2]
    return [one for (name, _key), one in words.terms.items() if name == vocabulary]


def _organisations(_kind: ResourceType, words: Words) -> list[Any]:
    return [one for one in words.open_organisations.values() if one.kind in Organisation.PUBLIC_KINDS]


def _places(_kind: ResourceType, words: Words) -> list[Any]:
    """Return the places that published services name: others are nobody's to see."""
    return [words.places[key] for key in sorted(named_at(PLACES)) if key in words.places]


def named_at(place: str) -> list[str]:
    """Return all keys that published documents have at a place, an SQL/JSON path, each once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT jsonb_path_query(document, %s::jsonpath) #>> '{}'"
            " FROM services_publishedservice",
            [place],
        )
        return [key for (key,) in cursor.fetchall() if key]


_TERMS = Catalogue(
    _terms,
    lambda one: str(one.key),
    {"weight": _column("position"), "name": _named("label"), "field_key": _column("key")},
    objects.term,
)
_CATALOGUES = {
    MUNICIPALITY: Catalogue(
        lambda _kind, words: list(words.municipalities.values()),
        lambda one: str(one.code),
        {"name": _named("name"), "code": _column("code")},
        objects.municipality,
    ),
    ORGANISATION: Catalogue(
        _organisations,
        lambda one: str(one.external_id),
        {"label": _named("name"), "field_external_id": _column("external_id")},
        objects.organisation,
        along=("municipalities",),
    ),
    PLACE: Catalogue(
        _places,
        lambda one: str(one.external_id),
        {"title": _named("name"), "field_external_id": _column("external_id")},
        objects.place,
    ),
}


def catalogue_of(kind: ResourceType) -> Catalogue:
    """Return the catalogue of a type; every type but that of services has one."""
    return _CATALOGUES.get(kind.name, _TERMS)
