"""How good the search is: judged queries, and figures over them by class. The figures are pure."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

FIRST = 10  # hits that a reader looks at


@dataclass(frozen=True)
class Judged:
    """A query, of which class it is, and the services that it is meant to find."""

    kind: str
    language: str
    q: str
    wanted: tuple[str, ...]


@dataclass(frozen=True)
class Figures:
    """Of a class: how many queries, recall at ten, mean reciprocal rank, and how many found nothing."""

    kind: str
    queries: int
    recall: float
    reciprocal_rank: float
    nothing: float


Search = Callable[[Judged], Sequence[str]]


def read(path: Path) -> list[Judged]:
    """Return the judged queries of a file; raises KeyError or ValueError where it is no such file."""
    rows = json.loads(path.read_bytes())
    return [Judged(row["class"], row["language"], row["q"], tuple(row["wanted"])) for row in rows]


def recall(hits: Sequence[str], wanted: Sequence[str]) -> float:
    """Return which part of what was wanted is among the first ten hits."""
    return len(set(hits[:FIRST]) & set(wanted)) / len(wanted)


def reciprocal_rank(hits: Sequence[str], wanted: Sequence[str]) -> float:
    """Return one through the place of the first hit that was wanted; zero where there is none."""
    return next((1 / place for place, hit in enumerate(hits, start=1) if hit in wanted), 0.0)


def evaluate(queries: Iterable[Judged], search: Search) -> tuple[list[Figures], list[Judged]]:
    """Return the figures of each class and of all, and the queries that missed something wanted.

    `search` returns the services that a query finds, in order.
    """
    by_kind: dict[str, list[tuple[Sequence[str], Judged]]] = {}
    missed = []
    for one in queries:
        hits = search(one)
        by_kind.setdefault(one.kind, []).append((hits, one))
        if recall(hits, one.wanted) < 1:
            missed.append(one)
    everything = [pair for pairs in by_kind.values() for pair in pairs]
    kinds = [*sorted(by_kind.items()), ("all", everything)]
    return [_figures(kind, pairs) for kind, pairs in kinds if pairs], missed


def _figures(kind: str, pairs: Sequence[tuple[Sequence[str], Judged]]) -> Figures:
    count = len(pairs)
    return Figures(
        kind,
        count,
        sum(recall(hits, one.wanted) for hits, one in pairs) / count,
        sum(reciprocal_rank(hits, one.wanted) for hits, one in pairs) / count,
        sum(not hits for hits, _one in pairs) / count,
    )
