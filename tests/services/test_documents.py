"""A working copy as a document and back."""

import copy

import pytest

from services import documents, generated
from services.exchange.importing import normalised
from services.models import InstructionText, Place, Service, Term
from services.vocabularies import load
from tests import factories

pytestmark = pytest.mark.usefixtures("vocabulary")

PLACE = {
    "id": "espoon-kirjasto",
    "name": {"fi": "Espoon kirjasto", "sv": "Esbo bibliotek"},
    "street": {"fi": "Esimerkkitie 1"},
    "postal_code": "02100",
    "city": {"fi": "Espoo"},
    "municipality": "049",
    "accessibility": ["lift"],
    "info": {},
}


def rich_document() -> dict[str, object]:
    document = factories.document(
        paid=True,
        price="25.50",
        all_ages=False,
        age_min=18,
        age_max=29,
        schedules=[
            {
                "kind": "dates",
                "place": PLACE,
                "dates": [
                    {
                        "starts": "2026-12-09",
                        "ends": None,
                        "from": "13:00",
                        "to": "15:00",
                        "apply_by": "2026-12-01",
                    }
                ],
                "hours": {},
                "place_text": {"fi": "2. kerros"},
                "time_text": {},
            }
        ],
        links=[{"url": "https://kielisilta.example/", "title": {"fi": "Sivut"}}],
        contacts=[
            {
                "kind": "person",
                "name": "Onni Malli",
                "title": {"fi": "Sihteeri"},
                "email": "onni@kielisilta.example",
                "phone": "09 000 0000",
                "info": {},
                "municipality": "049",
            }
        ],
    )
    document["internal"]["municipal"] = [
        {"municipality": "049", "texts": {"fi": {"guidance": "<p>Espoossa varaa aika.</p>"}}}
    ]
    document["internal"]["benefits"] = ["expense_allowance"]
    document["internal"]["job_search_discussion"] = False
    return document


def read_again(service: Service) -> dict[str, object]:
    return documents.read(documents.with_parts(Service.objects.all()).get(pk=service.pk))


def test_what_is_written_is_read_back() -> None:
    document = rich_document()
    service = factories.service(content=document)
    assert read_again(service) == document


@pytest.mark.parametrize("number", range(5))
def test_generated_services_are_read_back(number: int) -> None:
    wanted = list(generated.generate(number + 1, load()))[number]
    service = factories.service(wanted.external_id, wanted.document)
    assert read_again(service) == normalised(wanted.document, {})


def test_writing_again_replaces_and_removes() -> None:
    service = factories.service(content=rich_document())
    documents.write(service, factories.document())
    assert read_again(service) == factories.document()


def test_unchanged_texts_get_no_new_entry_in_the_history() -> None:
    service = factories.service()
    before = InstructionText.history.count()
    changed = factories.document()
    changed["internal"]["texts"]["fi"]["guidance"] = "<p>Uusi ohje.</p>"
    documents.write(service, changed)
    documents.write(service, changed)
    assert InstructionText.history.count() == before + 1


def test_reading_many_asks_no_more_of_the_database_than_reading_one(
    django_assert_max_num_queries: object,
) -> None:
    for number in range(3):
        factories.service(f"palvelu-{number}", copy.deepcopy(rich_document()))
    with django_assert_max_num_queries(23):  # type: ignore[operator]
        assert len([documents.read(s) for s in documents.with_parts(Service.objects.all())]) == 3


def test_a_known_place_is_shared_and_not_overwritten() -> None:
    factories.service(content=rich_document())
    other = copy.deepcopy(rich_document())
    other["public"]["schedules"][0]["place"]["name"] = {"fi": "Toinen nimi"}  # type: ignore[index]
    factories.service("toinen", other)
    assert Place.objects.get().name["fi"] == "Espoon kirjasto"


def test_scripts_are_cleaned_from_rich_text_and_kept_out_of_the_database() -> None:
    texts = factories.texts(execution='<p onclick="x()">Ryhmä<script>alert(1)</script></p>')
    service = factories.service(content=factories.document(texts=texts))
    assert service.texts.get().execution == "<p>Ryhmä</p>"


def test_terms_have_stable_keys_and_labels_in_all_languages() -> None:
    for term in Term.objects.all():
        assert set(term.label) == {"fi", "sv", "en"}, term.key
