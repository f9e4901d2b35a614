"""The index: the search vector of a row of the read model, made of its texts in their own languages."""

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import add

from django.contrib.postgres.search import SearchVector
from django.db.models import Value

from services.search import words
from services.search.words import FINNISH, PLAIN, STEMS

# Parts of compounds weigh a step less than the compound itself.
_LESS = {"A": "B", "B": "C", "C": "D", "D": "D"}
# Weight A to D, the text's own language, and the text.
Weighted = tuple[str, str, str]


def vector_of(texts: Iterable[Weighted]) -> SearchVector:
    """Return the vector under which a row is found."""
    vectors = [
        SearchVector(Value(text), weight=weight, config=configuration)
        for weight, configuration, text in _parts_of(texts)
    ]
    return reduce(add, vectors) if vectors else SearchVector(Value(""), config=PLAIN)


def _parts_of(texts: Iterable[Weighted]) -> Iterator[tuple[str, str, str]]:
    for weight, language, text in texts:
        yield weight, PLAIN, text
        if language == FINNISH:
            found = words.analysed(text)
            yield weight, PLAIN, " ".join(found.bases)
            yield _LESS[weight], PLAIN, " ".join(found.parts)
            yield weight, STEMS[FINNISH], " ".join(found.unknown)
        elif language in STEMS:
            yield weight, STEMS[language], text
