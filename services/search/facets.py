"""Facets: what each filter's values are over services, kept as arrays. Pure.

Many services have the very same values of a filter, as all municipalities, so each different set of
values is kept once, and a service has the number of its set.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from services.search.query import FILTERS

Chosen = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Column:
    """One filter: the different sets of its values, and which of them each service has."""

    parameter: str
    sets: Mapping[frozenset[str], int]
    set_of: NDArray[np.int32]

    @cached_property
    def _flat(self) -> tuple[list[str], NDArray[np.int64], NDArray[np.int64]]:
        """Return the values, and the values of all sets one after another with how many each set has."""
        values = sorted({value for one in self.sets for value in one})
        place = {value: number for number, value in enumerate(values)}
        flat = np.array([place[value] for one in self.sets for value in one], np.int64)
        return values, flat, np.array([len(one) for one in self.sets], np.int64)

    def counts(self, hits: NDArray[np.int64]) -> dict[str, int]:
        """Return how many of the services `hits` have each value; values that none has are left out."""
        values, flat, lengths = self._flat
        by_set = np.bincount(self.set_of[hits], minlength=len(lengths))
        found = np.bincount(flat, weights=np.repeat(by_set, lengths), minlength=len(values))
        return {values[place]: int(found[place]) for place in np.flatnonzero(found)}

    def having(self, hits: NDArray[np.int64], values: Iterable[str]) -> NDArray[np.bool_]:
        """Tell of each of the services `hits` whether it has one of the values."""
        all_values, flat, lengths = self._flat
        wanted = np.isin(all_values, list(values))
        good = np.zeros(len(lengths), np.bool_)
        good[np.repeat(np.arange(len(lengths)), lengths)[wanted[flat]]] = True
        return good[self.set_of[hits]] if len(hits) else np.empty(0, np.bool_)

    def sizes(self, hits: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return how many values each of the services `hits` has."""
        _values, _flat, lengths = self._flat
        return lengths.astype(np.float32)[self.set_of[hits]]

    def few(self, hits: NDArray[np.int64], most: int) -> NDArray[np.bool_]:
        """Tell of each of the services `hits` whether it has at most so many values."""
        _values, _flat, lengths = self._flat
        return (lengths <= most)[self.set_of[hits]] if len(hits) else np.empty(0, np.bool_)

    def with_more(self, keys: Iterable[Sequence[str]]) -> "Column":
        """Return the column with the values of more services after the others."""
        sets = dict(self.sets)
        mine = [sets.setdefault(values, len(sets)) for values in map(self._own, keys)]
        return Column(self.parameter, sets, np.concatenate((self.set_of, np.array(mine, np.int32))))

    def _own(self, keys: Sequence[str]) -> frozenset[str]:
        start = f"{self.parameter}:"
        return frozenset(key[len(start) :] for key in keys if key.startswith(start))


def columns(keys: Sequence[Sequence[str]]) -> dict[str, Column]:
    """Return the columns of services that have `keys`, each "parameter:value"."""
    sets: dict[str, dict[frozenset[str], int]] = {parameter: {} for parameter in FILTERS}
    set_of: dict[str, list[int]] = {parameter: [] for parameter in FILTERS}
    seen: dict[tuple[str, ...], list[int]] = {}
    for ones in keys:
        whole = tuple(ones)
        if whole not in seen:
            by_filter: dict[str, list[str]] = {parameter: [] for parameter in FILTERS}
            for key in whole:
                parameter, _colon, value = key.partition(":")
                by_filter[parameter].append(value)
            seen[whole] = [
                sets[parameter].setdefault(frozenset(values), len(sets[parameter]))
                for parameter, values in by_filter.items()
            ]
        for parameter, number in zip(FILTERS, seen[whole], strict=True):
            set_of[parameter].append(number)
    return {
        parameter: Column(parameter, sets[parameter], np.array(set_of[parameter], np.int32))
        for parameter in FILTERS
    }


def narrow(
    facets: Mapping[str, Column], matched: NDArray[np.int64], chosen: Chosen
) -> tuple[NDArray[np.int64], dict[str, int]]:
    """Return which of the services `matched` have what is chosen, and for each key how many would.

    A service counts for a key when every filter matches, or every filter but the key's own: so the
    counts of a filter don't depend on what is chosen in it. Several values of a filter widen it.
    """
    masks = {parameter: facets[parameter].having(matched, values) for parameter, values in chosen.items()}
    hits = _all_of(matched, masks.values())
    counts: dict[str, int] = {}
    for parameter, column in facets.items():
        others = (mask for name, mask in masks.items() if name != parameter)
        counted = _all_of(matched, others) if parameter in masks else hits
        counts |= {f"{parameter}:{value}": count for value, count in column.counts(counted).items()}
    return hits, counts


def _all_of(matched: NDArray[np.int64], masks: Iterable[NDArray[np.bool_]]) -> NDArray[np.int64]:
    together = list(chain(masks))
    return matched[np.logical_and.reduce(together)] if together else matched
