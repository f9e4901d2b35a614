"""Finnish words by their base forms and the parts of their compounds.

The analyser's dictionary takes half a second to load, so it is read when the first Finnish word is.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

_KEPT = 65_536  # words, about what a manual of thousands of services has
# In an analysis the root of each part of a word stands in its base form: [Xp]kieli[X]kiel...
_PART = re.compile(r"\[Xp\]([^\[]+)\[X\]")
_SHORTEST = 3  # letters of a part: shorter ones are endings and prefixes
# The analyser follows every way of cutting a word into parts, and holds the interpreter meanwhile: the
# worst word of 26 letters takes 45 ms, of 30 letters 300 ms, of 36 letters 2.5 s ("omanoman…"). Of ten
# thousand different words of the manual one is longer.
_LONGEST = 26


@dataclass(frozen=True)
class Word:
    """A word's base forms and the roots of which it is made, each in order; none of an unknown word.

    The roots of a compound are those of its parts, the root of a derived word the word that it is
    derived from: uraohjaus is made of ura and ohjata, lomautus of lomauttaa. `split` are the roots by
    the reading that has the fewest: what one might say in place of the word.
    """

    bases: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    split: tuple[str, ...] = ()


@cache
def _analyse() -> Callable[[str], list[Any]]:
    import pyvoikko

    found: Callable[[str], list[Any]] = pyvoikko.analyse
    return found


@lru_cache(maxsize=_KEPT)
def word(text: str) -> Word:
    """Return what a word is, in small letters; the same word always gives the same answer.

    A word that is longer than any but a few is unknown: it is found as it is written, and by its stem.
    """
    if len(text) > _LONGEST:
        return Word()
    bases: set[str] = set()
    readings: set[tuple[str, ...]] = set()
    for one in _analyse()(text):
        bases.add(one.BASEFORM.casefold())
        found = tuple(part.casefold() for part in _PART.findall(one.FSTOUTPUT))
        if found != (one.BASEFORM.casefold(),):
            readings.add(tuple(part for part in found if len(part) >= _SHORTEST))
    parts = {part for one in readings for part in one} - bases
    split = min(readings, key=lambda one: (len(one), one), default=())
    return Word(tuple(sorted(bases)), tuple(sorted(parts)), split)
