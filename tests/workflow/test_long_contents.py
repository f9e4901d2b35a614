"""However long, deep or repeated a text is, and whatever a form claims: nobody else waits for it."""

import time
from typing import Any

import hypothesis
import pytest
from django.urls import reverse
from hypothesis import strategies as st

from orgs.models import User
from services import fields, limits, rich_text, working_copy
from services.changes import BadChanges
from services.fields import FIELDS, Audience, Kind
from services.models import Service
from tests.clients import Client
from tests.workflow.desk_forms import address, given, posted, save
from workflow.shown import compare

TEXTS = [field for field in FIELDS if field.translatable]
LISTS = {Kind.SCHEDULES, Kind.CONTACTS, Kind.LINKS, Kind.ATTACHMENTS}
# Hostile as far as a text may go: what made the comparison, the sanitiser or the search slow.
HOSTILE = {
    "two letters": "a b " * (limits.RICH_TEXT // 4),
    "one word": "a" * limits.RICH_TEXT,
    "compound": "opetus" * (limits.RICH_TEXT // 6),
    "nested": "<ul><li>" * (limits.RICH_TEXT // 8),
    "tags": "<b>" * (limits.RICH_TEXT // 3),
    "breaks": "<br>" * (limits.RICH_TEXT // 4),
    "entities": "&amp;" * (limits.RICH_TEXT // 5),
    "ordinary": ("Kurssi alkaa syksyllä, ja ilmoittautua voi verkossa. " * 1000)[: limits.RICH_TEXT],
}


@hypothesis.given(st.text(alphabet="ab \nä.", max_size=60), st.text(alphabet="ab \nä.", max_size=60))
def test_a_comparison_holds_both_texts_word_for_word(old: str, new: str) -> None:
    pieces = compare(old, new)
    after = "".join(piece.text for piece in pieces if piece.kind != "del")
    before = "".join(piece.text for piece in pieces if piece.kind != "ins")
    assert after == new
    assert before == old
    assert old != new or all(piece.kind == "same" for piece in pieces)


def test_a_comparison_marks_the_words_that_changed() -> None:
    pieces = compare("Kurssi alkaa syksyllä. Ota yhteyttä.", "Kurssi alkaa vasta keväällä. Ota yhteyttä.")
    assert [(one.kind, one.text) for one in pieces] == [
        ("same", "Kurssi alkaa "),
        ("del", "syksyllä"),
        ("ins", "vasta keväällä"),
        ("same", ". Ota yhteyttä."),
    ]


@pytest.mark.parametrize("other", sorted(HOSTILE))
@pytest.mark.parametrize("one", sorted(HOSTILE))
def test_no_two_texts_take_a_second_to_compare(one: str, other: str) -> None:
    old, new = (rich_text.plain(rich_text.sanitise(HOSTILE[name])) for name in (one, other))
    begun = time.process_time()
    compare(old, new[::-1])
    assert time.process_time() - begun < 1


def test_what_is_too_long_to_be_compared_is_shown_as_a_whole() -> None:
    old, new = "a b " * 30_000, "b a " * 30_000
    assert [(one.kind, one.text) for one in compare(old, new)] == [("del", old), ("ins", new)]


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_text_is_saved_or_refused_and_shown_within_seconds(
    name: str, whole: Service, writer: Client
) -> None:
    begun = time.process_time()
    answer = save(writer, address(whole, "description"), given({"public-description": HOSTILE[name]}))
    assert answer.status_code == (422 if name == "nested" else 302)
    for page in ("service", "preview"):
        assert writer.get(reverse(f"desk:{page}", args=[whole.external_id])).status_code == 200
    assert time.process_time() - begun < 6


@pytest.mark.parametrize("field", TEXTS, ids=lambda field: field.name)
def test_every_text_has_a_length_that_is_said_before_anything_is_done_with_it(
    field: fields.Field, whole: Service, writer: Client
) -> None:
    assert field.longest
    name = f"{field.audience.value}-{field.name}"
    page = address(whole, field.group.value)
    before = working_copy.revision_of(whole)
    begun = time.process_time()
    answer = save(writer, page, given({name: "<ul><li>" * field.longest}))
    assert answer.status_code == 422
    assert time.process_time() - begun < 3
    assert [anchor for anchor, _label, _message in answer.context["errors"]] == [f"id_{name}"]
    assert str(field.longest) in answer.context["errors"][0][2].replace("\xa0", "")
    assert working_copy.revision_of(whole) == before
    path = (field.audience.value, "texts", "fi", field.name)
    with pytest.raises(BadChanges):
        working_copy.apply(whole, {path: "x" * (field.longest + 1)}, base=before, by=_writer())


def _writer() -> User:
    return User.objects.get(memberships__role="ict_specialist")


@pytest.mark.parametrize("field", [f for f in FIELDS if f.kind in LISTS], ids=lambda field: field.name)
def test_every_text_of_an_item_has_a_length(field: fields.Field, whole: Service, writer: Client) -> None:
    for part in fields.TEXTS_IN[field.kind]:
        box = f"{field.audience.value}-{field.name}-0-{part}_fi"
        answer = save(writer, address(whole, field.group.value), given({box: "x" * 2001}))
        assert answer.status_code == 422, box


def test_lists_within_lists_have_a_depth(whole: Service) -> None:
    for levels, fits in ((limits.DEPTH // 2, True), (limits.DEPTH // 2 + 1, False)):
        text = "<ul><li>" * levels + "x" + "</li></ul>" * levels
        change: dict[tuple[str, ...], Any] = {("internal", "municipal", "049", "fi", "guidance"): text}
        if fits:
            working_copy.apply(whole, change, base=working_copy.revision_of(whole), by=_writer())
        else:
            with pytest.raises(BadChanges, match="sisäkkäin"):
                working_copy.apply(whole, change, base=working_copy.revision_of(whole), by=_writer())


def test_a_document_has_a_length_as_a_whole(whole: Service) -> None:
    text = "x" * (limits.RICH_TEXT - 10)
    changes: dict[tuple[str, ...], Any] = {
        (Audience.INTERNAL.value, "municipal", code, language, "guidance"): text
        for code in ("049", "091", "092", "235", "257", "434", "018")
        for language in ("fi", "sv", "en")
    }
    with pytest.raises(BadChanges, match="yhteensä liian pitkiä"):
        working_copy.apply(whole, changes, base=working_copy.revision_of(whole), by=_writer())


def test_a_form_has_as_many_items_as_came_whatever_it_claims(whole: Service, writer: Client) -> None:
    """Twenty times with two hundred and twenty dates each, claimed in two kilobytes."""
    page = address(whole, "time_and_place")
    data = posted(writer.get(page))
    claimed = {"public-schedules-TOTAL_FORMS": "200"} | {
        f"public-schedules-{number}-dates-TOTAL_FORMS": "220" for number in range(200)
    }
    begun = time.process_time()
    answer = writer.post(page, data | claimed)
    assert time.process_time() - begun < 8
    assert answer.status_code in (302, 422)


def test_a_form_that_skips_numbers_makes_none_of_them(whole: Service, writer: Client) -> None:
    page = address(whole, "contacts")
    data = posted(writer.get(page))
    before = working_copy.read(whole)
    answer = writer.post(
        page, data | {"public-links-TOTAL_FORMS": "200", "public-links-199-url": "https://a.fi"}
    )
    assert answer.status_code == 302
    assert working_copy.read(whole) == before
