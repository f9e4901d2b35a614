"""The indexes of each language as this process holds them, made of what was published and kept like it.

PostgreSQL is the truth. Before each search the process asks which rows changed in transactions that it
may not have seen yet, and reads those again; so a search is never behind what was published.
"""

import datetime
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import QuerySet

from orgs import clock
from services.models import PublishedChange, PublishedService, SearchedInstruction
from services.search.postings import MOST_LATER, Index, Record, index_of

# For how long changes are kept: whoever did not ask for half of that time reads everything.
KEPT = datetime.timedelta(days=2)
_CHUNK = 2000
SERVICES, INSTRUCTIONS = PublishedChange.SERVICE, PublishedChange.INSTRUCTION  # each with a table of its own
_BOTH = ("tokens", "impacts", "keys", "sort_key", "published_at")
Key = tuple[str, str]  # the kind and the language


@dataclass(frozen=True)
class _Moment:
    """What the database says now: every transaction below `xact` is seen; the changes from one on."""

    xact: int
    seconds: float
    changes: Mapping[int, tuple[int, int]]  # by their number: the record and the transaction


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
    moment = _moment(kind, held.xact if held else None)
    if held and not _stale(held, moment) and moment.changes.keys() <= held.seen:
        _put(key, held, replace(held, xact=moment.xact, seconds=moment.seconds, seen=_later(moment)))
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


def clear_changes() -> None:
    """Delete the changes that are older than whoever still holds them to be news."""
    PublishedChange.objects.filter(at__lt=clock.now() - KEPT).delete()


def with_phrase(language: str, words: Sequence[str], kind: str = SERVICES) -> list[int]:
    """Return the records that have the words one after another: asked of PostgreSQL."""
    phrase = SearchQuery(" ".join(words), config="simple", search_type="phrase")
    rows = _rows(kind, language).filter(search=phrase)
    return list(rows.values_list(_number(kind), flat=True))


def _followed(key: Key) -> _Held:
    """Return what is held after it was brought up to now."""
    while True:
        held = _held.get(key)
        moment = _moment(key[0], held.xact if held else None)
        changed = {moment.changes[pk][0] for pk in moment.changes.keys() - held.seen} if held else set()
        if held is None or _stale(held, moment) or len(changed) * 2 > held.index.total:
            index = index_of(_records(key))
        else:
            index = held.index.with_changes(changed, _records(key, changed)) if changed else held.index
        followed = _Held(index, moment.xact, moment.seconds, _later(moment))
        if _put(key, held, followed):
            return followed


def _put(key: Key, old: _Held | None, new: _Held) -> bool:
    """Put `new` in place of `old`, unless it was replaced meanwhile; tell whether that was done."""
    with _swap:
        if _held.get(key) is not old:
            return False
        _held[key] = new
        return True


def _stale(held: _Held, moment: _Moment) -> bool:
    """Tell whether changes may have been cleared away that are not in what is held."""
    return moment.seconds - held.seconds > KEPT.total_seconds() / 2


def _renew(key: Key) -> None:
    """Start to make the index anew, unless that is under way already."""
    if key not in _renewing:
        _renewing.add(key)
        name = f"search-index-{'-'.join(key)}"
        threading.Thread(target=_make_anew, args=[key], name=name, daemon=True).start()


def _make_anew(key: Key) -> None:
    try:
        moment = _moment(key[0], None)
        new = _Held(index_of(_records(key)), moment.xact, moment.seconds, _later(moment))
        with _swap:
            _held[key] = new
    finally:
        _renewing.discard(key)
        connection.close()


def _later(moment: _Moment) -> frozenset[int]:
    return frozenset(pk for pk, (_record, xact) in moment.changes.items() if xact >= moment.xact)


def _moment(kind: str, since: int | None) -> _Moment:
    """Ask what is seen by now, and what changed from the transaction `since` on, or in those under way."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,"
            " extract(epoch FROM clock_timestamp())::float, id, record, xact"
            " FROM (VALUES (1)) AS one LEFT JOIN services_publishedchange"
            " ON xact >= COALESCE(%s, pg_snapshot_xmin(pg_current_snapshot())::text::bigint) AND kind = %s",
            [since, kind],
        )
        rows = cursor.fetchall()
    xact, seconds = rows[0][:2]
    return _Moment(xact, seconds, {pk: (record, at) for _x, _s, pk, record, at in rows if pk is not None})


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
