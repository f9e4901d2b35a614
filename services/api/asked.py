"""What a request asks for: pages, order, sparse fields and what is to come along.

A parameter that means nothing is refused, never passed over in silence.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _

from services.api import drafts, filters
from services.api.errors import BadParameter, unknown
from services.api.filters import Filter, Given, Known
from services.api.types import TYPES, ResourceType

MOST = 50  # resources on a page; larger wishes are met with so many, as Drupal does
DEEPEST = 3  # relationships one after another in `include`
_MOST_INCLUDED = 20  # paths in `include`
_MOST_SORTS = 5
_FURTHEST = 1_000_000
_DIGITS = re.compile(r"[0-9]{1,9}")
_BRACKETS = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True)
class Order:
    """An attribute by which a list is ordered."""

    attribute: str
    descending: bool = False


@dataclass(frozen=True)
class Asked:
    """A request's parameters, understood.

    `fields` holds the names that are wanted of a type, where some are; `include` paths of relationships.
    """

    offset: int = 0
    limit: int = MOST
    sort: tuple[Order, ...] = ()
    fields: Mapping[str, frozenset[str]] = field(default_factory=dict)
    include: tuple[tuple[str, ...], ...] = ()
    filter: Filter = field(default_factory=Filter)
    version: str = ""


def read(
    query: QueryDict,
    kind: ResourceType,
    known: Known,
    *,
    shown: ResourceType | None = None,
    single: bool = False,
) -> Asked:
    """Return what is asked for of resources of a type; raises BadParameter with what is wrong and where.

    A single resource has no pages, no order and no filters. `known` tells the values of the list's filters.
    `shown` is the type with all that the reader may see, where that is more than others see.
    """
    fields: dict[str, frozenset[str]] = {}
    include: tuple[tuple[str, ...], ...] = ()
    sort: dict[str, dict[str, tuple[str, str]]] = {}
    short: tuple[Order, ...] = ()
    version = ""
    types = {**TYPES, shown.name: shown} if shown else TYPES
    page = {"offset": 0, "limit": MOST}
    filtered: list[Given] = []
    for parameter, values in query.lists():
        value = str(values[-1])
        name, *keys = _parts(parameter)
        if name == "filter" and keys and not single:
            filtered.append(Given(parameter, keys, [str(one) for one in values]))
            continue
        if len(values) > 1:
            raise BadParameter(parameter, _("This parameter is given more than once."))
        match name, keys:
            case "fields", [of]:
                fields[of] = _fields(parameter, types.get(of), of, value)
            case "include", []:
                include = _included(parameter, shown or kind, value)
            case drafts.PARAMETER, [] if single and kind.searched:
                drafts.check(value)
                version = value
            case "page", ["offset" | "limit" as what] if not single:
                page[what] = _number(parameter, value, least=int(what == "limit"))
            case "sort", [] if not single:
                short = _sorted(parameter, kind, value)
            case "sort", [number, "path" | "direction" as what] if not single:
                sort.setdefault(number, {})[what] = (parameter, value)
            case _:
                raise BadParameter(parameter, _("This parameter is not known here."))
    orders = short + tuple(_long(number, kind, said) for number, said in sort.items())
    if len(orders) > _MOST_SORTS:
        raise BadParameter("sort", _("Order by at most %(most)s attributes.") % {"most": _MOST_SORTS})
    where = filters.read(filtered, kind, known)
    return Asked(page["offset"], min(page["limit"], MOST), orders, fields, include, where, version)


def _parts(parameter: str) -> list[str]:
    """Return a parameter's name and the keys in its brackets; the whole as a name where it is otherwise."""
    name = parameter.partition("[")[0]
    keys = _BRACKETS.findall(parameter)
    return [name, *keys] if parameter == name + "".join(f"[{key}]" for key in keys) else [parameter]


def _names(value: str) -> list[str]:
    return [name for part in value.split(",") if (name := part.strip())]


def _fields(parameter: str, kind: ResourceType | None, of: str, value: str) -> frozenset[str]:
    if kind is None:
        raise BadParameter(parameter, _("There are no resources of the type %(type)s.") % {"type": of})
    wanted = frozenset(_names(value))
    if missing := sorted(wanted - kind.fields):
        raise BadParameter(parameter, unknown(missing[0], sorted(kind.fields)))
    return wanted


def _included(parameter: str, kind: ResourceType, value: str) -> tuple[tuple[str, ...], ...]:
    paths = [tuple(path.split(".")) for path in _names(value)]
    if len(paths) > _MOST_INCLUDED:
        raise BadParameter(parameter, _("Include at most %(most)s paths.") % {"most": _MOST_INCLUDED})
    for path in paths:
        if len(path) > DEEPEST:
            words = _("%(path)s is too long: at most %(most)s relationships one after another.")
            raise BadParameter(parameter, words % {"path": ".".join(path), "most": DEEPEST})
        at = kind
        for name in path:
            if name not in at.relationships:
                raise BadParameter(parameter, unknown(name, at.relationships))
            at = TYPES[at.relationships[name]]
    return tuple(dict.fromkeys(paths))


def _number(parameter: str, value: str, *, least: int) -> int:
    number = int(value) if _DIGITS.fullmatch(value) else -1
    if not least <= number <= _FURTHEST:
        words = _("Give a whole number from %(least)s to %(most)s, in digits.")
        raise BadParameter(parameter, words % {"least": least, "most": _FURTHEST})
    return number


def _sorted(parameter: str, kind: ResourceType, value: str) -> tuple[Order, ...]:
    return tuple(_order(parameter, kind, name.removeprefix("-"), name[:1] == "-") for name in _names(value))


def _order(parameter: str, kind: ResourceType, name: str, descending: bool) -> Order:
    if name not in kind.sorts:
        raise BadParameter(parameter, unknown(name, kind.sorts))
    return Order(name, descending)


def _long(number: str, kind: ResourceType, said: Mapping[str, tuple[str, str]]) -> Order:
    if "path" not in said:
        raise BadParameter(f"sort[{number}][direction]", _("Say by which path to order as well."))
    parameter, name = said["path"]
    direction_of, direction = said.get("direction", ("", "ASC"))
    if direction not in ("ASC", "DESC"):
        raise BadParameter(direction_of, unknown(direction, ("ASC", "DESC")))
    return _order(parameter, kind, name, direction == "DESC")
