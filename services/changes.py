"""Changes: what differs between two documents, applied to one, merged from two hands.

A change is a path with a value; its list of items is a value, too: adding an item names it in the
list and gives its parts, removing one leaves it out. Everything that alters a working copy, shows
what was altered or puts two people's work together speaks of changes. Pure: no database here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator

from services.schema_words import words_for
from services.shape import Items, NoSuchPath, Path, Shape, Value, Values, at, document_of, values_of

Changes = dict[Path, Any]
_ABSENT = ""  # an empty text is not there


@dataclass(frozen=True)
class Problem:
    """What is wrong with a change, and at which path."""

    path: Path
    message: str


class BadChanges(ValueError):
    """Changes that can't be applied; nothing of them was."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{'.'.join(p.path)}: {p.message}" for p in problems))


def diff(old: Any, new: Any, shape: Shape) -> Changes:
    """Return the changes that make `new` of `old`, so that applying them to `old` gives `new`."""
    before, after = values_of(old, shape), values_of(new, shape)
    changed = {path: value for path, value in after.items() if path not in before or before[path] != value}
    gone = {path: _ABSENT for path in before if path not in after and _is_sparse(path, shape)}
    kept = {path: value for path, value in gone.items() if _is_listed(path, after, shape)}
    return changed | kept


def _is_sparse(path: Path, shape: Shape) -> bool:
    found = at(shape, path)
    return isinstance(found, Value) and found.sparse


def _is_listed(path: Path, values: Mapping[Path, Any], shape: Shape) -> bool:
    """Tell whether every item that the path leads through is in its list."""
    for length in range(1, len(path)):
        above = path[:length]
        if above in values and isinstance(values[above], list) and path[length] not in values[above]:
            return not isinstance(at(shape, above), Items)
    return True


def apply(document: Any, changes: Mapping[Path, Any], shape: Shape) -> Any:
    """Return the document with the changes made; raises BadChanges with the place of each error.

    Unknown paths, values of another kind and items without all their parts are errors, never
    dropped. An item keeps its identity; two items of one list never share one.
    """
    if wrong := problems(changes, shape):
        raise BadChanges(wrong)
    values = values_of(document, shape) | dict(changes)
    strays = [path for path in changes if not _is_listed(path, values, shape)]
    if strays:
        raise BadChanges([Problem(path, _("There is no such item in the list.")) for path in strays])
    try:
        return document_of({p: v for p, v in values.items() if _is_listed(p, values, shape)}, shape)
    except NoSuchPath as missing:
        raise BadChanges([Problem(missing.args[0], _("This is missing."))]) from missing


def problems(changes: Mapping[Path, Any], shape: Shape) -> list[Problem]:
    """Return what is wrong with each change by itself: paths that lead nowhere, values of another kind."""
    return [
        problem
        for path, value in changes.items()
        for problem in ([] if _clears(path, value, shape) else _problems(path, value, shape))
    ]


def _clears(path: Path, value: Any, shape: Shape) -> bool:
    """Tell whether a change takes a text away, as anyone may whatever its own schema asks."""
    try:
        return bool(value == _ABSENT and isinstance(value, str) and _is_sparse(path, shape))
    except NoSuchPath:
        return False


def _problems(path: Path, value: Any, shape: Shape) -> list[Problem]:
    try:
        found = at(shape, path)
    except NoSuchPath:
        return [Problem(path, _("There is no such field."))]
    if isinstance(found, Items):
        named = isinstance(value, list) and all(isinstance(name, str) and name for name in value)
        if not named or len(set(value)) < len(value):
            return [Problem(path, _("A list names each of its items once."))]
        return []
    return [
        Problem(path, words_for(error)) for error in Draft202012Validator(found.schema).iter_errors(value)
    ]


@dataclass(frozen=True)
class Conflict:
    """Two people changed the same value in different ways."""

    path: Path
    base: Any
    mine: Any
    theirs: Any


@dataclass(frozen=True)
class Merged:
    """What two made of one document: the changes to what stands now, and what must be asked about."""

    changes: Changes
    conflicts: tuple[Conflict, ...]


def merge(base: Any, mine: Mapping[Path, Any], theirs: Any, shape: Shape) -> Merged:
    """Carry changes made to `base` over to `theirs`, what others made of it meanwhile.

    What only one of the two changed is carried; items added or removed by either are. Where both
    changed one value differently, or one changed an item that the other removed, it is a conflict
    and not in the changes.
    """
    before, now = values_of(base, shape), values_of(theirs, shape)
    changes: Changes = {}
    conflicts = []
    # Lists come first, the outer before the inner: they say which items there are.
    for path, value in sorted(mine.items(), key=lambda pair: _rank(pair[0], shape)):
        was, stands = before.get(path, _ABSENT), now.get(path, _ABSENT)
        if value in (was, stands) and path in {**before, **now}:
            continue
        if not _is_listed(path, now | changes, shape):  # the others have removed the item
            conflicts.append(Conflict(path, was, value, None))
        elif isinstance(at(shape, path), Items):
            old = before.get(path, [])
            wanted = [name for name in old if name not in value and _differs(before, now, (*path, name))]
            conflicts += [Conflict((*path, name), name, None, name) for name in wanted]
            merged = _merged_list(old, value, now.get(path, []), keep=wanted)
            if merged != stands:
                changes[path] = merged
        elif stands == was:
            changes[path] = value
        else:
            conflicts.append(Conflict(path, was, value, stands))
    return Merged(changes, tuple(conflicts))


def _rank(path: Path, shape: Shape) -> tuple[bool, int]:
    return not isinstance(at(shape, path), Items), len(path)


def _differs(before: Values, now: Values, above: Path) -> bool:
    """Tell whether anything under a path that is still there was changed."""
    size = len(above)
    return any(
        path[:size] == above and before.get(path, _ABSENT) != value for path, value in now.items()
    ) or any(path[:size] == above and path not in now for path in before if _below_is_there(now, above))


def _below_is_there(now: Values, above: Path) -> bool:
    return above[-1] in now.get(above[:-1], ())


def _merged_list(
    base: Iterable[str], mine: Iterable[str], theirs: Iterable[str], *, keep: Iterable[str] = ()
) -> list[str]:
    """Return their list with my additions at the end and without what I removed, but for `keep`.

    Where the others left the list alone, mine holds as it is, in its order.
    """
    old, own, other, kept = list(base), list(mine), list(theirs), set(keep)
    if other == old and not kept:
        return own
    removed = set(old) - set(own) - kept
    return [name for name in other if name not in removed] + [
        name for name in own if name not in old and name not in other
    ]
