"""Postings: in which services of one language each token stands, held as arrays in the process.

An index is a value: it is made of records and never changes; `with_changes` makes another that shares
what is the same. Services are numbered from 0 here; a number that was replaced is not alive any more.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from services.search.facets import Column, columns
from services.search.spelling import Spelling
from services.texts.tokens import NAME, is_word

Numbers = NDArray[np.int64]
Impacts = NDArray[np.float32]
_NEVER = np.iinfo(np.int32).max  # a day that does not come
_FULL = np.float32(255)
_APART = 1024  # room between two names for those that come later
MOST_LATER = 512  # services that may come later before an index should be made anew
_NONE = (np.empty(0, np.int64), np.empty(0, np.float32))


@dataclass(frozen=True)
class Record:
    """A published service as it is searched. Days are counted as `date.toordinal` does."""

    service: int
    tokens: str
    impacts: bytes
    keys: Sequence[str]
    boost: int
    sort_key: str
    updated: int  # seconds since 1970
    starts: Sequence[int]  # days
    # Of a part of something: what it is a part of, and the municipality's number that the part is of.
    whole: int = 0
    part: int = 0


@dataclass(frozen=True, eq=False)
class Values:
    """Plain values of services, by their numbers."""

    services: Numbers
    boost: NDArray[np.int32]
    updated: Numbers
    start_days: NDArray[np.int32]  # of one service after another, each closed by a day that never comes
    start_places: Numbers
    wholes: Numbers
    parts: NDArray[np.int32]

    @classmethod
    def of(cls, records: Sequence[Record]) -> "Values":
        """Return the values of records, in their order."""
        lengths = [len(record.starts) + 1 for record in records]
        return cls(
            services=np.array([record.service for record in records], np.int64),
            boost=np.array([record.boost for record in records], np.int32),
            updated=np.array([record.updated for record in records], np.int64),
            start_days=np.array([day for record in records for day in (*record.starts, _NEVER)], np.int32),
            start_places=np.cumsum([0, *lengths], dtype=np.int64)[: len(records)],
            wholes=np.array([record.whole for record in records], np.int64),
            parts=np.array([record.part for record in records], np.int32),
        )

    def with_more(self, more: "Values") -> "Values":
        """Return these values with those of more services after them."""
        return Values(
            services=np.concatenate((self.services, more.services)),
            boost=np.concatenate((self.boost, more.boost)),
            updated=np.concatenate((self.updated, more.updated)),
            start_days=np.concatenate((self.start_days, more.start_days)),
            start_places=np.concatenate((self.start_places, more.start_places + len(self.start_days))),
            wholes=np.concatenate((self.wholes, more.wholes)),
            parts=np.concatenate((self.parts, more.parts)),
        )

    def next_starts(self, today: int) -> NDArray[np.int32]:
        """Return for each service the first day from `today` on; a day that never comes where none is."""
        days = np.where(self.start_days >= today, self.start_days, _NEVER)
        return np.minimum.reduceat(days, self.start_places) if len(days) else days


@dataclass(frozen=True, eq=False)
class Index:
    """All published services of a language. Arrays are by the number of a service."""

    values: Values
    alive: NDArray[np.bool_]
    alphabet: Numbers  # in this order by name
    facets: Mapping[str, Column]
    number_of: Mapping[int, int]
    names: Sequence[tuple[str, int]]  # sort key and service, in order, of those the index was made of first
    later_names: Sequence[tuple[str, int]]  # of those that came later, by their numbers
    tokens: Mapping[str, int]
    token_places: Numbers
    token_numbers: NDArray[np.int32]
    token_impacts: NDArray[np.uint8]
    added: Mapping[str, tuple[tuple[int, int], ...]]  # number and impact, of what came later

    def __len__(self) -> int:
        return len(self.alive)

    @property
    def total(self) -> int:
        """How many services there are."""
        return len(self.number_of)

    def postings(self, token: str) -> tuple[Numbers, Impacts]:
        """Return the services in which a token stands and its impact there, from 0 to 1.

        Not those that are gone: how many there are says how much a word tells.
        """
        place = self.tokens.get(token)
        later = self.added.get(token, ())
        if place is None and not later:
            return _NONE
        numbers, impacts = _NONE
        if place is not None:
            part = slice(self.token_places[place], self.token_places[place + 1])
            numbers = self.token_numbers[part].astype(np.int64)
            impacts = self.token_impacts[part].astype(np.float32) / _FULL
        if later:
            new = np.array(later, np.int64).reshape(-1, 2)
            numbers = np.concatenate((numbers, new[:, 0]))
            impacts = np.concatenate((impacts, new[:, 1].astype(np.float32) / _FULL))
        if len(self.number_of) < len(self):
            there = self.alive[numbers]
            numbers, impacts = numbers[there], impacts[there]
        return numbers, impacts

    @cached_property
    def spelling(self) -> Spelling:
        """Return the words that stand in services; not those of services that were taken off."""
        alive = self.alive[self.token_numbers].astype(np.int64)
        counts = np.add.reduceat(alive, self.token_places[:-1]) if len(alive) else alive
        words = {token: int(counts[place]) for token, place in self.tokens.items() if is_word(token)}
        for token, later in self.added.items():
            if is_word(token):
                words[token] = words.get(token, 0) + sum(
                    bool(self.alive[number]) for number, _impact in later
                )
        return Spelling.of({word: count for word, count in words.items() if count})

    @cached_property
    def counts(self) -> dict[str, dict[str, int]]:
        """Return for each filter how many services have each of its values."""
        everything = np.flatnonzero(self.alive)
        return {name: column.counts(everything) for name, column in self.facets.items()}

    @cached_property
    def all_counts(self) -> dict[str, int]:
        """Return how many services have each key, "parameter:value": reckoned once for all readers."""
        return {
            f"{name}:{value}": count
            for name, counts in self.counts.items()
            for value, count in counts.items()
        }

    @cached_property
    def name_words(self) -> list[str]:
        """Return the tokens of names, in order."""
        return sorted(token for token in {*self.tokens, *self.added} if token.startswith(NAME))

    def with_changes(self, gone: Iterable[int], records: Iterable[Record]) -> "Index":
        """Return the index without the services `gone` and with `records` in place of what they had."""
        new = sorted(records, key=lambda record: (record.sort_key, record.service))
        number_of, alive = dict(self.number_of), self.alive.copy()
        for service in (*gone, *(record.service for record in new)):
            if (number := number_of.pop(service, None)) is not None:
                alive[number] = False
        first = len(self)
        number_of |= {record.service: first + place for place, record in enumerate(new)}
        later: dict[str, list[tuple[int, int]]] = {}
        for place, record in enumerate(new):
            for token, impact in zip(record.tokens.split(), record.impacts, strict=True):
                later.setdefault(token, []).append((first + place, impact))
        added = dict(self.added)
        for token, ones in later.items():
            added[token] = (*added.get(token, ()), *ones)
        later_names = [*self.later_names, *((record.sort_key, record.service) for record in new)]
        return replace(
            self,
            values=self.values.with_more(Values.of(new)),
            alive=np.concatenate((alive, np.ones(len(new), np.bool_))),
            facets={
                name: column.with_more([record.keys for record in new])
                for name, column in self.facets.items()
            },
            alphabet=_places(self.names, later_names),
            later_names=later_names,
            number_of=number_of,
            added=added,
        )


def index_of(records: Iterable[Record]) -> Index:
    """Return the index of all records of a language."""
    tokens: dict[str, int] = {}
    token_of, impacts, lengths, kept = array("i"), bytearray(), array("i"), []
    for record in sorted(records, key=lambda record: (record.sort_key, record.service)):
        ones = record.tokens.split()
        token_of.extend([tokens.setdefault(one, len(tokens)) for one in ones])
        impacts += record.impacts
        lengths.append(len(ones))
        kept.append(replace(record, tokens="", impacts=b""))
    names = [(record.sort_key, record.service) for record in kept]
    by_token = np.frombuffer(token_of, np.int32) if token_of else np.empty(0, np.int32)
    order = np.argsort(by_token, kind="stable")
    numbers = np.repeat(np.arange(len(kept), dtype=np.int32), np.array(lengths, np.int64))
    return Index(
        values=Values.of(kept),
        alive=np.ones(len(kept), np.bool_),
        alphabet=_places(names, []),
        facets=columns([record.keys for record in kept]),
        number_of={record.service: number for number, record in enumerate(kept)},
        names=names,
        later_names=[],
        tokens=tokens,
        token_places=np.concatenate(([0], np.cumsum(np.bincount(by_token, minlength=len(tokens))))),
        token_numbers=numbers[order],
        token_impacts=np.frombuffer(bytes(impacts), np.uint8)[order],
        added={},
    )


def _places(names: Sequence[tuple[str, int]], later: Sequence[tuple[str, int]]) -> Numbers:
    """Return the places of names that are in order, and of later ones between them."""
    places = np.arange(len(names) + len(later), dtype=np.int64) * _APART
    if len(later) < _APART:
        for nth, number in enumerate(sorted(range(len(later)), key=later.__getitem__), start=1):
            places[len(names) + number] = (bisect_left(names, later[number]) - 1) * _APART + nth
    else:
        # There is no room: all are put in order, until the index was made anew.
        both = [*names, *later]
        places[sorted(range(len(both)), key=both.__getitem__)] = np.arange(len(both))
    return places
