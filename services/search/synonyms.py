"""What else a word is called: groups of expressions that mean nearly the same, by language.

Groups are shipped with the code (`services/data/synonyms.json`); ICT changes them and adds others, kept
as `SynonymGroup` under the first expression of the shipped one. What is typed is looked up by itself and
by its base forms. Both what is looked up and what it leads to may be of several words.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from pathlib import Path

from django.conf import settings

from services.texts import finnish, words
from services.vocabularies import Words

Expression = tuple[str, ...]
_FILE = Path(settings.BASE_DIR) / "services" / "data" / "synonyms.json"


@dataclass(frozen=True)
class Speech:
    """A language as one searches in it: with what else its words are called."""

    language: str
    _others: Mapping[Expression, Sequence[Expression]]

    def others_of(self, expression: Expression) -> list[Expression]:
        """Return the other expressions for one, each as its words; none for most."""
        keys = _keys(expression, self.language)
        found = (one for key in keys for one in self._others.get(key, ()) if one != expression)
        return list(dict.fromkeys(found))


def speech_of(language: str, groups: Iterable[Iterable[str]]) -> Speech:
    """Return a language with groups of expressions that mean nearly the same."""
    others: dict[Expression, list[Expression]] = defaultdict(list)
    for group in groups:
        expressions = [tuple(words.words_of(one)) for one in group]
        for one in expressions:
            for key in dict.fromkeys(_keys(one, language)):
                others[key] += [other for other in expressions if other != one]
    return Speech(language, dict(others))


@lru_cache(maxsize=8)
def speech(held: Words, language: str) -> Speech:
    """Return a language with its groups of now."""
    return speech_of(language, groups(held, language).values())


def groups(held: Words, language: str) -> dict[str, list[str]]:
    """Return the groups of now by their keys: those shipped, unless changed, and those added."""
    everything = {**shipped(language), **held.synonyms.get(language, {})}
    return {key: group for key, group in everything.items() if group}


@cache
def shipped(language: str) -> dict[str, list[str]]:
    """Return the groups that come with the code, by their first expressions."""
    return {group[0]: group for group in json.loads(_FILE.read_bytes()).get(language, [])}


def _keys(expression: Expression, language: str) -> Iterator[Expression]:
    """Return an expression as written and by the base forms of its words."""
    yield expression
    if language == words.FINNISH:
        yield from product(*(finnish.word(word).bases or (word,) for word in expression))
