"""A service's document: one form for equal contents, and what a publication in some languages carries."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import documents, shape
from services.completeness import missing
from services.fields import FIELDS, Audience, Document, Field, Stage
from tests import factories

IDS = [f"{field.audience.value}.{field.name}" for field in FIELDS]
LINK = {
    "id": "5f0f2c8e-0000-4000-8000-000000000002",
    "url": "https://kielisilta.example/",
    "title": {"fi": "Sivut", "sv": "Sidorna"},
}


def with_links(*links: dict[str, Any]) -> Document:
    return factories.document(links=list(links))


@pytest.mark.parametrize("field", FIELDS, ids=IDS)
def test_every_field_of_the_table_has_a_path_that_leads_back_to_it(field: Field) -> None:
    name = field.name
    path = documents.text(field.audience, "fi", name) if field.translatable else (field.audience.value, name)
    shape.at(documents.SHAPE, path)
    assert documents.field_of(path) == field
    assert documents.language_of(path) == ("fi" if field.translatable else None)


def test_a_municipalitys_part_has_paths_of_its_own() -> None:
    path = documents.municipal_text("049", "sv", "guidance")
    assert documents.municipality_of(path) == "049"
    assert documents.language_of(path) == "sv"
    assert documents.field_of(path).name == "guidance"
    assert documents.municipality_of(("internal", "obligation")) is None


def test_a_municipality_writes_guidance_exceptions_and_archiving() -> None:
    assert [field.name for field in FIELDS if field.per_municipality] == [
        "guidance", "exceptions", "archiving_text",
    ]  # fmt: skip


def test_the_languages_of_texts_in_lists_are_known() -> None:
    values = shape.values_of(with_links(LINK), documents.SHAPE)
    by_language = {path: documents.language_of(path) for path in values if path[:2] == ("public", "links")}
    assert by_language == {
        ("public", "links"): None,
        ("public", "links", LINK["id"], "url"): None,
        ("public", "links", LINK["id"], "title", "fi"): "fi",
        ("public", "links", LINK["id"], "title", "sv"): "sv",
    }


def test_a_new_service_says_nothing_and_lacks_everything_that_is_required() -> None:
    lacking = {item.field.name for item in missing(documents.empty(), Stage.SUBMISSION, ["fi"])}
    wanted = {field.name for field in FIELDS if field.required is Stage.SUBMISSION and field.when is None}
    assert wanted <= lacking
    assert documents.empty() is not documents.empty()


def test_equal_contents_get_one_form() -> None:
    written = factories.document(
        needs=["work", "language_skills", "work"],
        texts={
            "sv": {},
            "fi": {"name": " Kahvila ", "execution": '<p onclick="x()">A<script>b</script></p>'},
        },
    )
    written["internal"]["municipal"] = {"049": {"fi": {"guidance": ""}}}
    found = documents.normalised(written)
    assert found["public"]["needs"] == ["language_skills", "work"]
    assert found["public"]["texts"] == {"fi": {"name": "Kahvila", "execution": "<p>A</p>"}}
    assert found["internal"]["municipal"] == {}
    assert documents.normalised(found) == found


class TestWhatAPublicationCarries:
    """Publishing in one language carries only that language's words, wherever in the document they are."""

    def test_the_other_languages_stay_as_they_were(self) -> None:
        old = with_links(LINK)
        old["public"]["texts"]["sv"] = {"name": "Språkkafé"}
        new = copy.deepcopy(old)
        new["public"]["texts"]["fi"]["name"] = "Kahvila"
        new["public"]["texts"]["sv"]["name"] = "Kafé"
        new["public"]["links"][0]["title"] = {"fi": "Uudet sivut", "sv": "Nya sidor"}
        new["public"]["paid"] = True
        found = documents.carried(new, old, ["sv"])["public"]
        assert found["texts"]["fi"]["name"] == "Kielikahvila"
        assert found["texts"]["sv"]["name"] == "Kafé"
        assert found["links"][0]["title"] == {"fi": "Sivut", "sv": "Nya sidor"}
        assert found["paid"], "what has no language goes along"

    def test_what_is_new_in_a_list_brings_its_finnish_words(self) -> None:
        found = documents.carried(with_links(LINK), factories.document(), ["en"])
        assert found["public"]["links"][0]["title"] == {"fi": "Sivut"}

    def test_what_was_taken_away_does_not_come_back(self) -> None:
        found = documents.carried(factories.document(), with_links(LINK), ["sv"])
        assert found["public"]["links"] == []

    def test_a_text_that_was_emptied_is_gone_in_that_language_only(self) -> None:
        old = factories.document()
        old["public"]["texts"]["sv"] = {"name": "Språkkafé", "duration": "tre veckor"}
        old["public"]["texts"]["fi"]["duration"] = "kolme viikkoa"
        new = factories.document()
        new["public"]["texts"]["sv"] = {"name": "Språkkafé"}
        found = documents.carried(new, old, ["sv"])["public"]["texts"]
        assert found["sv"] == {"name": "Språkkafé"}
        assert found["fi"]["duration"] == "kolme viikkoa"

    def test_a_first_version_holds_the_languages_given(self) -> None:
        new = factories.document()
        new["public"]["texts"]["sv"] = {"name": "Språkkafé"}
        assert list(documents.carried(new, None, ["fi"])["public"]["texts"]) == ["fi"]

    @given(st.sets(st.sampled_from(["fi", "sv", "en"])), st.sets(st.sampled_from(["fi", "sv", "en"])))
    def test_in_all_its_languages_a_document_is_carried_whole(self, before: set[str], now: set[str]) -> None:
        old, new = in_languages(before, "Ennen"), in_languages(now, "Nyt")
        assert documents.carried(new, old, ["fi", "sv", "en"]) == new

    @given(st.sets(st.sampled_from(["fi", "sv", "en"])), st.sampled_from(["fi", "sv", "en"]))
    def test_a_language_that_is_not_carried_reads_as_before(self, both: set[str], language: str) -> None:
        old, new = in_languages(both, "Ennen"), in_languages(both, "Nyt")
        found = documents.carried(new, old, [language])["public"]
        for other in both - {language}:
            assert found["texts"][other]["name"] == "Ennen"
            assert found["links"][0]["title"][other] == "Ennen"


def in_languages(languages: set[str], word: str) -> Document:
    document = with_links(LINK | {"title": dict.fromkeys(sorted(languages), word)})
    document["public"]["texts"] = {language: {"name": word} for language in sorted(languages)}
    document["internal"]["texts"] = {}
    return document


def test_changed_fields_and_languages_are_told() -> None:
    old, new = with_links(LINK), with_links(LINK | {"title": {"fi": "Sivut", "sv": "Sidor"}})
    new["internal"]["archiving"] = True
    assert [field.name for field in documents.changed_fields(old, new, Audience.PUBLIC)] == ["links"]
    assert [field.name for field in documents.changed_fields(old, new, Audience.INTERNAL)] == ["archiving"]
    assert documents.changed_languages(old, new) == {"sv"}
