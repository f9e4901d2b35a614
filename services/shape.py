"""The shape of a document, read off its JSON Schema, and every value of a document by its path.

A path names one value: ("public", "price"), ("public", "texts", "sv", "summary"), ("public",
"attachments", "3f…", "title", "fi"). Lists whose items have an identity are taken apart: the list's
own path holds the identities in order, the items' values stand at paths of their own. Every other
list is one value. What is new in the schema needs nothing here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Path = tuple[str, ...]
Values = dict[Path, Any]
Schema = Mapping[str, Any]
# What tells the items of a list apart, where the items have it; in this order.
_IDENTITIES = ("id", "municipality", "language")


@dataclass(frozen=True)
class Value:
    """One value, changed as a whole. `sparse`: where it is empty it is not there at all."""

    schema: Schema
    sparse: bool = False


@dataclass(frozen=True)
class Parts:
    """A fixed set of parts, each of which is always there."""

    parts: Mapping[str, "Shape"]


@dataclass(frozen=True)
class OptionalParts:
    """Named parts of which only those with something in them are there."""

    parts: Mapping[str, "Shape"]


@dataclass(frozen=True)
class ByName:
    """Parts alike, under any name of a pattern, of which only those with something in them are there."""

    names: re.Pattern[str]
    each: "Shape"


@dataclass(frozen=True)
class Items:
    """A list whose items are told apart by `key`, a text that never changes."""

    key: str
    each: Parts
    schema: Schema


Shape = Value | Parts | OptionalParts | ByName | Items


class NoSuchPath(KeyError):
    """The path leads to nothing that a document can hold."""


def shape_of(schema: Schema, *, sparse: bool = False) -> Shape:
    """Return the shape of what a schema describes."""
    if schema.get("type") == "object":
        return _of_object(schema)
    if schema.get("type") == "array" and (key := _identity(schema["items"])):
        item = shape_of(schema["items"])
        assert isinstance(item, Parts)
        others = {name: part for name, part in item.parts.items() if name != key}
        return Items(key, Parts(others), schema)
    return Value(schema, sparse)


def _of_object(schema: Schema) -> Shape:
    if "propertyNames" in schema:  # by language
        pattern = re.compile(schema["propertyNames"]["pattern"])
        return ByName(pattern, shape_of(schema["additionalProperties"], sparse=True))
    properties = schema.get("properties", {})
    if "required" in schema:
        return Parts({name: shape_of(part) for name, part in properties.items()})
    return OptionalParts({name: shape_of(part, sparse=True) for name, part in properties.items()})


def _identity(schema: Schema) -> str | None:
    if "required" not in schema:
        return None
    return next((key for key in _IDENTITIES if key in schema["properties"]), None)


def at(shape: Shape, path: Path) -> Value | Items:
    """Return the shape of what stands at a path; raises NoSuchPath where nothing can."""
    for step in path:
        shape = below(shape, step, path)
    if not isinstance(shape, Value | Items):
        raise NoSuchPath(path)
    return shape


def below(shape: Shape, step: str, path: Path) -> Shape:
    """Return the shape one step further; raises NoSuchPath with the whole path where there is none."""
    match shape:
        case Parts(parts) | OptionalParts(parts) if step in parts:
            return parts[step]
        case ByName(names, each) if names.fullmatch(step):
            return each
        case Items(_, each):
            return each
    raise NoSuchPath(path)


def values_of(document: Any, shape: Shape, path: Path = ()) -> Values:
    """Return every value of a document by its path."""
    return dict(_values(document, shape, path))


def _values(document: Any, shape: Shape, path: Path) -> Iterator[tuple[Path, Any]]:
    match shape:
        case Value():
            yield path, document
        case Items(key, each):
            yield path, [item[key] for item in document]
            for item in document:
                yield from _values(item, each, (*path, item[key]))
        case Parts(parts):
            for name, part in parts.items():
                yield from _values(document[name], part, (*path, name))
        case OptionalParts() | ByName():
            for name in sorted(document):
                yield from _values(document[name], below(shape, name, (*path, name)), (*path, name))


def document_of(values: Values, shape: Shape) -> Any:
    """Return the document with these values; the inverse of `values_of`.

    Values of items that no list names are left out. Raises NoSuchPath with the path of a value
    that is missing: an item that was added without all its parts.
    """
    tree: dict[str, Any] = {}
    for path, value in values.items():
        here = tree
        for step in path:
            here = here.setdefault(step, {})
        here[_HERE] = value
    return _built(tree, shape, ())


_HERE = ""  # no step of a path is empty


def _built(tree: Mapping[str, Any], shape: Shape, path: Path) -> Any:
    match shape:
        case Value():
            if _HERE not in tree:
                raise NoSuchPath(path)
            return tree[_HERE]
        case Items(key, each):
            if _HERE not in tree:
                raise NoSuchPath(path)
            return [{key: name} | _built(tree.get(name, {}), each, (*path, name)) for name in tree[_HERE]]
        case Parts(parts):
            return {name: _built(tree.get(name, {}), part, (*path, name)) for name, part in parts.items()}
        case OptionalParts() | ByName():
            names = (name for name in sorted(tree) if name != _HERE)
            built = {name: _built(tree[name], below(shape, name, path), (*path, name)) for name in names}
            return {name: value for name, value in built.items() if value not in ("", {}, [])}
