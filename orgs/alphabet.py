"""The Finnish and Swedish alphabetical order, in Python and in the database, on any PostgreSQL."""

import unicodedata

from django.db.models import CharField, Func
from django.db.models.functions import Collate

# Å, ä and ö are letters of their own, after z; other marks make no difference.
_LETTERS, _LAST = "åäöæø", "{|}|}"


def alphabetical(name: str) -> str:
    """Return a key whose plain order is the Finnish and Swedish alphabetical order."""
    moved = unicodedata.normalize("NFC", name).casefold().translate(str.maketrans(_LETTERS, _LAST))
    letters = unicodedata.normalize("NFD", moved)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


class _Key(Func):
    """The same key, for letters of Latin alphabets; needs no locale of the database's."""

    arity = 1
    output_field = CharField()
    template = (
        f"lower(regexp_replace(normalize(translate(%(expressions)s, '{_LETTERS}{_LETTERS.upper()}',"
        f" '{_LAST}{_LAST}'), NFD), '[\u0300-\u036f]', '', 'g'))"
    )


def by_alphabet(expression: object) -> Collate:
    """Return what to order rows by, so that they stand as `alphabetical` has them."""
    return Collate(_Key(expression), "C")
