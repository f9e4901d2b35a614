"""By which names a filter can ask about resources: what each type has, and what it leads to. Pure."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from services.api import schema
from services.api.conditions import Leaf, Sort
from services.api.types import TYPES, ResourceType
from services.document_schema import DAY, Schema

# What is only made when a resource is said.
_MADE = frozenset({"path", "field_attachments.url"})
_FORMATS = {"date-time": Sort.MOMENT, "decimal": Sort.NUMBER, "uuid": Sort.UUID}
_TYPES = {"integer": Sort.NUMBER, "boolean": Sort.FLAG}


@lru_cache
def leaves(kind: ResourceType) -> Mapping[str, Leaf]:
    """Return what a filter can ask about of a type's own, by name: "title", "field_contacts.email"."""
    found = {"id": Leaf("id", (), Sort.UUID)}
    for attribute, shape in kind.attributes.items():
        for names, inside, sort in _within(shape):
            found[".".join((attribute, *names))] = Leaf(attribute, inside, sort)
    return {name: leaf for name, leaf in found.items() if not {name, leaf.attribute} & _MADE}


def _within(shape: Schema) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], Sort]]:
    """Yield what is in values of a shape: the names that lead there, and the same with "*" for items."""
    if shape is schema.RICH:
        yield (), ("value",), Sort.TEXT
        yield ("value",), ("value",), Sort.TEXT
    elif "anyOf" in shape:
        yield from _within(shape["anyOf"][0])
    elif "items" in shape:
        for names, inside, sort in _within(shape["items"]):
            yield names, ("*", *inside), sort
    elif "properties" in shape:
        for name, part in shape["properties"].items():
            for names, inside, sort in _within(part):
                yield (name, *names), (name, *inside), sort
    else:
        yield (), (), _sort(shape)


def _sort(shape: Schema) -> Sort:
    if shape.get("pattern") == DAY:
        return Sort.DAY
    kinds: Any = shape.get("type", "string")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    return _FORMATS.get(shape.get("format", ""), _TYPES.get(kind, Sort.TEXT))


def resolved(kind: ResourceType, path: str) -> tuple[tuple[str, ...], Leaf | None, ResourceType]:
    """Return a path's relationships, what it asks about of the last one, and that one's type.

    There is no leaf where the path ends with a relationship. Raises KeyError with the type at which
    the path goes astray.
    """
    rest, at, relationships = path, kind, []
    while rest not in leaves(at):
        name, _dot, further = rest.partition(".")
        if name not in at.relationships:
            raise KeyError(at.name)
        relationships.append(name)
        at, rest = TYPES[at.relationships[name]], further
        if not further:
            return tuple(relationships), None, at
    return tuple(relationships), leaves(at)[rest], at
