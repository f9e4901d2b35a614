"""Guided finding: a few questions, services that suit the answers, and the reasons for each. Pure.

Where nothing suits all answers, those that matter least are let go one by one, and the reader is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.search import listing
from services.search.listing import Corpus
from services.search.query import ListQuery

# The questions in the order in which they are asked, each a filter of the list.
QUESTIONS = ("audience", "life_situation", "need", "municipality", "language", "how")
# Which answers are let go first.
_LEAST = ("how", "need", "language", "life_situation")
YOUNG = 30  # years: a service up to this age is for young people


@dataclass(frozen=True)
class Answered:
    """The answers that services were looked for by, and those that were let go to find any."""

    query: ListQuery
    let_go: Sequence[str]


@dataclass(frozen=True)
class Reason:
    """Why a service suits: the kind, and the label of what it says; `asked` when it answers a question."""

    kind: str
    label: str = ""
    asked: bool = True


def answered(query: ListQuery, corpus: Corpus) -> Answered:
    """Return the answers, without those that must be let go for anything to be found."""
    let_go: list[str] = []
    for name in _LEAST:
        if listing.total(query, corpus):
            break
        if name in query.selected:
            let_go.append(name)
            query = replace(query, selected={key: v for key, v in query.selected.items() if key != name})
    return Answered(query, let_go)


def reasons(document: Mapping[str, Any], query: ListQuery) -> list[Reason]:
    """Return why a published service suits the answers, and what else speaks for it."""
    chosen = {name: set(values) for name, values in query.selected.items()}
    found = [
        Reason(kind, term["label"])
        for kind, field in (("life_situation", "life_situations"), ("need", "needs"), ("how", "delivery"))
        for term in document["terms"].get(field, [])
        if term["key"] in chosen.get(kind, ())
    ]
    found += [
        Reason("language", item["label"])
        for item in document["languages"]
        if item["key"] in chosen.get("language", ())
    ]
    if "municipality" in chosen:
        if document["any_municipality"]:
            found.append(Reason("everywhere"))
        found += [
            Reason("municipality", item["name"])
            for item in document["municipalities"]
            if item["code"] in chosen["municipality"]
        ]
    return [*found, *_besides(document)]


def _besides(document: Mapping[str, Any]) -> list[Reason]:
    """Return what speaks for a service though nobody asked."""
    found = []
    youngest, oldest = document["age_min"], document["age_max"]
    if not document["all_ages"] and oldest is not None and oldest <= YOUNG:
        found.append(Reason("up_to", str(oldest), asked=False))
    elif not document["all_ages"] and youngest:
        found.append(Reason("from_age", str(youngest), asked=False))
    if not document["paid"]:
        found.append(Reason("free", asked=False))
    return found
