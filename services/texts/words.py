"""Words: how a text is cut into them, and by which forms each is found. The index and queries ask here.

A Finnish word is found by its base forms; a compound by its parts, too. A word that the dictionary
does not know, as a name, is found by its stem, and so are Swedish and English words (Snowball's).
Every word is found as it is written.
"""

import re
import unicodedata

from services.texts import finnish

FINNISH = "fi"
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


def pieces_of(text: str) -> list[str]:
    """Return the base forms of what stands between the hyphens of a word that the dictionary lacks."""
    pieces = [piece for piece in re.split("[-–]", text) if piece]
    if len(pieces) == 1 or finnish.word(text).bases:
        return []
    return [base for piece in pieces for base in (finnish.word(piece).bases or (piece,))]


def forms_of(text: str) -> frozenset[str]:
    """Return every form under which a Finnish word is found: for telling which words of a text matched."""
    known = finnish.word(text)
    return frozenset({text, *known.bases, *known.parts, *pieces_of(text)})
