"""What earlier versions kept is read as if it were written today."""

import json
from typing import Any

import pytest
from django.conf import settings
from jsonschema import Draft202012Validator

from orgs.actors import System
from services import document_schema, documents, fields, lifting, shape, working_copy
from services.document_schema import list_of, object_of, or_null, string
from services.exchange import earlier
from services.exchange.importing import BadFile, import_file
from services.fields import Audience, Document
from services.models import Service, ServiceVersion, WorkingCopy
from tests import factories

DATA = settings.BASE_DIR / "tests" / "data"


def shape_of_today() -> dict[str, dict[str, str]]:
    """Return the kind of each field by section; the parts of list items stand in the kept documents."""
    return {
        audience.value: {field.name: field.kind.value for field in fields.of(audience)}
        for audience in Audience
    }


def kept(version: int) -> list[Document]:
    documents_kept: list[Document] = json.loads((DATA / f"documents-{version}.json").read_bytes())
    return documents_kept


def test_a_changed_shape_has_a_new_number_and_documents_of_the_one_before() -> None:
    released = json.loads((DATA / "shapes.json").read_bytes())
    assert released[str(lifting.VERSION)] == shape_of_today(), (
        "The fields have changed: raise services.lifting.VERSION and follow docs/changing-what-is-kept.md"
    )
    assert sorted(released, key=int) == [str(number) for number in range(1, lifting.VERSION + 1)]


@pytest.mark.parametrize("version", range(1, lifting.VERSION + 1))
def test_documents_of_every_released_shape_are_read_as_whole_documents_of_today(version: int) -> None:
    validator = Draft202012Validator(document_schema.document())
    for document in kept(version):
        lifted = lifting.lifted(document, version)
        assert list(validator.iter_errors(lifted)) == []
        assert documents.normalised(lifted) == lifted
        assert version < lifting.VERSION or lifted == document


def test_what_a_later_version_wrote_is_not_read() -> None:
    with pytest.raises(lifting.FromTheFuture):
        lifting.lifted(documents.empty(), lifting.VERSION + 1)


ITEM = object_of(
    {
        "id": string(),
        "name": string(),
        "sum": or_null(string()),
        "kind": {"enum": ["a", "b"]},
        "full": string(),
    }
)
SCHEMA = object_of({"list": list_of(ITEM), "flag": {"type": "boolean"}, "count": {"type": "integer"}})


def test_parts_that_are_new_are_blank_and_those_that_are_gone_are_left_out() -> None:
    before = {"list": [{"id": "1", "name": "Yksi", "gone": 3}], "gone": True}
    assert lifting.fitted(before, shape.shape_of(SCHEMA)) == {
        "list": [{"id": "1", "name": "Yksi", "sum": None, "kind": "a", "full": ""}],
        "flag": False,
        "count": 0,
    }


def test_a_document_without_a_field_or_a_section_s_texts_has_what_a_new_service_has() -> None:
    document = factories.document()
    for section, name in (("public", "all_ages"), ("internal", "municipal"), ("editors", "search_boost")):
        del document[section][name]
    document["public"]["texts"]["fi"]["unheard_of"] = "x"
    document["public"]["unheard_of"] = []
    assert lifting.lifted(document, 1) == factories.document()


def renamed(sections: dict[str, Any]) -> dict[str, Any]:
    """Lift a shape in which the price was called cost."""
    if "public" not in sections:
        return sections
    public = {name: value for name, value in sections["public"].items() if name != "cost"}
    return sections | {"public": public | {"price": sections["public"]["cost"]}}


def earlier_document(**public: Any) -> Document:
    document = factories.document(paid=True, price="12.00", **public)
    document["public"]["cost"] = document["public"].pop("price")
    return document


@pytest.fixture
def second_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifting, "VERSION", 2)
    monkeypatch.setattr(lifting, "LIFTS", {1: renamed})


@pytest.mark.usefixtures("vocabulary")
def test_rows_of_an_earlier_shape_are_lifted_wherever_they_are_read(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    version = factories.published(content=factories.document(paid=True, price="12.00"))
    old = earlier_document()
    WorkingCopy.objects.update(public=old["public"])
    WorkingCopy.history.update(public=old["public"])
    ServiceVersion.objects.bulk_create(
        [
            ServiceVersion(
                service=version.service, number=2, revision=1, languages=["fi"], published_as="import",
                published_at=version.published_at, public_since=version.public_since, shape=1,
                **{f"{name}_document": old[name] for name in old},
            )
        ]
    )  # fmt: skip
    request.getfixturevalue("second_shape")
    service = Service.objects.get()
    assert working_copy.read(service)["public"]["price"] == "12.00"
    assert WorkingCopy.history.latest().document["public"]["price"] == "12.00"
    frozen = ServiceVersion.objects.get(number=2)
    assert frozen.document["public"] == factories.document(paid=True, price="12.00")["public"]
    assert frozen.section(Audience.PUBLIC) == frozen.document["public"]
    working_copy.apply(
        service, {("public", "price"): "13.00"}, base=working_copy.revision_of(service), by=System.IMPORT
    )
    copy = WorkingCopy.objects.get()
    assert (copy.shape, copy.public["price"], "cost" in copy.public) == (2, "13.00", False)


@pytest.mark.usefixtures("vocabulary", "second_shape")
def test_a_file_of_an_earlier_version_is_imported_as_one_of_today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.exchange.schema.VERSION", 2)
    moment = "2026-11-01T10:00:00+00:00"
    published = {"number": 3, "at": moment, "public": earlier_document(needs=["daily_life"])["public"]}
    item = factories.exchange_service() | earlier_document() | {"published": published}
    import_file(factories.exchange_file(item) | {"version": 1})
    service = Service.objects.get(external_id="kielikahvila")
    assert working_copy.read(service)["public"]["price"] == "12.00"
    frozen = ServiceVersion.objects.get(service=service)
    assert (frozen.number, frozen.public_document["needs"]) == (3, ["daily_life"])
    assert frozen.internal_document == factories.document()["internal"]


@pytest.mark.usefixtures("vocabulary", "second_shape")
@pytest.mark.parametrize("services", [3, [3], [{}], [{"public": 5}], [{"public": {}, "published": []}]])
def test_a_file_that_is_none_of_its_version_is_refused_with_the_place(
    monkeypatch: pytest.MonkeyPatch, services: Any
) -> None:
    monkeypatch.setattr("services.exchange.schema.VERSION", 2)
    file = factories.exchange_file() | {"version": 1, "services": services}
    earlier.lifted(file)
    with pytest.raises(BadFile):
        import_file(file)
