"""What else a word is called: groups of expressions that mean nearly the same, by language.

The groups are shipped with the code (`services/data/synonyms.json`). A word that is typed is looked up
by itself and by its base forms; what it leads to may be of several words.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.conf import settings

from services.search import finnish, words

Expression = tuple[str, ...]
_FILE = Path(settings.BASE_DIR) / "services" / "data" / "synonyms.json"


def others_of(word: str, language: str) -> list[Expression]:
    """Return the other expressions for a word, each as its words; none for most words."""
    found = _by_word(language)
    keys = dict.fromkeys((word, *finnish.word(word).bases)) if language == words.FINNISH else (word,)
    return list(dict.fromkeys(one for key in keys for one in found.get(key, ()) if one != (word,)))


@cache
def _by_word(language: str) -> Mapping[str, list[Expression]]:
    """Return the other expressions by each expression of one word."""
    groups = json.loads(_FILE.read_bytes()).get(language, [])
    found: dict[str, list[Expression]] = defaultdict(list)
    for group in groups:
        expressions = [tuple(words.words_of(one)) for one in group]
        for one in expressions:
            if len(one) == 1:
                found[one[0]] += [other for other in expressions if other != one]
    return dict(found)
