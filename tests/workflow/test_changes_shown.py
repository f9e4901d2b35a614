"""A reviewer sees every change: whatever differs in a text differs on the page, in every language."""

import pytest
from django.utils.translation import override

from services import documents, shape, tracks
from services.documents import SHAPE
from services.fields import Document, Kind
from services.models import Term
from services.shape import values_of
from tests import factories
from tests.workflow.desk_forms import full
from workflow.desk.changes import Change, changes_between

LANGUAGES = ("fi", "sv", "en")


@pytest.fixture
def document(vocabulary: dict[tuple[str, str], Term]) -> Document:
    """Return a document with every kind of value, whose items have their texts in two languages."""
    factories.agreement()
    values = values_of(full(), SHAPE)
    translated = {
        (*path[:-1], "sv"): f"På svenska: {value}"
        for path, value in values.items()
        if path[-1] == "fi" and isinstance(value, str)
    }
    result: Document = shape.document_of(values | translated, SHAPE)
    return result


def shown(change: Change) -> str:
    return "".join(piece.text for line in change.lines for piece in line.after)


def test_a_changed_text_of_any_field_item_and_language_is_seen(document: Document) -> None:
    values = values_of(document, SHAPE)
    texts = [path for path, value in values.items() if documents.language_of(path) and value]
    assert {path[1] for path in texts} >= {"texts", "contacts", "links", "schedules"}
    for path in texts:
        rich = documents.field_of(path).kind is Kind.RICH
        changed = shape.document_of(values | {path: "<p>Toisin.</p>" if rich else "Toisin."}, SHAPE)
        for language in LANGUAGES:
            with override(language):
                (change,) = changes_between(document, changed, tracks.part_of(path))
            assert any(piece.kind == "ins" for line in change.lines for piece in line.after), (path, language)


def test_an_items_languages_are_named_as_in_a_sentence(document: Document) -> None:
    values = values_of(document, SHAPE)
    place = next(path for path in values if path[1] == "links" and path[-1] == "sv")
    changed = shape.document_of(values | {place: "Webbsidor"}, SHAPE)
    for language, words in (("fi", "ruotsi: Webbsidor"), ("sv", "Webbsidor ("), ("en", "Swedish: Webbsidor")):
        with override(language):
            (change,) = changes_between(document, changed, tracks.PUBLIC)
        assert words in shown(change)
