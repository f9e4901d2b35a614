"""Searching work instructions: for those who may read them, own municipality first."""

from typing import Any

import pytest
from django.urls import reverse

from orgs import clock
from orgs.models import Municipality, User
from services import publishing
from services.models import PublishedService, SearchedInstruction, Service
from services.search import held, instructions
from services.search.query import ListQuery
from services.vocabularies import load
from tests import factories
from tests.clients import Client
from tests.services.site_pages import address, html

pytestmark = pytest.mark.usefixtures("vocabulary")


def publish(slug: str, name: str, guidance: str, **municipal: str) -> None:
    content: Any = factories.document(texts=factories.texts(name=name))
    content["internal"]["texts"] = {
        "fi": content["internal"]["texts"].get("fi", {}) | {"guidance": f"<p>{guidance}</p>"}
    }
    content["internal"]["municipal"] = {
        code.removeprefix("k"): {"fi": {"guidance": f"<p>{text}</p>"}} for code, text in municipal.items()
    }
    factories.published(slug, content=content)


def found(q: str, own: tuple[str, ...] = (), **selected: tuple[str, ...]) -> list[tuple[str, str]]:
    query = ListQuery(q=q, selected=selected)
    listed = instructions.run(query, "fi", clock.today(), load(), own)
    return [(hit.row.slug, hit.municipality) for hit in listed.hits]


def expert() -> User:
    return factories.member("partner", "expert")


def test_instructions_are_found_by_their_own_words_and_inflected() -> None:
    publish("yksi", "Kahvila", "Kirjaa lähete järjestelmään.")
    publish("kaksi", "Paja", "Soita ohjaajalle.")
    assert found("lähetteen kirjaaminen") == [("yksi", "")]
    assert found("pajat") == [("kaksi", "")]
    assert found('"soita ohjaajalle"') == [("kaksi", "")]
    assert found("lähtee kirjaa -soita") == [("yksi", "")]


def test_a_service_stands_once_by_its_best_part_and_the_own_municipality_comes_first() -> None:
    publish(
        "yksi", "Kahvila", "Yhteinen ohje lähetteestä.", k049="Espoon ohje lähetteestä.", k092="Vantaan ohje."
    )
    publish("kaksi", "Paja", "Yleistä.", k092="Vantaan ohje lähetteestä.")
    assert found("lähete", own=("049",)) == [("yksi", "049"), ("kaksi", "092")]
    assert found("lähete", own=("092",)) == [("kaksi", "092"), ("yksi", "")]
    assert found("lähete") == [("yksi", ""), ("kaksi", "092")]
    assert [slug for slug, _part in found("")] == ["yksi", "kaksi"]


def test_filters_are_those_of_the_service() -> None:
    publish("yksi", "Kahvila", "Lähete.")
    assert found("lähete", municipality=("049",)) == [("yksi", "")]
    assert found("lähete", price=("paid",)) == []


def test_what_was_changed_or_taken_off_is_found_no_more() -> None:
    publish("yksi", "Kahvila", "Lähete.", k049="Espoon lähete.")
    assert SearchedInstruction.objects.filter(language="fi").count() == 2
    service = Service.objects.get(external_id="yksi")
    document = factories.document(texts=factories.texts(name="Kahvila"))
    factories.write(service, document)
    factories.publish(service, "fi")
    assert found("lähete", own=("049",)) == []
    assert SearchedInstruction.objects.filter(language="fi").count() == 1
    publishing.unpublish(service)
    assert not SearchedInstruction.objects.exists()
    assert held.index("fi", held.INSTRUCTIONS).total == 0


def test_a_rebuild_writes_what_is_missing_and_leaves_what_is_right() -> None:
    publish("yksi", "Kahvila", "Lähete.")
    before = set(SearchedInstruction.objects.values_list("pk", "content_hash"))
    publishing.rebuild()
    assert set(SearchedInstruction.objects.values_list("pk", "content_hash")) == before
    SearchedInstruction.objects.all().delete()
    publishing.rebuild()
    assert found("lähete") == [("yksi", "")]


def test_an_expert_sees_where_it_matched_and_goes_there(client: Client) -> None:
    publish("yksi", "Kahvila", "Kirjaa ensin <b>lähete</b> järjestelmään.", k049="Espoossa lähete paperilla.")
    person = expert()
    client.force_login(person)
    page = html(client, address("instruction_search", language="fi", query="?q=lähetteet"))
    assert "Kirjaa ensin <mark>lähete</mark> järjestelmään." in page
    assert reverse("site:instructions", args=["yksi"]) + "#h-guidance" in page
    person.home_municipality = Municipality.objects.get(code="049")
    person.save()
    page = html(client, address("instruction_search", language="fi", query="?q=lähetteet"))
    assert "Espoossa <mark>lähete</mark> paperilla." in page
    assert "Espoo, oma kuntasi" in page


def test_those_who_may_not_read_instructions_are_told_nothing(client: Client) -> None:
    publish("yksi", "Kahvila", "Salasana lähete.")
    page = address("instruction_search", language="fi", query="?q=lähete")
    assert client.get(page).status_code == 403
    client.force_login(factories.member("provider", "producer"))
    answer = client.get(page)
    assert answer.status_code == 403
    assert "Kahvila" not in answer.content.decode()
    assert client.get(reverse("site:services") + "?q=salasana").content.decode().count("Kahvila") == 0


def test_the_search_asks_as_much_with_more_instructions(
    client: Client, django_assert_num_queries: Any
) -> None:
    publish("yksi", "Kahvila", "Lähete.")
    client.force_login(expert())
    page = address("instruction_search", language="fi", query="?q=lähete")
    client.get(page)
    with django_assert_num_queries(9):
        client.get(page)
    for number in range(8):
        publish(f"ohje-{number}", f"Kerho {number}", "Lähete.", k049="Lähete.")
    client.get(page)
    with django_assert_num_queries(9):
        client.get(page)


def test_names_of_internal_contacts_are_no_way_into_instructions() -> None:
    content: Any = factories.document(texts=factories.texts(name="Kahvila"))
    content["internal"]["contacts"] = [
        {"id": "00000000-0000-4000-8000-00000000abcd", "kind": "person", "name": "Xerxes Xylander",
         "title": {"fi": "x"}, "info": {"fi": "x"}, "email": "x@espoo.example", "phone": "1",
         "municipality": None}
    ]  # fmt: skip
    factories.published("yksi", content=content)
    assert found("xylander") == []
    assert PublishedService.objects.filter(slug="yksi").exists()
