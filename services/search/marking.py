"""Marking the words of a text that a search matched."""

from collections.abc import Iterable
from functools import lru_cache

import snowballstemmer
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from services.search.typed import Term
from services.texts import words
from services.texts.words import FINNISH, STEMS

_AROUND = 80  # letters of a snippet before and after the word


def forms_of(terms: Iterable[Term]) -> list[str]:
    """Return the words that were looked for."""
    return [word for term in terms if term.wanted for word in term.words]


def marked(text: str, language: str, wanted: Iterable[str]) -> SafeString:
    """Return `text` escaped, with each word in <mark> that is a form of a wanted one in its language."""
    looked_for = frozenset(form for word in wanted for form in _forms(word, language))
    if not looked_for:
        return mark_safe(escape(text))  # noqa: S308  escaped just here
    found, place = [], 0
    for match in words.WORD.finditer(text):
        if looked_for.isdisjoint(_forms(match[0].casefold(), language)):
            continue
        found += [escape(text[place : match.start()]), f"<mark>{escape(match[0])}</mark>"]
        place = match.end()
    return mark_safe("".join([*found, escape(text[place:])]))  # noqa: S308  escaped just here


def snippet(text: str, language: str, wanted: Iterable[str]) -> SafeString:
    """Return the part of a text around the first word that matches, marked; empty where none does."""
    looked_for = frozenset(form for word in wanted for form in _forms(word, language))
    for match in words.WORD.finditer(text):
        if not looked_for.isdisjoint(_forms(match[0].casefold(), language)):
            break
    else:
        return mark_safe("")
    first = text.rfind(" ", 0, max(0, match.start() - _AROUND)) + 1 if match.start() > _AROUND else 0
    last = text.find(" ", match.end() + _AROUND)
    part = text[first:] if last < 0 else text[first:last]
    before, after = ("… " if first else ""), ("" if last < 0 else " …")
    return mark_safe(before + marked(" ".join(part.split()), language, wanted) + after)  # noqa: S308


@lru_cache(maxsize=65_536)
def _forms(word: str, language: str) -> frozenset[str]:
    """Return what a word is found by in a language: for Finnish also the parts of a compound."""
    if language == FINNISH:
        return words.forms_of(word)
    if language in STEMS:
        # The stemmer that PostgreSQL has for the language, too; one for each word, since it keeps a state.
        return frozenset({word, str(snowballstemmer.stemmer(STEMS[language]).stemWord(word))})
    return frozenset({word})
