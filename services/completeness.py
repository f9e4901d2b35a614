"""What is still missing before a service can be submitted or published: pure rules over a document."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from orgs.localised import SOURCE_LANGUAGE, language_names
from services.fields import FIELDS, Audience, Document, Field, Kind, Stage
from services.rich_text import plain


@dataclass(frozen=True)
class Missing:
    """A required field with no value; `language` is None where the field has no languages."""

    field: Field
    language: str | None = None

    @property
    def named(self) -> str:
        """Return its label, with the language in words where that is not Finnish."""
        if self.language in (None, SOURCE_LANGUAGE):
            return str(self.field.label)
        return f"{self.field.label} ({language_names([self.language])})"


def required(document: Document, stage: Stage, languages: Iterable[str]) -> list[Missing]:
    """Return everything that must be filled in at `stage` when the document is carried in `languages`.

    A field required at submission is required at publication too. Public texts are required in
    every language carried; internal texts in Finnish only.
    """
    carried = list(languages)
    found = []
    for field in FIELDS:
        if field.required is None or field.required.value > stage.value:
            continue
        if field.when is not None and not field.when.holds(document):
            continue
        if not field.translatable:
            found.append(Missing(field))
        else:
            wanted = carried if field.audience is Audience.PUBLIC else [SOURCE_LANGUAGE]
            found += [Missing(field, language) for language in wanted]
    return found


def missing(document: Document, stage: Stage, languages: Iterable[str]) -> list[Missing]:
    """Return what of that the document lacks."""
    return [one for one in required(document, stage, languages) if _lacks(document, one)]


def _lacks(document: Document, one: Missing) -> bool:
    section: Mapping[str, Any] = document[one.field.audience.value]
    if one.language is not None:
        section = section["texts"].get(one.language, {})
    return is_empty(one.field, section.get(one.field.name))


def is_empty(field: Field, value: Any) -> bool:
    """Tell whether a value counts as not filled in. False and zero are answers."""
    if field.kind is Kind.RICH:
        return not plain(value or "").strip()
    return value is None or value == "" or value == []
