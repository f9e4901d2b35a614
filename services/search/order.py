"""The order of what was found. Pure over the index."""

import datetime

import numpy as np
from numpy.typing import NDArray

from services.search.matching import Match, own_weight
from services.search.postings import Index, Numbers
from services.search.query import ListQuery

_SCALE = 1_000_000  # scores differ if they do in the sixth place
_NAMES = 31  # bits for the place of a name


def first_of(
    index: Index,
    match: Match,
    numbers: Numbers,
    query: ListQuery,
    today: datetime.date,
    near: str | None,
    count: int,
) -> Numbers:
    """Return the first `count` of the services `numbers` in the order that `query` asks for.

    Services that are alike by it stand in the order of their names.
    """
    key = index.alphabet[numbers] - (_key(index, match, numbers, query, today, near) << _NAMES)
    if count < len(numbers):
        best = np.argpartition(key, count)[:count]
        numbers, key = numbers[best], key[best]
    return numbers[np.argsort(key)]


def seconds_of(day: datetime.date) -> int:
    """Return the beginning of a day in seconds since 1970."""
    return int(datetime.datetime.combine(day, datetime.time(), datetime.UTC).timestamp())


def _key(
    index: Index, match: Match, numbers: Numbers, query: ListQuery, today: datetime.date, near: str | None
) -> NDArray[np.int64]:
    """Return what the services are ordered by, the greatest first."""
    if query.sort == "name":
        return np.zeros(len(numbers), np.int64)
    if query.sort == "updated":
        return index.values.updated[numbers]
    if query.sort == "soonest":
        return -index.values.next_starts(today.toordinal())[numbers].astype(np.int64)
    weights = own_weight(index, numbers, seconds_of(today), near)
    score = match.score[numbers]
    if not query.q:
        del weights["fresh"]
    for weight in weights.values():
        score = score * weight
    return np.round(score * _SCALE).astype(np.int64)
