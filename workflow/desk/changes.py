"""What a working copy changes of what is published, field by field, for those who review it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst

from orgs.localised import SOURCE_LANGUAGE, language_names
from services import documents, fields, tracks
from services.fields import FIELDS, GROUP_LABELS, Audience, Document, Field, Group, Label
from services.shape import Path
from services.tracks import PUBLIC, Part
from workflow import review
from workflow.desk.section_form import path_of, value_at
from workflow.shown import Line, lines, parts


@dataclass(frozen=True)
class Change:
    """A field that differs: its value before and after, side by side.

    `language` is that of the text, empty where the value has none; `touches` are the internal
    sections that the change probably bears on.
    """

    field: Field
    language: str
    lines: list[Line]
    touches: list[tuple[Group, Label]]

    @property
    def language_name(self) -> str:
        """Return the language in words, where it is not the one that everything is written in first."""
        return "" if self.language in ("", SOURCE_LANGUAGE) else capfirst(language_names([self.language]))


def changes_between(old: Document | None, new: Document, part: Part) -> list[Change]:
    """Return the fields of a part that differ, in form order."""
    before = old or documents.empty()
    found = []
    for field, language in _places(tracks.diff(old, new, part)):
        path = path_of(field, language or SOURCE_LANGUAGE, part.municipality or None)
        both = [parts(field, value_at(document, path)) for document in (before, new)]
        touches = [(group, GROUP_LABELS[group]) for group in review.touched([field])]
        found.append(Change(field, language, lines(*both), touches if part == PUBLIC else []))
    return found


def _places(paths: Iterable[Path]) -> list[tuple[Field, str]]:
    """Return each field that the paths lead into, with the language of its text, in form order."""
    places = {(documents.field_of(path), _language_of_text(path)) for path in paths}
    return sorted(places, key=lambda place: (FIELDS.index(place[0]), place[1] != SOURCE_LANGUAGE, place[1]))


def _language_of_text(path: Path) -> str:
    """Return the language of a field's text; none of a list's, which is shown as a whole."""
    if documents.municipality_of(path):
        return path[3]
    return path[2] if path[1] == "texts" else ""


def unchanged(document: Document, changes: Sequence[Change]) -> int:
    """Return how many filled public fields stay as they are."""
    changed = {change.field for change in changes}
    return sum(
        field not in changed and bool(_any_value(document, field)) for field in fields.of(Audience.PUBLIC)
    )


def _any_value(document: Document, field: Field) -> Any:
    if not field.translatable:
        return document["public"][field.name]
    return [texts[field.name] for texts in document["public"]["texts"].values() if texts.get(field.name)]


@dataclass(frozen=True)
class InternalSection:
    """An internal section that a reviewer stands by: what it says, and whether that has been confirmed."""

    group: Group
    label: Label
    text: list[tuple[str, str]]  # label of the field and its value in words
    confirmed: bool
    touched: bool


def internal_sections(
    working: Document, unconfirmed: Collection[Group], changed: Sequence[Change]
) -> list[InternalSection]:
    """Return the internal sections, those first that the changes bear on and that are not confirmed."""
    touched = review.touched([change.field for change in changed])
    found = [
        InternalSection(
            group,
            GROUP_LABELS[group],
            _said(working, group),
            confirmed=group not in unconfirmed,
            touched=group in touched,
        )
        for group in review.sections(working)
    ]
    return sorted(found, key=lambda one: (one.confirmed, not one.touched))


def _said(working: Document, group: Group) -> list[tuple[str, str]]:
    said = []
    for field in review.fields_of_group(group):
        value = value_at(working, path_of(field, SOURCE_LANGUAGE))
        words = "; ".join(parts(field, value).values())
        if words:
            said.append((str(field.label), words))
    return said
