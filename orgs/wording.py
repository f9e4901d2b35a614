"""How labels and sizes stand inside sentences and lists."""

from collections.abc import Sequence

from django.utils.translation import get_language

_KILO = 1000
# Where names of languages are written like other words, with a small first letter.
_SMALL_LANGUAGES = ("fi", "sv")


def languages_listed(names: Sequence[str]) -> str:
    """Return names of languages in a row, as the page's language writes them: Suomi, ruotsi."""
    if get_language() not in _SMALL_LANGUAGES:
        return ", ".join(names)
    return ", ".join(name if place == 0 else lower_first(name) for place, name in enumerate(names))


def lower_first(text: str) -> str:
    """Return a label as it stands inside a sentence; abbreviations stay as they are.

    >>> lower_first("Main user"), lower_first("ICT specialist")
    ('main user', 'ICT specialist')
    """
    return text if text[1:2].isupper() or text[1:2].isdigit() else f"{text[:1].lower()}{text[1:]}"


def file_size(size: int) -> str:
    """Return a size as people say it: 180 kt, 2,3 Mt; in English kB and MB."""
    units = {"fi": ("kt", "Mt"), "sv": ("kB", "MB")}.get(get_language() or "", ("kB", "MB"))
    if size < _KILO * _KILO:
        return f"{max(1, round(size / _KILO))} {units[0]}"
    number = f"{size / _KILO / _KILO:.1f}".removesuffix(".0")
    return f"{number if get_language() == 'en' else number.replace('.', ',')} {units[1]}"
