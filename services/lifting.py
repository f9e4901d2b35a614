"""Documents of earlier shapes, read as if they were written today.

A service's document lies in many rows and files that are never rewritten: versions, the history of a
working copy, exchange files. Each says the number of the shape that it was written in. Reading it takes
the lifts from that number to VERSION, then fills in what the table of fields has besides and leaves out
what it has no more. So a field that is new or gone needs no lift, one that was renamed, moved or changed
its kind does. Pure: no database here. How to change the shape: docs/changing-what-is-kept.md
"""

from collections.abc import Callable, Mapping
from typing import Any

from services import documents
from services.documents import SHAPE
from services.fields import Audience
from services.shape import ByName, Items, OptionalParts, Parts, Shape, Value

# Raised by one whenever a field, or a part of a list's items, is added, removed or renamed.
VERSION = 1

Sections = dict[str, Any]  # a document, or those sections of it that were read
Lift = Callable[[Sections], Sections]

# By the number of the shape that a lift makes the next of; most numbers need none.
LIFTS: Mapping[int, Lift] = {}


def current() -> int:
    """Return the number of the shape that documents are written in today."""
    return VERSION


class FromTheFuture(Exception):
    """What was read was written by a later version of the manual than this one."""

    def __init__(self, version: int) -> None:
        super().__init__(f"Shape {version} is of a later version of the manual; this one knows {VERSION}.")


def changes(version: int) -> bool:
    """Tell whether a lift lies between a shape and that of now: without, values stand at the same paths."""
    return any(number in LIFTS for number in range(version, VERSION))


def lifted(sections: Mapping[str, Any], version: int) -> Sections:
    """Return the sections that were read, written in a shape of that number, in the shape of now.

    Raises FromTheFuture where the number is higher than VERSION.
    """
    if version > VERSION:
        raise FromTheFuture(version)
    current = dict(sections)
    for number in range(version, VERSION):
        if lift := LIFTS.get(number):
            current = lift(current)
    assert isinstance(SHAPE, Parts)
    empty = documents.empty()
    return {
        audience.value: _section(current[audience.value], SHAPE.parts[audience.value], empty[audience.value])
        for audience in Audience
        if audience.value in current
    }


def _section(section: Mapping[str, Any], shape: Shape, empty: Mapping[str, Any]) -> Any:
    assert isinstance(shape, Parts)
    return {
        name: fitted(section[name], part) if name in section else empty[name]
        for name, part in shape.parts.items()
    }


def fitted(value: Any, shape: Shape) -> Any:
    """Return what was read with the parts that its shape has: no others, and none of them missing."""
    match shape:
        case Value():
            return value
        case Parts(parts):
            return {
                name: fitted(value[name], part) if name in value else blank(part)
                for name, part in parts.items()
            }
        case OptionalParts(parts):
            return {name: fitted(one, parts[name]) for name, one in value.items() if name in parts}
        case ByName(names, each):
            return {name: fitted(one, each) for name, one in value.items() if names.fullmatch(name)}
        case Items(key, each):
            # In a file an item may be without its identity.
            return [({key: item[key]} if key in item else {}) | dict(fitted(item, each)) for item in value]


def blank(shape: Shape) -> Any:
    """Return what stands for a part that nothing was said of."""
    match shape:
        case Parts(parts):
            return {name: blank(part) for name, part in parts.items()}
        case OptionalParts() | ByName():
            return {}
        case Items():
            return []
        case Value(schema):
            return _blank_of(schema)


def _blank_of(schema: Mapping[str, Any]) -> Any:
    kinds = schema.get("type", [])
    if "anyOf" in schema or "null" in kinds:
        return None
    if "enum" in schema:
        return schema["enum"][0]
    return {"string": "", "array": [], "object": {}, "boolean": False, "integer": schema.get("minimum", 0)}[
        kinds
    ]
