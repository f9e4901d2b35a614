"""Changes between documents: what differs is what makes one of the other, and two hands meet."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.changes import BadChanges, Changes, Conflict, apply, diff, merge
from services.document_schema import section
from services.fields import FIELDS, Audience
from services.shape import Items, NoSuchPath, at, document_of, shape_of, values_of
from tests import factories

TEXTS = {
    "type": "object",
    "propertyNames": {"pattern": "^[a-z]{2,3}$"},
    "additionalProperties": {"type": "string"},
}
DATE = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "starts": {"type": "string"}},
    "required": ["id", "starts"],
}
CONTACT = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "email": {"type": "string", "maxLength": 20},
        "title": TEXTS,
        "dates": {"type": "array", "items": DATE},
    },
    "required": ["id", "email", "title", "dates"],
}
# A small document with every shape there is: values, texts, lists as one value, lists of items in items.
SCHEMA = {
    "type": "object",
    "properties": {
        "price": {"type": ["string", "null"]},
        "needs": {"type": "array", "items": {"type": "string"}},
        "contacts": {"type": "array", "items": CONTACT},
        "texts": {
            "type": "object",
            "propertyNames": {"pattern": "^[a-z]{2,3}$"},
            "additionalProperties": {
                "type": "object",
                "properties": {"name": {"type": "string", "maxLength": 20}, "summary": {"type": "string"}},
                "additionalProperties": False,
            },
        },
    },
    "required": ["price", "needs", "contacts", "texts"],
}
SHAPE = shape_of(SCHEMA)
REAL = shape_of({
    "type": "object",
    "properties": {audience.value: section(audience) for audience in Audience},
    "required": [audience.value for audience in Audience],
})  # fmt: skip

words = st.text("abåö ", min_size=1, max_size=6)
ids = st.sampled_from(["a", "b", "c", "d"])
texts = st.dictionaries(st.sampled_from(["fi", "sv", "en"]), words, max_size=3)


def items(**parts: Any) -> Any:
    return st.lists(st.fixed_dictionaries({"id": ids} | parts), unique_by=lambda item: item["id"], max_size=4)


documents = st.fixed_dictionaries(
    {
        "price": st.none() | words,
        "needs": st.lists(words, max_size=3),
        "contacts": items(email=words, title=texts, dates=items(starts=words)),
        "texts": st.dictionaries(
            st.sampled_from(["fi", "sv"]),
            st.dictionaries(st.sampled_from(["name", "summary"]), words, min_size=1),
        ),
    }
)
EMPTY: dict[str, Any] = {"price": None, "needs": [], "contacts": [], "texts": {}}
AINO = {"id": "a", "email": "aino@x.fi", "title": {"fi": "Neuvoja"}, "dates": []}


@given(documents)
def test_a_document_is_what_its_values_say(document: Any) -> None:
    assert document_of(values_of(document, SHAPE), SHAPE) == document


@given(documents, documents)
def test_what_differs_makes_one_document_of_the_other(old: Any, new: Any) -> None:
    before = copy.deepcopy(old)
    assert apply(old, diff(old, new, SHAPE), SHAPE) == new
    assert old == before, "nothing is changed in place"


@given(documents)
def test_a_document_does_not_differ_from_itself(document: Any) -> None:
    assert diff(document, document, SHAPE) == {}


@given(documents, documents)
def test_what_differs_names_only_what_differs(old: Any, new: Any) -> None:
    before, after = values_of(old, SHAPE), values_of(new, SHAPE)
    for path, value in diff(old, new, SHAPE).items():
        assert before.get(path, "") != value
        assert after.get(path, "") == value


@given(documents, documents)
def test_where_the_others_did_nothing_all_of_mine_is_carried(base: Any, mine: Any) -> None:
    merged = merge(base, diff(base, mine, SHAPE), base, SHAPE)
    assert merged.conflicts == ()
    assert apply(base, merged.changes, SHAPE) == mine


@given(documents, documents)
def test_where_i_did_nothing_all_of_theirs_stays(base: Any, theirs: Any) -> None:
    merged = merge(base, {}, theirs, SHAPE)
    assert (merged.changes, merged.conflicts) == ({}, ())


@given(documents, documents)
def test_two_who_did_the_same_agree(base: Any, both: Any) -> None:
    merged = merge(base, diff(base, both, SHAPE), both, SHAPE)
    assert merged.conflicts == ()
    assert apply(both, merged.changes, SHAPE) == both


@given(documents, documents, documents)
def test_whatever_two_do_the_merge_can_be_applied_and_no_word_is_lost(
    base: Any, mine: Any, theirs: Any
) -> None:
    wanted = diff(base, mine, SHAPE)
    merged = merge(base, wanted, theirs, SHAPE)
    result = values_of(apply(theirs, merged.changes, SHAPE), SHAPE)
    asked = {conflict.path for conflict in merged.conflicts}
    for path, value in wanted.items():
        if not isinstance(at(SHAPE, path), Items):
            assert path in asked or result.get(path, "") == value
    others = diff(base, theirs, SHAPE)
    both = {path for path in wanted if path in others and not isinstance(at(SHAPE, path), Items)}
    assert {path for path in both if wanted[path] != others[path]} <= asked
    for path, value in others.items():
        if not isinstance(at(SHAPE, path), Items) and path not in wanted:
            removed_by_me = path[0] == "contacts" and path not in result
            assert removed_by_me or result.get(path, "") == value


@given(documents, documents, documents)
def test_on_different_paths_both_are_carried_whoever_comes_first(base: Any, one: Any, two: Any) -> None:
    first = within(base, diff(base, one, SHAPE))
    second = {
        path: value for path, value in within(base, diff(base, two, SHAPE)).items() if path not in first
    }
    by_one, by_two = apply(base, first, SHAPE), apply(base, second, SHAPE)
    there, back = merge(base, second, by_one, SHAPE), merge(base, first, by_two, SHAPE)
    assert (there.conflicts, back.conflicts) == ((), ())
    assert apply(by_one, there.changes, SHAPE) == apply(by_two, back.changes, SHAPE)


def within(base: Any, changes: Changes) -> Changes:
    """Leave out what changes lists, and what belongs to items that the base does not have."""
    items = {item["id"]: [date["id"] for date in item["dates"]] for item in base["contacts"]}

    def is_there(path: tuple[str, ...]) -> bool:
        if path[0] != "contacts":
            return True
        return path[1] in items and (path[2] != "dates" or path[3] in items[path[1]])

    return {
        path: value
        for path, value in changes.items()
        if not isinstance(at(SHAPE, path), Items) and is_there(path)
    }


def test_two_who_each_add_a_contact_both_keep_theirs() -> None:
    onni = AINO | {"id": "b", "email": "onni@x.fi"}
    merged = merge(
        EMPTY, diff(EMPTY, EMPTY | {"contacts": [AINO]}, SHAPE), EMPTY | {"contacts": [onni]}, SHAPE
    )
    result = apply(EMPTY | {"contacts": [onni]}, merged.changes, SHAPE)
    assert result["contacts"] == [onni, AINO]


def test_a_value_that_both_change_is_asked_about_and_theirs_stays_meanwhile() -> None:
    theirs = EMPTY | {"price": "20.00"}
    merged = merge(EMPTY, {("price",): "10.00"}, theirs, SHAPE)
    assert merged.conflicts == (Conflict(("price",), None, "10.00", "20.00"),)
    assert apply(theirs, merged.changes, SHAPE) == theirs


def test_a_contact_that_one_removes_and_the_other_changes_is_asked_about_and_stays() -> None:
    base = EMPTY | {"contacts": [AINO]}
    changed = EMPTY | {"contacts": [AINO | {"email": "uusi@x.fi"}]}
    merged = merge(base, diff(base, EMPTY, SHAPE), changed, SHAPE)
    assert [conflict.path for conflict in merged.conflicts] == [("contacts", "a")]
    assert apply(changed, merged.changes, SHAPE) == changed
    other = merge(base, diff(base, changed, SHAPE), EMPTY, SHAPE)
    assert other.conflicts == (Conflict(("contacts", "a", "email"), "aino@x.fi", "uusi@x.fi", None),)


@pytest.mark.parametrize(
    "path",
    [
        ("colour",), ("texts", "fi", "colour"), ("texts", "FI", "name"), ("texts", "fi"), ("contacts", "a"),
        ("contacts", "a", "colour"), ("price", "x"), (), ("needs", "x"),
    ],
)  # fmt: skip
def test_a_path_that_does_not_exist_is_refused(path: tuple[str, ...]) -> None:
    with pytest.raises(NoSuchPath):
        at(SHAPE, path)
    with pytest.raises(BadChanges) as refused:
        apply(EMPTY, {path: "x", ("price",): "1"}, SHAPE)
    assert [problem.path for problem in refused.value.problems] == [path]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("price",), 5),
        (("needs",), "x"),
        (("texts", "fi", "name"), "x" * 21),
        (("texts", "fi", "name"), None),
        (("contacts",), ["a", "a"]),
        (("contacts",), None),
        (("contacts",), ["a"]),  # an item without its parts
        (("contacts", "z", "email"), "x"),  # of no item of the list
    ],
)
def test_a_value_of_another_kind_is_refused_at_its_place(path: tuple[str, ...], value: Any) -> None:
    with pytest.raises(BadChanges) as refused:
        apply(EMPTY, {path: value}, SHAPE)
    assert all(problem.path[: len(path)] == path for problem in refused.value.problems)


def test_an_emptied_text_is_gone_and_so_is_a_language_without_any() -> None:
    named = EMPTY | {"texts": {"fi": {"name": "Nimi", "summary": "Lyhyt"}, "sv": {"name": "Namn"}}}
    result = apply(named, {("texts", "sv", "name"): "", ("texts", "fi", "summary"): ""}, SHAPE)
    assert result["texts"] == {"fi": {"name": "Nimi"}}


def test_every_field_of_the_table_has_its_path() -> None:
    for field in FIELDS:
        way = (field.audience.value, "texts", "fi", field.name) if field.translatable else (
            field.audience.value, field.name,
        )  # fmt: skip
        assert at(REAL, way)
        if field.per_municipality:
            assert at(REAL, ("internal", "municipal", "091", "fi", field.name))


def test_the_documents_that_we_have_are_of_this_shape() -> None:
    document = factories.document()
    assert document_of(values_of(document, REAL), REAL) == document
    other = copy.deepcopy(document)
    other["public"]["texts"]["sv"] = {"name": "Språkkafé"}
    other["public"]["languages"] = []
    assert apply(document, diff(document, other, REAL), REAL) == other
