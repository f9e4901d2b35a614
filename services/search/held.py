"""The index of each language as this process holds it, made of the read model and kept like it.

PostgreSQL is the truth. Before each search the process asks which services changed in transactions that
it may not have seen yet, and reads those rows again; so a search is never behind what was published.
"""

import datetime
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.contrib.postgres.search import SearchQuery
from django.db import connection

from orgs import clock
from services.models import PublishedChange, PublishedService
from services.search.postings import MOST_LATER, Index, Record, index_of

# For how long changes are kept: whoever did not ask for half of that time reads everything.
KEPT = datetime.timedelta(days=2)
_CHUNK = 2000
_COLUMNS = ("service_id", "tokens", "impacts", "keys", "boost", "sort_key", "published_at", "starts")


@dataclass(frozen=True)
class _Moment:
    """What the database says now: every transaction below `xact` is seen; the changes from one on."""

    xact: int
    seconds: float
    changes: Mapping[int, tuple[int, int]]  # by their number: the service and the transaction


@dataclass(frozen=True)
class _Held:
    """An index, below which transaction everything is in it, and which later changes are, too."""

    index: Index
    xact: int
    seconds: float
    seen: frozenset[int] = frozenset()


_held: dict[str, _Held] = {}
_lock = threading.Lock()
_renewing: set[str] = set()


def index(language: str) -> Index:
    """Return the index of the services published in `language`, as of now."""
    held = _held.get(language)
    moment = _moment(held.xact if held else None)
    if held and not _stale(held, moment) and moment.changes.keys() <= held.seen:
        _held[language] = replace(held, xact=moment.xact, seconds=moment.seconds, seen=_later(moment))
        return held.index
    if held and len(moment.changes.keys() - held.seen) + len(held.index.later_names) > MOST_LATER:
        # Made anew beside the one that is searched meanwhile.
        _renew(language)
        return held.index
    with _lock:
        return _followed(language).index


def forget() -> None:
    """Let this process read everything again at its next search."""
    _held.clear()


def clear_changes() -> None:
    """Delete the changes that are older than whoever still holds them to be news."""
    PublishedChange.objects.filter(at__lt=clock.now() - KEPT).delete()


def with_phrase(language: str, words: Sequence[str]) -> list[int]:
    """Return the services that have the words one after another: asked of PostgreSQL."""
    phrase = SearchQuery(" ".join(words), config="simple", search_type="phrase")
    rows = PublishedService.objects.filter(language=language, search=phrase)
    return list(rows.values_list("service_id", flat=True))


def _followed(language: str) -> _Held:
    """Return what is held after it was brought up to now."""
    held = _held.get(language)
    moment = _moment(held.xact if held else None)
    if held is None or _stale(held, moment):
        held = _Held(index_of(_records(language)), moment.xact, moment.seconds, _later(moment))
    else:
        services = {moment.changes[pk][0] for pk in moment.changes.keys() - held.seen}
        index = held.index.with_changes(services, _records(language, services)) if services else held.index
        held = _Held(index, moment.xact, moment.seconds, _later(moment))
    _held[language] = held
    return held


def _stale(held: _Held, moment: _Moment) -> bool:
    """Tell whether changes may have been cleared away that are not in what is held."""
    return moment.seconds - held.seconds > KEPT.total_seconds() / 2


def _renew(language: str) -> None:
    """Start to make the index anew, unless that is under way already."""
    if language not in _renewing:
        _renewing.add(language)
        threading.Thread(
            target=_make_anew, args=[language], name=f"search-index-{language}", daemon=True
        ).start()


def _make_anew(language: str) -> None:
    try:
        moment = _moment(None)
        _held[language] = _Held(index_of(_records(language)), moment.xact, moment.seconds)
    finally:
        _renewing.discard(language)
        connection.close()


def _later(moment: _Moment) -> frozenset[int]:
    return frozenset(pk for pk, (_service, xact) in moment.changes.items() if xact >= moment.xact)


def _moment(since: int | None) -> _Moment:
    """Ask what is seen by now, and what changed from the transaction `since` on, or in those under way."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,"
            " extract(epoch FROM clock_timestamp())::float, id, service, xact"
            " FROM (VALUES (1)) AS one LEFT JOIN services_publishedchange"
            " ON xact >= COALESCE(%s, pg_snapshot_xmin(pg_current_snapshot())::text::bigint)",
            [since],
        )
        rows = cursor.fetchall()
    xact, seconds = rows[0][:2]
    return _Moment(xact, seconds, {pk: (service, at) for _x, _s, pk, service, at in rows if pk is not None})


def _records(language: str, services: set[int] | None = None) -> Iterator[Record]:
    rows = PublishedService.objects.filter(language=language).order_by()
    if services is not None:
        rows = rows.filter(service__in=services)
    for service, tokens, impacts, keys, boost, sort_key, published_at, starts in rows.values_list(
        *_COLUMNS
    ).iterator(_CHUNK):
        yield Record(
            service=service,
            tokens=tokens,
            impacts=bytes(impacts),
            keys=keys,
            boost=boost,
            sort_key=sort_key,
            updated=int(published_at.timestamp()),
            starts=[day.toordinal() for day in starts],
        )
