"""Finding services at the desk by their working names."""

from django.db.models import Q

from orgs.localised import SOURCE_LANGUAGE, page_language


def named_like(prefix: str, words: str) -> Q:
    """Match services whose working name has the words, in Finnish or the language of the page.

    `prefix` leads to the service, as in "service__".
    """
    matched = Q()
    for language in (SOURCE_LANGUAGE, page_language()):
        matched |= Q(**{f"{prefix}names__{language}__icontains": words})
    return matched
