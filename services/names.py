"""What things are called: a service while it is worked on, and addresses made of names."""

from collections.abc import Callable
from itertools import count

from django.db.models import F, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Collate
from django.utils.text import slugify

from orgs.alphabet import by_alphabet
from orgs.localised import SOURCE_LANGUAGE, page_language, reading
from services.models import Service


def name_of(service: Service, language: str) -> str:
    """Return the working copy's name in `language` or in Finnish, the identifier where it has none."""
    return reading(service.names, language).text or service.external_id


def in_alphabet(language: str) -> Collate:
    """Return what to order services by, so that their names in `language` stand as in a dictionary."""
    return by_alphabet(Coalesce(KT(f"names__{language}"), KT("names__fi"), F("external_id")))


def free_key(name: str, is_taken: Callable[[str], bool], *, longest: int, otherwise: str) -> str:
    """Return a key of small letters, digits and hyphens made of a name, that is not taken.

    Two of one name are told apart by a number; it has at most `longest` characters and the number.
    A name without such letters gives `otherwise`. Ask within the transaction that takes the key.
    """
    wanted = slugify(name.replace("_", " "))[:longest].strip("-") or otherwise
    numbered = (wanted if number == 1 else f"{wanted}-{number}" for number in count(1))
    return next(key for key in numbered if not is_taken(key))


def named_like(prefix: str, words: str) -> Q:
    """Match services whose working name has the words, in Finnish or the language of the page.

    `prefix` leads to the service, as in "service__".
    """
    matched = Q()
    for language in (SOURCE_LANGUAGE, page_language()):
        matched |= Q(**{f"{prefix}names__{language}__icontains": words})
    return matched
