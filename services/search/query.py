"""The state of the service list, all of it in the address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.http import QueryDict

from services import fields

_IN_ORDER = (
    *("municipality", "how", "life_situation", "need", "category", "language"),
    *("price", "age", "accessibility", "audience", "organisation"),
)
# The filters in the order in which they are shown; others that the table of fields has come last.
FILTERS = (*_IN_ORDER, *(one for one in fields.PARAMETERS if one not in _IN_ORDER))
# What the address of a list can say.
PARAMETERS = ("q", *FILTERS, "sort", "page")
SORTS = ("relevance", "soonest", "updated", "name")
DEFAULT_SORT = "relevance"
# Longer searches than this are cut: no one types them, and each word costs.
MAX_Q = 200


@dataclass(frozen=True)
class Ignored:
    """A part of the address that means nothing here; the reader is told."""

    parameter: str
    value: str


def chosen(values: Iterable[str], known: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return which of an address's values for a filter are known, each once, and which are not."""
    given, possible = dict.fromkeys(value for value in values if value), frozenset(known)
    good = tuple(value for value in given if value in possible)
    return good, tuple(value for value in given if value not in possible)


def typed(words: str) -> str:
    """Return what was typed into the search, without needless spaces."""
    return " ".join(words.replace("\x00", " ").split())[:MAX_Q]


@dataclass(frozen=True)
class ListQuery:
    """What a reader asks of the list. `selected` holds the filters in use with their values."""

    q: str = ""
    selected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = DEFAULT_SORT
    page: int = 1

    def only(self, parameter: str) -> str:
        """Return the one value of a filter that was chosen; empty for none or several."""
        chosen = self.selected.get(parameter, ())
        return chosen[0] if len(chosen) == 1 else ""

    @classmethod
    def read(cls, params: QueryDict, known: Mapping[str, Iterable[str]]) -> tuple["ListQuery", list[Ignored]]:
        """Read an address; `known` has the values that each filter can take.

        Unknown values are left out and returned, never an error (issue: "ignored with a notice").
        """
        ignored: list[Ignored] = []
        selected: dict[str, tuple[str, ...]] = {}
        for parameter in FILTERS:
            good, unknown = chosen(params.getlist(parameter), known[parameter])
            ignored += [Ignored(parameter, value) for value in unknown]
            if good:
                selected[parameter] = good
        sort = params.get("sort") or DEFAULT_SORT
        if sort not in SORTS:
            ignored.append(Ignored("sort", sort))
            sort = DEFAULT_SORT
        page = params.get("page") or "1"
        if not (page.isascii() and page.isdigit() and len(page) < 8 and 1 <= int(page) <= 1_000_000):
            ignored.append(Ignored("page", page))
            page = "1"
        return cls(typed(params.get("q", "")), selected, sort, int(page)), ignored

    def without(self, parameter: str, key: str) -> "ListQuery":
        """Return the same list without one filter value, from its first page."""
        rest = tuple(value for value in self.selected.get(parameter, ()) if value != key)
        selected = {name: values for name, values in self.selected.items() if name != parameter}
        if rest:
            selected[parameter] = rest
        return replace(self, selected=selected, page=1)

    def with_value(self, parameter: str, key: str) -> "ListQuery":
        """Return the same list with one filter value more, from its first page."""
        values = tuple(dict.fromkeys((*self.selected.get(parameter, ()), key)))
        return replace(self, selected=dict(self.selected) | {parameter: values}, page=1)

    def with_page(self, page: int) -> "ListQuery":
        """Return another page of the same list."""
        return replace(self, page=page)

    def urlencode(self) -> str:
        """Return the address's query part: always in one order, without what is the default."""
        pairs = [("q", self.q)] if self.q else []
        pairs += [(name, value) for name in FILTERS for value in self.selected.get(name, ())]
        if self.sort != DEFAULT_SORT:
            pairs.append(("sort", self.sort))
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return urlencode(pairs)
