"""Where resources come from: the published read model, and the words that each process holds."""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import F, Model, QuerySet, prefetch_related_objects
from django.urls import reverse

from orgs.alphabet import alphabetical
from orgs.localised import reading
from orgs.models import Organisation
from services.api import objects
from services.api.asked import Asked, Order
from services.api.objects import Object
from services.api.types import MUNICIPALITY, ORGANISATION, PLACE, PUBLIC, TYPES, ResourceType
from services.fields import Kind
from services.models import PublishedService
from services.site.context import absolute
from services.uuids import SERVICE, uuid_of
from services.vocabularies import Words

_PUBLIC_KINDS = (Organisation.Kind.PARTNER, Organisation.Kind.PROVIDER)
_RELATED = [field.name for field in PUBLIC if field.kind is Kind.SERVICES]


@dataclass(frozen=True)
class Reader:
    """In which language somebody reads, and the words of now."""

    language: str
    words: Words


@dataclass(frozen=True)
class Page:
    """A page of a list, and how many resources the list has."""

    resources: Sequence[Object]
    total: int


def page(kind: ResourceType, asked: Asked, reader: Reader) -> Page:
    """Return the page of a type's list that is asked for."""
    first, last = asked.offset, asked.offset + asked.limit
    if kind.name == SERVICE:
        rows = _rows(reader)
        return Page(_services(_in_order(rows, asked.sort)[first:last], reader), rows.count())
    catalogue = _CATALOGUES.get(kind.name, _TERMS)
    found = catalogue.rows(kind, reader.words)
    for order in reversed(asked.sort or (Order(kind.sorts[0]),)):
        found.sort(key=lambda one: catalogue.sorts[order.attribute](one, reader.language))
        if order.descending:
            found.reverse()
    return Page(catalogue.objects(found[first:last], reader.language), len(found))


def by_uuid(kind: ResourceType, wanted: Collection[uuid.UUID], reader: Reader) -> list[Object]:
    """Return the resources of a type that have these UUIDs, as far as there are such."""
    if kind.name == SERVICE:
        return _services(_rows(reader).filter(service__uuid__in=wanted).order_by("service_id"), reader)
    catalogue = _CATALOGUES.get(kind.name, _TERMS)
    found = [one for one in catalogue.rows(kind, reader.words) if catalogue.uuid(kind, one) in wanted]
    return catalogue.objects(found, reader.language)


def _rows(reader: Reader) -> "QuerySet[PublishedService, PublishedService]":
    return PublishedService.objects.filter(language=reader.language).defer("search", "tokens", "impacts")


_COLUMNS = {
    "title": "sort_key", "created": "first_published_at", "changed": "published_at",
    "field_external_id": "external_id",
}  # fmt: skip


def _in_order(
    rows: "QuerySet[PublishedService, PublishedService]", sort: Iterable[Order]
) -> "QuerySet[PublishedService, PublishedService]":
    columns = [F(_COLUMNS[one.attribute]) for one in sort] or [F("sort_key")]
    ways = [
        column.desc() if one.descending else column.asc()
        for column, one in zip(columns, sort or (Order("title"),), strict=True)
    ]
    return rows.order_by(*ways, "service_id")


def _services(rows: Iterable[PublishedService], reader: Reader) -> list[Object]:
    shown = list(rows)
    named = {key for row in shown for name in _RELATED for key in row.document[name]}
    published = frozenset(
        _rows(reader).filter(external_id__in=named).values_list("external_id", flat=True) if named else ()
    )
    return [
        objects.service(row, reverse("site:service", args=[row.slug]), published, _files(row))
        for row in shown
    ]


def _files(row: PublishedService) -> dict[str, str]:
    """Return the addresses of a service's attachments by their ids."""
    return {str(one): absolute(reverse("site:attachment", args=[one])) for one in row.attachment_ids}


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
    return [one for one in words.open_organisations.values() if one.kind in _PUBLIC_KINDS]


def _places(_kind: ResourceType, words: Words) -> list[Any]:
    """Return the places that published services name: others are nobody's to see."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT jsonb_path_query(document, '$.schedules[*].place.id') #>> '{}'"
            " FROM services_publishedservice"
        )
        named = [key for (key,) in cursor.fetchall()]
    return [words.places[key] for key in sorted(named) if key in words.places]


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


def included(
    shown: Sequence[Object], kind: ResourceType, paths: Iterable[Sequence[str]], reader: Reader
) -> list[Object]:
    """Return what comes along with resources of a type: along each path, each resource once."""
    known = {(one["type"], one["id"]): one for one in shown}
    along: dict[tuple[str, str], Object] = {}
    for path in paths:
        at, here = kind, list(shown)
        for name in path:
            at = TYPES[at.relationships[name]]
            wanted = {(one["type"], one["id"]) for source in here for one in _pointed(source, name)}
            missing = {uuid.UUID(number) for key, number in wanted if (key, number) not in known}
            for one in by_uuid(at, missing, reader) if missing else ():
                along[one["type"], one["id"]] = known[one["type"], one["id"]] = one
            here = [known[one] for one in sorted(wanted) if one in known]
    return list(along.values())


def _pointed(source: Object, name: str) -> list[Object]:
    data = source["relationships"][name]["data"]
    return data if isinstance(data, list) else [data] if data else []
