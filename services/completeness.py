"""What is still missing before a service can be submitted or published: pure rules over a document."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.fields import FIELDS, Audience, Document, Field, Kind, Stage
from services.rich_text import plain


@dataclass(frozen=True)
class Missing:
    """A required field with no value; `language` is None where the field has no languages."""

    field: Field
    language: str | None = None


def missing(document: Document, stage: Stage, languages: Iterable[str]) -> list[Missing]:
    """Return what `document` lacks for `stage` when it is carried forward in `languages`.

    A field required at submission is required at publication too. Public texts are required in
    every language carried; internal texts in Finnish only.
    """
    lacking = []
    for field in FIELDS:
        if field.required is None or field.required.value > stage.value:
            continue
        if field.when is not None and not field.when.holds(document):
            continue
        section = document[field.audience.value]
        if not field.translatable:
            if is_empty(field, section.get(field.name)):
                lacking.append(Missing(field))
            continue
        wanted = languages if field.audience is Audience.PUBLIC else ["fi"]
        texts: Mapping[str, Mapping[str, str]] = section["texts"]
        lacking += [
            Missing(field, language)
            for language in wanted
            if is_empty(field, texts.get(language, {}).get(field.name))
        ]
    return lacking


def is_empty(field: Field, value: Any) -> bool:
    """Tell whether a value counts as not filled in. False and zero are answers."""
    if field.kind is Kind.RICH:
        return not plain(value or "").strip()
    return value is None or value == "" or value == []
