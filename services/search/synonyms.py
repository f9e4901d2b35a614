"""What else a word is called: groups of expressions that mean nearly the same, by language.

The groups are shipped with the code (`services/data/synonyms.json`). What is typed is looked up by itself
and by its base forms. Both what is looked up and what it leads to may be of several words.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from pathlib import Path

from django.conf import settings

from services.search import finnish, words

Expression = tuple[str, ...]
_FILE = Path(settings.BASE_DIR) / "services" / "data" / "synonyms.json"


def others_of(expression: Expression, language: str) -> list[Expression]:
    """Return the other expressions for one, each as its words; none for most."""
    found = _by_expression(language)
    return list(
        dict.fromkeys(
            one for key in _keys(expression, language) for one in found.get(key, ()) if one != expression
        )
    )


def _keys(expression: Expression, language: str) -> Iterator[Expression]:
    """Return an expression as written and by the base forms of its words."""
    yield expression
    if language == words.FINNISH:
        yield from product(*(finnish.word(word).bases or (word,) for word in expression))


@cache
def _by_expression(language: str) -> Mapping[Expression, list[Expression]]:
    """Return the other expressions by each expression, as it is written and by its base forms."""
    groups = json.loads(_FILE.read_bytes()).get(language, [])
    found: dict[Expression, list[Expression]] = defaultdict(list)
    for group in groups:
        expressions = [tuple(words.words_of(one)) for one in group]
        for one in expressions:
            for key in dict.fromkeys(_keys(one, language)):
                found[key] += [other for other in expressions if other != one]
    return dict(found)
