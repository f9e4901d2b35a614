"""Short texts in several languages, kept as one JSON object: {"fi": "...", "sv": "..."}.

Names, titles and labels of things are these; a service's texts stand in its document. A new language
needs no change of schema.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from babel import Locale
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _

SOURCE_LANGUAGE = "fi"


class Reading(NamedTuple):
    """A text as a reader gets it, and the language that it is really in."""

    text: str
    lang: str


def reading(texts: Mapping[str, str], language: str) -> Reading:
    """Return the text in `language`, or in Finnish, or in any language there is; empty where none.

    Source: docs/rules.md section 3 (a missing version is shown in Finnish, never silently left out).
    """
    for candidate in (language, SOURCE_LANGUAGE, *sorted(texts)):
        if text := texts.get(candidate):
            return Reading(text, candidate)
    return Reading("", language)


def page_language() -> str:
    """Return the language of the page now being made; Finnish outside of pages."""
    return get_language() or SOURCE_LANGUAGE


def here(texts: Mapping[str, str]) -> str:
    """Return the text in the language of the page now being made."""
    return reading(texts, page_language()).text


def language_names(codes: Iterable[str]) -> str:
    """Return languages as they stand inside a sentence of the page now being made: "suomi, ruotsi"."""
    names = Locale(page_language()).languages
    return ", ".join(names.get(code, code) for code in codes)


def validate_texts(value: object) -> None:
    """Refuse anything but a mapping from language codes to texts."""
    if not isinstance(value, dict) or not all(
        isinstance(code, str) and code.isalpha() and len(code) in (2, 3) and isinstance(text, str)
        for code, text in value.items()
    ):
        raise ValidationError(
            _('Write the texts by language code, for example {"fi": "Neuvonta", "sv": "Rådgivning"}.')
        )


def validate_label(value: object) -> None:
    """Refuse texts without a Finnish version: Finnish is what others fall back to."""
    validate_texts(value)
    if isinstance(value, dict) and not value.get(SOURCE_LANGUAGE):
        raise ValidationError(_("The Finnish text is missing. Other languages fall back to it."))


class _ByLanguageField(models.JSONField):
    """Is edited with a box for each language."""

    one_line = False

    def formfield(self, **kwargs: Any) -> Any:
        """Return the form field with a box for each language."""
        from orgs.texts_form import TextsFormField

        kwargs.pop("widget", None)
        own: dict[str, Any] = {"form_class": TextsFormField, "one_line": self.one_line}
        return super().formfield(**own | kwargs)


class TextsField(_ByLanguageField):
    """Texts by language; may be empty."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("default", dict)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("validators", [validate_texts])
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]


class LabelField(_ByLanguageField):
    """Names by language, of which the Finnish one is required."""

    one_line = True

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("validators", [validate_label])
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
