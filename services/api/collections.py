"""Where resources come from: the published read model, and the words that each process holds."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import F, Q
from django.urls import reverse

from orgs import clock
from services.api import drafts, matching, objects
from services.api.asked import Asked, Order
from services.api.catalogues import Reader, catalogue_of
from services.api.matching import rows_of
from services.api.objects import Object, Said
from services.api.types import TYPES, ResourceType
from services.fields import Audience, Document
from services.models import PublishedService, ServiceVersion
from services.search import listing
from services.search.listing import Facet
from services.search.query import ListQuery
from services.uuids import SERVICE


@dataclass(frozen=True)
class Page:
    """A page of a list, how many resources the list has, and the search's filters where it was asked."""

    resources: Sequence[Object]
    total: int
    facets: Sequence[Facet] = ()


def page(kind: ResourceType, asked: Asked, reader: Reader) -> Page:
    """Return the page of a type's list that is asked for."""
    first, last = asked.offset, asked.offset + asked.limit
    if asked.filter.searches:
        return _searched(asked, reader)
    if kind.name == SERVICE:
        rows = rows_of(reader).filter(matching.services(asked.filter.where, reader))
        return Page(_services(_in_order(rows, asked.sort)[first:last], reader), rows.count())
    catalogue = catalogue_of(kind)
    found = matching.resources(kind, asked.filter.where, reader)
    for order in reversed(asked.sort or (Order(kind.sorts[0]),)):
        found.sort(
            key=lambda pair: catalogue.sorts[order.attribute](pair[0], reader.language),
            reverse=order.descending,
        )
    return Page([said for _row, said in found[first:last]], len(found))


def _searched(asked: Asked, reader: Reader) -> Page:
    """Return the page of services that the list's own search and filters find."""
    query = ListQuery(q=asked.filter.q or "", selected=asked.filter.selected)
    among = None
    if asked.filter.where.members:
        rows = rows_of(reader).filter(matching.services(asked.filter.where, reader))
        among = list(rows.values_list("service_id", flat=True))
    found = listing.find(query, reader.language, reader.words, among=among)
    first, last = asked.offset, asked.offset + asked.limit
    if asked.sort:
        shown: Iterable[PublishedService] = _in_order(
            rows_of(reader).filter(service__in=found.services()), asked.sort
        )[first:last]
    else:
        shown = listing.rows_of(found.first(last, clock.today())[first:], reader.language)
    return Page(_services(shown, reader), len(found.numbers), found.facets(reader.words))


def by_uuid(kind: ResourceType, wanted: Collection[uuid.UUID], reader: Reader) -> list[Object]:
    """Return the resources of a type that have these UUIDs, as far as there are such."""
    if kind.name == SERVICE:
        return _services(rows_of(reader).filter(service__uuid__in=wanted).order_by("service_id"), reader)
    catalogue = catalogue_of(kind)
    found = [one for one in catalogue.rows(kind, reader.words) if catalogue.uuid(kind, one) in wanted]
    return catalogue.objects(found, reader.language)


_COLUMNS = {
    "title": "sort_key", "created": "first_published_at", "changed": "published_at",
    "field_external_id": "external_id",
}  # fmt: skip


def _in_order(rows: matching.Rows, sort: Iterable[Order]) -> matching.Rows:
    columns = [F(_COLUMNS[one.attribute]) for one in sort] or [F("sort_key")]
    ways = [
        column.desc() if one.descending else column.asc()
        for column, one in zip(columns, sort or (Order("title"),), strict=True)
    ]
    return rows.order_by(*ways, "service_id")


def _services(rows: Iterable[PublishedService], reader: Reader) -> list[Object]:
    shown = list(rows)
    named = {key for row in shown for name in drafts.RELATED for key in row.document[name]}
    published = frozenset(
        rows_of(reader).filter(external_id__in=named).values_list("external_id", flat=True) if named else ()
    )
    internal = _internal(shown, reader) if reader.internal else {}
    return [
        objects.service(
            _said(row, internal.get(row.service_id)),
            reverse("site:service", args=[row.slug]),
            published,
            drafts.addresses_of(_files(row, internal.get(row.service_id))),
        )
        for row in shown
    ]


def _said(row: PublishedService, internal: Document | None) -> Said:
    return Said(
        external_id=row.external_id,
        language=row.language,
        name=row.name,
        published=True,
        created=row.first_published_at,
        changed=row.published_at,
        document=row.document,
        internal=internal,
    )


def _files(row: PublishedService, internal: Document | None) -> list[str]:
    return [*map(str, row.attachment_ids), *(item["id"] for item in (internal or {}).get("attachments", ()))]


def _internal(rows: Sequence[PublishedService], reader: Reader) -> dict[int, Document]:
    """Return the instructions that were published with rows, by the service's number."""
    wanted = reduce(or_, (Q(service=row.service_id, number=row.number) for row in rows), Q(pk__in=[]))
    return {
        one.service_id: drafts.internal_of(one.section(Audience.INTERNAL), reader)
        for one in ServiceVersion.objects.filter(wanted).defer("public_document", "editors_document")
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
            wanted = {(one["type"], one["id"]) for source in here for one in objects.pointed(source, name)}
            missing = {uuid.UUID(number) for key, number in wanted if (key, number) not in known}
            for one in by_uuid(at, missing, reader) if missing else ():
                along[one["type"], one["id"]] = known[one["type"], one["id"]] = one
            here = [known[one] for one in sorted(wanted) if one in known]
    return list(along.values())
