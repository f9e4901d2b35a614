"""A service's document: its shape, an empty one, and the one form in which its values are kept.

A document has a section for each audience (`public`, `internal`, `editors`) and holds keys and ids
instead of rows. The working copy is one, versions freeze it, the exchange format carries it, and
completeness, review and search look at it. Pure: no database here.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

from orgs.localised import SOURCE_LANGUAGE
from services import changes, document_schema, fields, shape
from services.changes import Changes
from services.fields import Audience, Document, Field, Kind
from services.rich_text import sanitise
from services.shape import ByName, Items, Path

SHAPE = shape.shape_of(document_schema.document())
_LANGUAGE = re.compile(document_schema.LANGUAGE)
_SETS = {Kind.TERMS, Kind.OPTIONS, Kind.ORGANISATIONS, Kind.MUNICIPALITIES, Kind.SERVICES}


def empty() -> Document:
    """Return the document of a service of which nothing has been said."""
    document: Document = {
        audience.value: {field.name: field.empty for field in fields.of(audience) if not field.translatable}
        for audience in Audience
    }
    document["public"]["texts"] = {}
    document["internal"] |= {"texts": {}, "municipal": {}}
    return document


def text(audience: Audience, language: str, name: str) -> Path:
    """Return the path of a text."""
    return (audience.value, "texts", language, name)


def municipal_text(code: str, language: str, name: str) -> Path:
    """Return the path of one municipality's part of a text."""
    return ("internal", "municipal", code, language, name)


def audience_of(path: Path) -> Audience:
    """Return whose information the value at a path is."""
    return Audience(path[0])


def municipality_of(path: Path) -> str | None:
    """Return the code of the municipality whose part the path leads into."""
    return path[2] if path[:2] == ("internal", "municipal") else None


def field_of(path: Path) -> Field:
    """Return the table's entry that a path leads to; raises KeyError where there is none."""
    names = {"texts": 3, "municipal": 4}
    return fields.field(audience_of(path), path[names.get(path[1], 1)])


def language_of(path: Path) -> str | None:
    """Return the language of the text at a path; None where the value has none."""
    here: shape.Shape = SHAPE
    for step in path:
        if isinstance(here, ByName) and _LANGUAGE.fullmatch(step):
            return step
        here = shape.below(here, step, path)
    return None


def clean(path: Path, value: Any) -> Any:
    """Return a value in the form in which documents hold it, so that equal contents are equal.

    A value of a wrong kind is returned as it is: telling so is for the check of kinds.
    """
    if isinstance(value, str):
        rich = field_of(path).kind is Kind.RICH
        return sanitise(value) if rich else value.strip()
    if isinstance(value, list) and len(path) == 2 and field_of(path).kind in _SETS:
        return sorted(set(value)) if all(isinstance(one, str) for one in value) else value
    return value


def normalised(document: Document) -> Document:
    """Return a well-shaped document with every value in the form in which documents hold it."""
    values = {path: clean(path, value) for path, value in shape.values_of(document, SHAPE).items()}
    result: Document = shape.document_of(values, SHAPE)
    return result


def diff(old: Document, new: Document) -> Changes:
    """Return the changes that make `new` of `old`."""
    return changes.diff(old, new, SHAPE)


def changed_fields(old: Document | None, new: Document, audience: Audience) -> list[Field]:
    """Return the fields of an audience that differ, in form order; all that are filled where old is None."""
    differing = diff(old or empty(), new)
    found = {field_of(path).name for path in differing if audience_of(path) is audience}
    return [field for field in fields.of(audience) if field.name in found]


def changed_languages(old: Document, new: Document) -> set[str]:
    """Return the languages in which any text differs."""
    return {language for path in diff(old, new) if (language := language_of(path))}


def carried(
    new: Document, old: Document | None, languages: list[str], along: Collection[str] = (SOURCE_LANGUAGE,)
) -> Document:
    """Return the document to freeze: texts of `languages` from `new`, the others as they were in `old`.

    Values without a language come from `new`. What is new in a list brings its words in the languages
    `along`, since it would stand there without any. Source: docs/rules.md section 3 (languages).
    """
    before = shape.values_of(old, SHAPE) if old else {}
    wanted = shape.values_of(new, SHAPE)
    values = {
        path: value
        for path, value in wanted.items()
        if (language := language_of(path)) is None
        or language in languages
        or (language in along and _is_new_item(path, before))
    }
    values |= {
        path: value
        for path, value in before.items()
        if (language := language_of(path)) and language not in languages and _stands(path, wanted)
    }
    result: Document = shape.document_of(values, SHAPE)
    return result


def _items_above(path: Path) -> list[Path]:
    """Return the paths of the lists that a path leads through."""
    found, here = [], SHAPE
    for index, step in enumerate(path):
        if isinstance(here, Items):
            found.append(path[:index])
        here = shape.below(here, step, path)
    return found


def _is_new_item(path: Path, before: Mapping[Path, Any]) -> bool:
    return any(path[len(above)] not in before.get(above, ()) for above in _items_above(path))


def _stands(path: Path, values: Mapping[Path, Any]) -> bool:
    return all(path[len(above)] in values.get(above, ()) for above in _items_above(path))
