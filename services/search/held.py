"""The indexes of each language as this process holds them, made of what was published and kept like it.

PostgreSQL is the truth. Before each search the process asks which rows changed in transactions that it
may not have seen yet, and reads those again; so a search is never behind what was published.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import QuerySet

from services.models import PublishedChange, PublishedService, SearchedInstruction
from services.noted_changes import moment
from services.search.postings import MOST_LATER, Index, Record, index_of

_CHUNK = 2000
SERVICES, INSTRUCTIONS = PublishedChange.SERVICE, PublishedChange.INSTRUCTION  # each with a table of its own
_BOTH = ("tokens", "impacts", "keys", "sort_key", "published_at")
Key = tuple[str, str]  # the kind and the language


@dataclass(frozen=True)
class _Held:
    """An index, below which transaction everything is in it, and which later changes are, too."""

    index: Index
    xact: int
    seconds: float
    seen: frozenset[int] = frozenset()


_held: dict[Key, _Held] = {}
_lock = threading.Lock()  # of those who follow: what is read for one is not read for the next one again
_swap = threading.Lock()  # of putting one in place of another; never held for long
_renewing: set[Key] = set()


def index(language: str, kind: str = SERVICES) -> Index:
    """Return the index of what is published in `language`, as of now."""
    key = (kind, language)
    held = _held.get(key)
    now = moment(held.xact if held else None, kind)
    if held and now.follows(held.seconds) and now.changes.keys() <= held.seen:
        _put(key, held, replace(held, xact=now.xact, seconds=now.seconds, seen=now.may_come_again()))
        return held.index
    with _lock:
        followed = _followed(key)
    if len(followed.index.later_names) > MOST_LATER:
        # It still answers rightly; what came later costs each search a little more.
        _renew(key)
    return followed.index


def forget() -> None:
    """Let this process read everything again at its next search."""
    _held.clear()


def with_phrase(language: str, words: Sequence[str], kind: str = SERVICES) -> list[int]:
    """Return the records that have the words one after another: asked of PostgreSQL."""
    phrase = SearchQuery(" ".join(words), config="simple", search_type="phrase")
    rows = _rows(kind, language).filter(search=phrase)
    return list(rows.values_list(_number(kind), flat=True))


def _followed(key: Key) -> _Held:
    """Return what is held after it was brought up to now."""
    while True:
        held = _held.get(key)
        now = moment(held.xact if held else None, key[0])
        changed = {now.changes[pk].record for pk in now.changes.keys() - held.seen} if held else set()
        if held is None or not now.follows(held.seconds) or len(changed) * 2 > held.index.total:
            index = index_of(_records(key))
        else:
            index = held.index.with_changes(changed, _records(key, changed)) if changed else held.index
        followed = _Held(index, now.xact, now.seconds, now.may_come_again())
        if _put(key, held, followed):
            return followed


def _put(key: Key, old: _Held | None, new: _Held) -> bool:
    """Put `new` in place of `old`, unless it was replaced meanwhile; tell whether that was done."""
    with _swap:
        if _held.get(key) is not old:
            return False
        _held[key] = new
        return True


def _renew(key: Key) -> None:
    """Start to make the index anew, unless that is under way already."""
    if key not in _renewing:
        _renewing.add(key)
        name = f"search-index-{'-'.join(key)}"
        threading.Thread(target=_make_anew, args=[key], name=name, daemon=True).start()


def _make_anew(key: Key) -> None:
    try:
        now = moment(None, key[0])
        new = _Held(index_of(_records(key)), now.xact, now.seconds, now.may_come_again())
        with _swap:
            _held[key] = new
    finally:
        _renewing.discard(key)
        connection.close()


def _number(kind: str) -> str:
    """Return the column by which records of a kind are told apart."""
    return "service_id" if kind == SERVICES else "pk"


def _rows(kind: str, language: str) -> QuerySet[Any, Any]:
    model = PublishedService if kind == SERVICES else SearchedInstruction
    return model._default_manager.filter(language=language).order_by()


def _records(key: Key, numbers: set[int] | None = None) -> Iterator[Record]:
    kind, language = key
    rows = _rows(kind, language)
    if numbers is not None:
        rows = rows.filter(**{f"{_number(kind)}__in": numbers})
    own = ("boost", "starts") if kind == SERVICES else ("service_id", "municipality")
    for number, tokens, impacts, keys, sort_key, published_at, first, second in rows.values_list(
        _number(kind), *_BOTH, *own
    ).iterator(_CHUNK):
        record = Record(
            service=number,
            tokens=tokens,
            impacts=bytes(impacts),
            keys=keys,
            boost=0,
            sort_key=sort_key,
            updated=int(published_at.timestamp()),
            starts=[],
        )
        if kind == SERVICES:
            yield replace(record, boost=first, starts=[day.toordinal() for day in second])
        else:
            yield replace(record, whole=first, part=int(second or 0))
