"""What a reader typed, as a query: words, "phrases" and -exclusions.

The query is built of parameters alone; nothing that was typed is ever read as the database's own
syntax. Small words are left out, unless there is nothing else.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from django.contrib.postgres.search import SearchQuery, SearchQueryCombinable

from services.search import finnish, words
from services.search import synonyms as groups
from services.search.words import FINNISH, PLAIN, STEMS

Query = SearchQuery | SearchQueryCombinable
_TOKEN = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
_MOST = 24  # words: each costs
_MOST_SYNONYMS = 12  # expressions for one word


@dataclass(frozen=True)
class Term:
    """A word, or the words of a phrase; wanted or to be left out."""

    words: tuple[str, ...]
    wanted: bool = True

    @property
    def phrase(self) -> bool:
        """Tell whether the words must follow each other."""
        return len(self.words) > 1


def terms_of(typed: str, language: str) -> list[Term]:
    """Return what was typed as terms, in order."""
    found = []
    for minus, phrase, bare in _TOKEN.findall(typed.replace("“", '"').replace("”", '"')):
        inner = tuple(words.words_of(phrase or bare))
        if phrase and inner:
            found.append(Term(inner, wanted=not minus))
        else:
            found += [Term((one,), wanted=not minus) for one in inner]
    small = words.SMALL.get(language, frozenset())
    telling = [one for one in found if one.phrase or one.words[0] not in small]
    return list(dict.fromkeys(telling or found))[:_MOST]


def query_of(terms: Sequence[Term], language: str, *, any_word: bool = False, synonyms: bool = True) -> Query:
    """Return the query that finds what has all wanted terms, or any of them, and none of the others.

    With `synonyms` a word may stand by another that means nearly the same; never where it is to be
    left out. What holds no word at all finds nothing.
    """
    wanted: list[Query] = [
        reduce(or_, [*_ways(term, language), *(_synonyms(term, language) if synonyms else [])])
        for term in terms
        if term.wanted
    ]
    parts: list[Query] = [reduce(or_, wanted)] if any_word and wanted else wanted
    parts += [~way for term in terms if not term.wanted for way in _ways(term, language)]
    return reduce(and_, parts) if parts else SearchQuery("", config=PLAIN)


def _ways(term: Term, language: str) -> list[SearchQuery]:
    """Return the queries of which one is enough."""
    if term.phrase:
        return [SearchQuery(" ".join(term.words), config=PLAIN, search_type="phrase")]
    return _alternatives(term.words[0], language)


def _synonyms(term: Term, language: str) -> list[Query]:
    """Return the queries of what else a word is called, in the language of the page."""
    if term.phrase:
        return []
    return [
        reduce(and_, [reduce(or_, _alternatives(word, language)) for word in other])
        for other in groups.others_of(term.words[0], language)[:_MOST_SYNONYMS]
    ]


def _alternatives(word: str, language: str) -> list[SearchQuery]:
    """Return the ways in which a word of any language of the page may stand in the index.

    Finnish is always among them: a text without a version in the reader's language is shown in it.
    """
    known = finnish.word(word)
    ways = [_plain([one]) for one in dict.fromkeys((word, *known.bases))]
    if known.split:
        ways.append(_plain(known.split))
    if not known.bases:
        ways.append(SearchQuery(word, config=STEMS[FINNISH]))
    if language != FINNISH and language in STEMS:
        ways.append(SearchQuery(word, config=STEMS[language]))
    return ways


def _plain(ones: Iterable[str]) -> SearchQuery:
    return SearchQuery(" ".join(ones), config=PLAIN)
