"""A document's values by path, and a document from changed values.

A path names one value within its audience's section: "price", "texts.sv.summary" or
"municipal.091.fi.guidance". Edits, merging and history all speak of values this way.
"""

import copy
from collections.abc import Mapping
from typing import Any, NamedTuple

from services import fields
from services.fields import Audience, Document, Field, Kind
from services.rich_text import sanitise

_TEXTS, _MUNICIPAL = "texts", "municipal"
_SETS = (Kind.TERMS, Kind.OPTIONS, Kind.ORGANISATIONS, Kind.SERVICES, Kind.MUNICIPALITIES)


class Path(NamedTuple):
    """Where a value stands: the audience's section, and the way within it."""

    audience: Audience
    way: str

    @property
    def field(self) -> Field:
        """Return the table's entry of the value; raises KeyError where there is none."""
        return fields.field(self.audience, self.way.rsplit(".", 1)[-1])

    @property
    def language(self) -> str | None:
        """Return the text's language; None where the value has none."""
        parts = self.way.split(".")
        return parts[-2] if len(parts) > 1 else None

    @property
    def municipality(self) -> str | None:
        """Return the municipality's code of a municipal text."""
        parts = self.way.split(".")
        return parts[1] if parts[0] == _MUNICIPAL else None


def text(audience: Audience, language: str, name: str) -> Path:
    """Return the path of a text."""
    return Path(audience, f"{_TEXTS}.{language}.{name}")


def municipal(code: str, language: str, name: str) -> Path:
    """Return the path of a municipality's own text."""
    return Path(Audience.INTERNAL, f"{_MUNICIPAL}.{code}.{language}.{name}")


def values_of(document: Document) -> dict[Path, Any]:
    """Return every value of a document by its path; empty texts are left out."""
    found: dict[Path, Any] = {}
    for audience in Audience:
        section = document[audience.value]
        for field in fields.of(audience):
            if not field.translatable:
                found[Path(audience, field.name)] = section[field.name]
        for language, texts in section.get(_TEXTS, {}).items():
            found |= {text(audience, language, name): value for name, value in texts.items()}
    for part in document["internal"][_MUNICIPAL]:
        for language, texts in part["texts"].items():
            found |= {municipal(part["municipality"], language, name): value for name, value in texts.items()}
    return found


def clean(path: Path, value: Any) -> Any:
    """Return a value in the form in which documents hold it, so that equal contents are equal."""
    field = path.field
    if field.translatable:
        return sanitise(value or "") if field.kind is Kind.RICH else (value or "").strip()
    return sorted(set(value)) if field.kind in _SETS else value


def value_at(values: Mapping[Path, Any], path: Path) -> Any:
    """Return the value at a path; an empty text where a text is not there."""
    return values.get(path, "" if path.field.translatable else None)


def changed(before: Document | None, after: Document) -> dict[Path, tuple[Any, Any]]:
    """Return what differs between two documents: the value before and after, by path."""
    old, new = values_of(before) if before else {}, values_of(after)
    paths = dict.fromkeys([*old, *new])
    pairs = {path: (value_at(old, path), value_at(new, path)) for path in paths}
    return {path: pair for path, pair in pairs.items() if pair[0] != pair[1]}


def changed_fields(before: Document | None, after: Document, audience: Audience) -> list[Field]:
    """Return the fields of an audience that differ, in form order."""
    names = {path.field.name for path in changed(before, after) if path.audience is audience}
    return [field for field in fields.of(audience) if field.name in names]


def with_values(document: Document, values: Mapping[Path, Any]) -> Document:
    """Return a copy of a document with `values` in place of what stands at their paths."""
    result = copy.deepcopy(document)
    for path, value in values.items():
        section = result[path.audience.value]
        if path.municipality:
            _set_municipal(section, path, value)
        elif path.language:
            _set_text(section[_TEXTS], path, value)
        else:
            section[path.way] = value
    return _settled(result)


def _set_text(texts: dict[str, dict[str, str]], path: Path, value: str) -> None:
    language = path.language or ""
    own = texts.setdefault(language, {})
    own.pop(path.field.name, None)
    if value:
        own[path.field.name] = value
    if not own:
        del texts[language]


def _set_municipal(section: dict[str, Any], path: Path, value: str) -> None:
    parts = {part["municipality"]: part["texts"] for part in section[_MUNICIPAL]}
    texts = parts.setdefault(path.municipality, {})
    _set_text(texts, path, value)
    section[_MUNICIPAL] = [
        {"municipality": code, "texts": dict(sorted(texts.items()))}
        for code, texts in sorted(parts.items())
        if texts
    ]


def _settled(document: Document) -> Document:
    """Return the document without what its other answers make meaningless, which the database refuses."""
    public = document["public"]
    if not public["paid"]:
        public["price"] = None
    if public["all_ages"]:
        public["age_min"] = public["age_max"] = None
    if public["any_municipality"]:
        public["municipalities"] = []
    for name in ("public", "internal"):
        document[name][_TEXTS] = dict(sorted(document[name][_TEXTS].items()))
    return document
