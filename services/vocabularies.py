"""Vocabularies as pages and documents need them: labels by key, read once for each change.

Each process holds the words it read last together with a version number that all processes share in
the cache. A change raises the number, so the next request anywhere reads the words again.
"""

import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Model

from orgs.localised import reading
from orgs.models import Municipality, Organisation
from services.models import Place, PublishedChange, SynonymGroup, Term


@dataclass(frozen=True, eq=False)
class Words:
    """Every label that documents refer to by key, in all languages."""

    terms: Mapping[tuple[str, str], Term]
    municipalities: Mapping[str, Municipality]
    organisations: Mapping[str, Organisation]
    places: Mapping[str, Place]
    # What ICT says words are also called: groups by language and key.
    synonyms: Mapping[str, Mapping[str, list[str]]]

    def label(self, vocabulary: str, key: str, language: str) -> str:
        """Return the label of a term; the key itself where the term is gone."""
        term = self.terms.get((vocabulary, key))
        return reading(term.label, language).text if term else key

    @cached_property
    def open_organisations(self) -> Mapping[str, Organisation]:
        """Return the organisations that have not been closed: those that one may still look for."""
        return {key: one for key, one in self.organisations.items() if one.closed_on is None}

    def keys(self, vocabulary: str) -> list[str]:
        """Return the keys of a vocabulary in its own order."""
        return [key for name, key in self.terms if name == vocabulary]


def _synonyms() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    for group in SynonymGroup.objects.all():
        found.setdefault(group.language, {})[group.key] = group.expressions
    return found


def load() -> Words:
    """Read all vocabularies, municipalities, organisations and places in six queries."""
    return Words(
        terms={(t.vocabulary, t.key): t for t in Term.objects.select_related("parent")},
        municipalities={m.code: m for m in Municipality.objects.all()},
        organisations={o.external_id: o for o in Organisation.objects.all()},
        places={p.external_id: p for p in Place.objects.prefetch_related("accessibility")},
        synonyms=_synonyms(),
    )


def term_item(words: Words, vocabulary: str, key: str, language: str) -> dict[str, Any]:
    """Return a term as published documents hold it."""
    term = words.terms.get((vocabulary, key))
    return {
        "key": key,
        "label": words.label(vocabulary, key, language),
        "parent": term.parent.key if term and term.parent else None,
        "requirement": bool(term and term.requirement),
    }


_VERSION_KEY = "words-version"
_OF_ORGANISATIONS = (Organisation, Organisation.municipalities.through, Organisation.partners.through)
_logger = logging.getLogger(__name__)
_held: tuple[str, Words] | None = None
# Rises when what is held is forgotten: what was being read then is not held.
_forgotten = 0


def words() -> Words:
    """Return the words of now; asks the cache for the version, and the database when it changed.

    Without the cache the words are read from the database each time.
    """
    global _held
    try:
        version = str(cache.get_or_set(_VERSION_KEY, _new_version, timeout=None))
    except Exception:  # the cache's client library raises its own kinds of errors
        _logger.warning("The cache does not answer; reading the vocabularies from the database.")
        return load()
    held = _held
    if held is None or held[0] != version:
        before = _forgotten
        held = (version, load())
        if before == _forgotten:
            _held = held
    return held[1]


def changed(sender: type[Model], **signal: Any) -> None:
    """Make every process read the words again, and drop what shows them, once a change is committed."""
    if not str(signal.get("action", "post")).startswith("post"):
        return
    forget()
    organisation = issubclass(sender, _OF_ORGANISATIONS)
    PublishedChange.note(PublishedChange.ORGANISATION if organisation else PublishedChange.VOCABULARY)
    transaction.on_commit(_raise_version, robust=True)


def forget() -> None:
    """Let this process read the words again."""
    global _held, _forgotten
    _held = None
    _forgotten += 1


def _raise_version() -> None:
    forget()
    cache.set(_VERSION_KEY, _new_version(), timeout=None)


def _new_version() -> str:
    """Return a version that no other cache has had: there are two, one for when the other is away."""
    return uuid.uuid4().hex
