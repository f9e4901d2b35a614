"""Words: how a text is cut into them, and by which forms each is found. The index and queries ask here.

A Finnish word is found by its base forms; a compound by its parts, too. A word that the dictionary
does not know, as a name, is found by its stem. Swedish and English words are found by PostgreSQL's
stems. Every word is found as it is written.
"""

import re
import unicodedata
from dataclasses import dataclass

from services.search import finnish

FINNISH = "fi"
PLAIN = "simple"  # PostgreSQL's configuration for words that are already as they are to be found
STEMS = {"fi": "finnish", "sv": "swedish", "en": "english"}
WORD = re.compile(r"\w+(?:[-–'’]\w+)*")
# Small words that say nothing of what is looked for.
_SMALL = {
    "fi": "ja tai sekä eli on ei en ole olla että kun jos mutta myös niin kuin se ne hän minä sinä me te he"
    " tämä tuo joka mikä mitä kuka missä miten kanssa mun minun sun sinun",
    "sv": "och eller i på att som en ett det den de är för med av till om jag du vi ni han hon min mitt"
    " din ditt inte har hur var vad",
    "en": "and or the a an of to in on for with is are i you we they he she it my your not how what where do"
    " does",
}
SMALL = {language: frozenset(words.split()) for language, words in _SMALL.items()}


def words_of(text: str) -> list[str]:
    """Return the words of a text in small letters, in order."""
    return WORD.findall(unicodedata.normalize("NFC", text).casefold())


@dataclass(frozen=True)
class Analysed:
    """A Finnish text as lists of words: base forms, parts of compounds, and words that are unknown."""

    bases: list[str]
    parts: list[str]
    unknown: list[str]


def analysed(text: str) -> Analysed:
    """Return a Finnish text by the forms under which its words are found."""
    found = Analysed([], [], [])
    for one in words_of(text):
        known = finnish.word(one)
        if not known.bases:
            found.unknown.append(one)
            found.parts.extend(_pieces(one))
        found.bases.extend(known.bases)
        found.parts.extend(known.parts)
    return found


def _pieces(text: str) -> list[str]:
    """Return the base forms of what stands between the hyphens of an unknown word."""
    pieces = [piece for piece in re.split("[-–]", text) if piece]
    if len(pieces) == 1:
        return []
    return [base for piece in pieces for base in (finnish.word(piece).bases or (piece,))]


def forms_of(text: str) -> frozenset[str]:
    """Return every form under which a Finnish word is found: for telling which words of a text matched."""
    known = finnish.word(text)
    return frozenset({text, *known.bases, *known.parts, *([] if known.bases else _pieces(text))})
