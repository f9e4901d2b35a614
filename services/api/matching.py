"""Which resources fulfil a filter: services by a query of the published read model, others as they are held.

Both ask what `services.api.conditions` says. What a resource does not show can't be asked about: what
is compared are the published texts, and at what is pointed is asked of the resources that there are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, F, Func, Q, QuerySet, TextField
from django.db.models import Value as Constant

from services.api.catalogues import PLACES, Reader, catalogue_of, named_at
from services.api.conditions import (
    AMONG,
    WITHIN,
    Condition,
    Group,
    Leaf,
    Operator,
    Sort,
    Value,
    holds,
)
from services.api.objects import Object, pointed
from services.api.types import PUBLIC, TYPES, ResourceType, attribute_of
from services.fields import Kind
from services.models import PublishedService
from services.uuids import SERVICE

Rows = QuerySet[PublishedService, PublishedService]
_MOST_KEYS = 100  # of a condition that an index is asked for


def rows_of(reader: Reader) -> Rows:
    """Return the published services as a reader's language has them."""
    return PublishedService.objects.filter(language=reader.language).defer("search", "tokens", "impacts")


# What each process holds


def resources(kind: ResourceType, where: Group, reader: Reader) -> list[tuple[Any, Object]]:
    """Return what a catalogue holds and what is said of it, where that fulfils a filter."""
    catalogue = catalogue_of(kind)
    rows = catalogue.rows(kind, reader.words)
    found = list(zip(rows, catalogue.objects(rows, reader.language), strict=True))
    for one in where.members:
        fulfilled = _fulfilled(kind, one, [said for _row, said in found], reader)
        found = [pair for pair in found if pair[1]["id"] in fulfilled]
    return found


def _fulfilled(
    kind: ResourceType, asked: Condition | Group, said: Sequence[Object], reader: Reader
) -> frozenset[str]:
    """Return the ids of the resources of one type that fulfil a condition or a group."""
    if isinstance(asked, Group):
        each = [_fulfilled(kind, one, said, reader) for one in asked.members]
        return reduce(frozenset.intersection if asked.all else frozenset.union, each)
    if asked.operator is Operator.IS_NULL:
        there = replace(asked, operator=Operator.IS_NOT_NULL)
        return frozenset(one["id"] for one in said) - _fulfilled(kind, there, said, reader)
    if not asked.relationships:
        return frozenset(one["id"] for one in said if _fulfils(one, asked))
    name, *rest = asked.relationships
    if not rest and asked.leaf is None:
        return frozenset(one["id"] for one in said if pointed(one, name))
    target = TYPES[kind.relationships[name]]
    further = Group([replace(asked, relationships=tuple(rest))])
    ids = {found["id"] for _row, found in resources(target, further, reader)}
    return frozenset(one["id"] for one in said if any(item["id"] in ids for item in pointed(one, name)))


def _fulfils(one: Object, asked: Condition) -> bool:
    assert asked.leaf
    values = [asked.leaf.sort.read(value) for value in values_at(one, asked.leaf)]
    return holds(asked.operator, asked.values, values)


def values_at(one: Object, leaf: Leaf) -> list[Any]:
    """Return the values of a resource about which a leaf asks, without those that are missing."""
    found = [one["id"] if leaf.attribute == "id" else one["attributes"][leaf.attribute]]
    for step in leaf.inside:
        found = [
            part
            for value in found
            if value is not None
            for part in (value if step == "*" else [value.get(step)])
        ]
    return [value for value in found if value is not None]


# Services


def services(where: Group, reader: Reader) -> Q:
    """Return the question to the published services that is a filter."""
    asked = [
        services(one, reader) if isinstance(one, Group) else _service(one, reader) for one in where.members
    ]
    return reduce(Q.__and__ if where.all else Q.__or__, asked, asked.pop(0)) if asked else Q()


def _service(asked: Condition, reader: Reader) -> Q:
    if asked.operator is Operator.IS_NULL:
        return ~_service(replace(asked, operator=Operator.IS_NOT_NULL), reader)
    if asked.relationships:
        return _related(asked, reader)
    assert asked.leaf
    match asked.leaf.attribute:
        case "id":
            return _by_lookup("service__uuid", asked)
        case "created" | "changed" as name:
            return _by_lookup(_MOMENTS[name], asked)
        case "langcode":
            return _always(holds(asked.operator, asked.values, [reader.language]))
        case "moderation_state":
            return _always(holds(asked.operator, asked.values, ["published"]))
        case "status":
            return _always(holds(asked.operator, asked.values, [True]))
    return Q(_AnyValue(_place(asked.leaf), *_compared(asked.operator, asked.leaf.sort, asked.values)))


def _always(true: bool) -> Q:
    return Q(Constant(true, output_field=BooleanField()))


_MOMENTS = {"created": "first_published_at", "changed": "published_at"}
_LOOKUPS = {
    Operator.EQUAL: "exact", Operator.ABOVE: "gt", Operator.FROM: "gte", Operator.BELOW: "lt",
    Operator.UNTIL: "lte", Operator.IN: "in", Operator.BETWEEN: "range",
}  # fmt: skip
_NEGATED = {
    Operator.DIFFERENT: Operator.EQUAL, Operator.NOT_IN: Operator.IN, Operator.NOT_BETWEEN: Operator.BETWEEN,
}  # fmt: skip


def _by_lookup(column: str, asked: Condition) -> Q:
    """Return a condition on a column that always has a value."""
    if asked.operator is Operator.IS_NOT_NULL:
        return _always(True)
    if asked.operator in _NEGATED:
        return ~_by_lookup(column, replace(asked, operator=_NEGATED[asked.operator]))
    several = asked.operator in AMONG | WITHIN
    return Q((f"{column}__{_LOOKUPS[asked.operator]}", asked.values if several else asked.values[0]))


_FIELDS = {attribute_of(field): field for field in PUBLIC}


def _place(leaf: Leaf) -> str:
    """Return where in a published document the values are about which a leaf asks, as an SQL/JSON path."""
    if leaf.attribute == "field_external_id":
        return "$.id"
    field = _FIELDS[leaf.attribute]
    if field.translatable:
        return f'$.texts."{field.name}".text'
    return f'$."{field.name}"' + "".join("[*]" if step == "*" else f'."{step}"' for step in leaf.inside)


class _AnyValue(Func):
    """Tells whether one of the values at a path of the document is there and compares as is asked."""

    output_field = BooleanField()

    def __init__(self, path: str, comparison: str, *values: Any) -> None:
        super().__init__(F("document"), Constant(path), *values)
        self.comparison = comparison

    def as_sql(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """Return the SQL; the comparison's own placeholders come last."""
        parts = [compiler.compile(one) for one in self.source_expressions]
        (document, _none), (path, _path) = parts[:2]
        values = f"jsonb_path_query({document}, ({path})::jsonpath) AS found(value)"
        sql = f"EXISTS (SELECT FROM {values} WHERE {self.comparison})"
        return sql, [value for _sql, given in parts for value in given]


_TEXT = "(value #>> '{}')"
# Upper and lower case as Unicode has them, whatever language the database was made for.
_AS = {
    Sort.TEXT: f'lower({_TEXT} COLLATE "pg_c_utf8")',
    Sort.NUMBER: f"{_TEXT}::numeric",
    Sort.FLAG: f"{_TEXT}::boolean",
    Sort.DAY: f'{_TEXT} COLLATE "C"',
    Sort.UUID: f"{_TEXT}::uuid",
}
_SQL = {
    Operator.STARTS_WITH: "starts_with({0}, %s)",
    Operator.CONTAINS: "strpos({0}, %s) > 0",
    Operator.ENDS_WITH: "starts_with(reverse({0}), reverse(%s))",
    Operator.BETWEEN: "{0} BETWEEN %s AND %s",
    Operator.NOT_BETWEEN: "{0} NOT BETWEEN %s AND %s",
    Operator.IS_NOT_NULL: "{0} IS NOT NULL",
}


def _compared(asked: Operator, sort: Sort, values: Sequence[Value]) -> tuple[Any, ...]:
    """Return a comparison in SQL and its values."""
    if asked in AMONG:
        sql = f"{{0}} {asked} ({', '.join(['%s'] * len(values))})"
    else:
        sql = _SQL.get(asked, f"{{0}} {asked} %s")
    return sql.format(_AS[sort]), *map(Constant, values)


def _related(asked: Condition, reader: Reader) -> Q:
    """Return a condition on what a service points at: on the keys by which its document does so."""
    name, *rest = asked.relationships
    place, parameter = _keys_at(name)
    target = TYPES[TYPES[SERVICE].relationships[name]]
    if not rest and asked.leaf is None and target.name != SERVICE:
        return Q(_AnyValue(place, f"{_TEXT} IS NOT NULL"))
    keys = sorted(_keys(target, replace(asked, relationships=tuple(rest)), place, reader))
    listed = Constant(keys, output_field=ArrayField(TextField()))
    found = Q(_AnyValue(place, f"{_TEXT} = ANY(%s)", listed))
    if parameter and len(keys) <= _MOST_KEYS:
        # Found by an index, before any document is read.
        found = Q(keys__overlap=[f"{parameter}:{key}" for key in keys]) & found
    return found


def _keys(target: ResourceType, further: Condition, place: str, reader: Reader) -> Iterable[str]:
    """Return the keys of the resources of a type that fulfil a condition."""
    if target.name != SERVICE:
        catalogue = catalogue_of(target)
        return (catalogue.key(row) for row, _said in resources(target, Group([further]), reader))
    if further.leaf is None and not further.relationships:
        return rows_of(reader).filter(external_id__in=named_at(place)).values_list("external_id", flat=True)
    return rows_of(reader).filter(_service(further, reader)).values_list("external_id", flat=True)


def _keys_at(relationship: str) -> tuple[str, str | None]:
    """Return where a document has the keys of a relationship, and the filter that knows them, if one does."""
    match relationship:
        case "field_responsible_partner":
            return "$.responsible_partner.id", None
        case "field_places":
            return PLACES, None
    field = _FIELDS[relationship]
    match field.kind:
        case Kind.TERMS:
            return f'$.terms."{field.name}"[*].key', field.parameter
        case Kind.LANGUAGES:
            return f'$."{field.name}"[*].key', field.parameter
        case Kind.MUNICIPALITIES:
            return f'$."{field.name}"[*].code', field.parameter
        case Kind.ORGANISATION:
            return f'$."{field.name}".id', field.parameter
        case Kind.ORGANISATIONS:
            return f'$."{field.name}"[*].id', field.parameter
    return f'$."{field.name}"[*]', None
