"""What an address filters by: Drupal's short and long form, and the list's own search and filters. Pure.

    filter[field_paid]=0
    filter[name][condition][path]=title ... [operator]=CONTAINS ... [value]=ura ... [memberOf]=either
    filter[either][group][conjunction]=OR
    filter[fulltext]=kieli, filter[need]=job_search

Whatever is not understood is refused by its name.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from services.api.conditions import AMONG, PRESENCE, WITHIN, Condition, Group, Operator, Value
from services.api.errors import BadParameter, unknown
from services.api.paths import leaves, resolved
from services.api.types import TYPES, ResourceType
from services.search.query import FILTERS, MAX_Q, chosen, typed

FULLTEXT = "fulltext"
MOST = 50  # conditions and groups
DEEPEST = 5  # groups within groups
MOST_VALUES = 100  # of a condition
LONGEST = MAX_Q  # letters of a value
_FARTHEST = 3  # relationships on the way
_ROOT = "@root"
_CONDITION, _GROUP = "condition", "group"
_PARTS = {_CONDITION: ("path", "operator", "value", "memberOf"), _GROUP: ("conjunction", "memberOf")}
# Values that a list's filter can take.
Known = Callable[[str], Iterable[str]]


@dataclass(frozen=True)
class Given:
    """A parameter as it stands in the address: its whole name, the keys in its brackets, its values."""

    parameter: str
    keys: Sequence[str]
    values: Sequence[str]


@dataclass(frozen=True)
class Filter:
    """What a list is filtered by; `q` and `selected` as the pages' list has them, None where not asked."""

    where: Group = field(default_factory=Group)
    q: str | None = None
    selected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def searches(self) -> bool:
        """Tell whether the list's own search or filters are asked."""
        return self.q is not None or bool(self.selected)


@dataclass
class _Item:
    """A named part of the filter, gathered from its parameters: what is said, and by which of them."""

    name: str
    kind: str = ""
    said: dict[str, str] = field(default_factory=dict)
    values: list[str] = field(default_factory=list)
    by: dict[str, str] = field(default_factory=dict)  # parameters by what they say
    long: str = ""  # a parameter in the long form, which does not take the name for the path

    def parameter(self, part: str) -> str:
        """Return the parameter that says a part; the first one where none does."""
        return self.by.get(part) or next(iter(self.by.values()))

    @property
    def path(self) -> str:
        """Return by what it filters."""
        return self.said.get("path", self.name)

    @property
    def above(self) -> str:
        """Return the group in which it stands."""
        return self.said.get("memberOf", _ROOT)


def read(given: Iterable[Given], kind: ResourceType, known: Known) -> Filter:
    """Return what is asked for of resources of a type; raises BadParameter with what is wrong and where.

    `known` tells which values each of the list's filters can take.
    """
    items = _gathered(given)
    if len(items) > MOST:
        words = _("Ask for at most %(most)s conditions and groups.")
        raise BadParameter("filter", words % {"most": MOST})
    searched = [one for one in items if _is_searched(one, kind)]
    q, selected = _searched(searched, known)
    members: dict[str, list[_Item]] = {}
    for one in items:
        if one not in searched:
            members.setdefault(one.above, []).append(one)
    _check_groups(items)
    return Filter(_group(_ROOT, members, kind, all_of=True), q, selected)


def _gathered(given: Iterable[Given]) -> list[_Item]:
    items: dict[str, _Item] = {}
    for one in given:
        if not one.keys or one.keys[0] in ("", _ROOT):
            raise BadParameter(one.parameter, _("Name what to filter by: filter[name]=value."))
        item = items.setdefault(one.keys[0], _Item(one.keys[0]))
        _gather(item, one)
    return list(items.values())


def _gather(item: _Item, given: Given) -> None:
    """Add to an item what one of its parameters says."""
    keys = list(given.keys[1:]) or ["value"]
    long = keys[0] in _PARTS
    kind = keys.pop(0) if long else _CONDITION
    listed = len(keys) == 2 and keys[0] == "value" and (keys[1] == "" or keys[1].isdecimal())
    if not (len(keys) == 1 or listed) or keys[0] not in _PARTS[kind]:
        raise BadParameter(given.parameter, _("This parameter is not known here."))
    if item.kind not in ("", kind):
        words = _("%(name)s is a condition or a group, not both.")
        raise BadParameter(given.parameter, words % {"name": item.name})
    part = keys[0]
    if (len(given.values) > 1 and keys[-1] != "") or (part in item.by and not listed):
        raise BadParameter(given.parameter, _("This parameter is given more than once."))
    if any(len(value) > LONGEST for value in given.values):
        raise BadParameter(given.parameter, _("Too long: at most %(most)s letters.") % {"most": LONGEST})
    item.kind = kind
    item.by.setdefault(part, given.parameter)
    if part == "value":
        item.values += given.values
    else:
        item.said[part] = given.values[0]
    if long:
        item.long = given.parameter


def _is_searched(item: _Item, kind: ResourceType) -> bool:
    """Tell whether an item asks the list's search or one of its filters: services have them alone."""
    return item.kind == _CONDITION and kind.searched and item.path in (FULLTEXT, *FILTERS)


def _searched(items: Iterable[_Item], known: Known) -> tuple[str | None, dict[str, tuple[str, ...]]]:
    q: str | None = None
    selected: dict[str, tuple[str, ...]] = {}
    for one in items:
        asked = _operator(one)
        if one.above != _ROOT:
            words = _("The search and the list's own filters stand outside of groups.")
            raise BadParameter(one.parameter("memberOf"), words)
        if one.path == FULLTEXT:
            if asked is not Operator.EQUAL or len(one.values) != 1 or q is not None:
                words = _("Give the words to search for once: filter[fulltext]=words.")
                raise BadParameter(one.parameter("operator"), words)
            q = typed(one.values[0])
            continue
        if asked not in (Operator.EQUAL, Operator.IN):
            raise BadParameter(one.parameter("operator"), unknown(asked, (Operator.EQUAL, Operator.IN)))
        possible = list(known(one.path))
        good, bad = chosen(one.values, possible)
        if bad or not good:
            raise BadParameter(one.parameter("value"), unknown(bad[0] if bad else "", possible))
        selected[one.path] = tuple(dict.fromkeys((*selected.get(one.path, ()), *good)))
    return q, selected


def _check_groups(items: Sequence[_Item]) -> None:
    """Refuse groups that aren't there, go round in a circle or lie too deep."""
    groups = {one.name: one for one in items if one.kind == _GROUP}
    for item in items:
        at, deep = item, int(item.kind == _GROUP)
        while at.above != _ROOT:
            if at.above not in groups:
                words = _("There is no group %(name)s.")
                raise BadParameter(at.parameter("memberOf"), words % {"name": at.above})
            at, deep = groups[at.above], deep + 1
            if deep > DEEPEST:
                words = _("Groups lie at most %(most)s within each other, and never in a circle.")
                raise BadParameter(item.parameter("memberOf"), words % {"most": DEEPEST})


def _group(name: str, members: Mapping[str, Sequence[_Item]], kind: ResourceType, *, all_of: bool) -> Group:
    return Group(tuple(_member(one, members, kind) for one in members.get(name, ())), all_of)


def _member(item: _Item, members: Mapping[str, Sequence[_Item]], kind: ResourceType) -> Condition | Group:
    if item.kind == _CONDITION:
        return _condition(item, kind)
    conjunction = item.said.get("conjunction", "")
    if conjunction not in ("AND", "OR"):
        raise BadParameter(item.parameter("conjunction"), unknown(conjunction, ("AND", "OR")))
    if not members.get(item.name):
        raise BadParameter(item.parameter("conjunction"), _("This group has no conditions."))
    return _group(item.name, members, kind, all_of=conjunction == "AND")


def _operator(item: _Item) -> Operator:
    said = item.said.get("operator", "=")
    if said not in set(Operator):
        raise BadParameter(item.parameter("operator"), unknown(said, Operator))
    return Operator(said)


def _condition(item: _Item, kind: ResourceType) -> Condition:
    if item.long and "path" not in item.said:
        raise BadParameter(item.long, _("Say by which path to filter as well."))
    asked, by = _operator(item), item.parameter("path")
    try:
        relationships, leaf, at = resolved(kind, item.path)
    except KeyError as error:
        raise BadParameter(by, unknown(item.path, names(TYPES[error.args[0]]))) from None
    if len(relationships) > _FARTHEST:
        words = _("%(path)s is too long: at most %(most)s relationships one after another.")
        raise BadParameter(by, words % {"path": item.path, "most": _FARTHEST})
    if leaf is None and asked not in PRESENCE:
        words = _("%(path)s leads to other resources. Say which part of them, such as %(path)s.%(part)s.")
        raise BadParameter(by, words % {"path": item.path, "part": [*leaves(at)][1]})
    if leaf and asked not in leaf.sort.operators:
        raise BadParameter(item.parameter("operator"), unknown(asked, sorted(leaf.sort.operators)))
    return Condition(relationships, leaf, asked, _values(item, asked, leaf.sort.read if leaf else str))


def names(kind: ResourceType) -> list[str]:
    """Return by what resources of a type can be filtered."""
    return [*leaves(kind), *kind.relationships]


def _values(item: _Item, asked: Operator, as_value: Callable[[str], Value]) -> tuple[Value, ...]:
    by = item.parameter("value")
    if asked in PRESENCE:
        if "value" in item.by:
            raise BadParameter(by, _("%(operator)s takes no value. Leave it out.") % {"operator": asked})
        return ()
    least, most = (1, MOST_VALUES) if asked in AMONG else (2, 2) if asked in WITHIN else (1, 1)
    if not least <= len(item.values) <= most:
        words = _("%(operator)s takes %(least)s to %(most)s values; here are %(count)s.")
        if least == most:
            words = _("The number of values that %(operator)s takes is %(least)s; here are %(count)s.")
        told = {"operator": asked, "least": least, "most": most, "count": len(item.values)}
        raise BadParameter(by, words % told)
    found = []
    for value in item.values:
        try:
            found.append(as_value(value))
        except (ValueError, OverflowError):
            words = _("“%(value)s” is no value of %(path)s.")
            raise BadParameter(by, words % {"value": value, "path": item.path}) from None
    return tuple(found)
