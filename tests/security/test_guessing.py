"""What a reader may not see can't be guessed either, by any filter, order or search of the interface."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from services import working_copy
from services.api.conditions import Sort
from services.api.filters import names
from services.api.paths import resolved
from services.api.types import PUBLIC, TYPES, ResourceType
from services.completeness import missing
from services.fields import FIELDS, Audience, Stage
from services.models import PublishedService, Service
from tests import factories
from tests.clients import Client
from tests.security.test_leaks import ITEM
from tests.thoroughness import some

FIRST, OTHER = "kuusama", "vaahtera"  # what is hidden: one of them, then the other
MARKED = 3


def hide(word: str, draft: Service) -> None:
    """Put a word wherever readers may not see it.

    Into a service that was never published and that published ones name, into the instructions of these,
    and into drafts of their public texts.
    """
    content = factories.document(texts=factories.texts(name=word, summary=word))
    factories.write(draft, content)
    for service in Service.objects.filter(status="published").order_by("pk")[:MARKED]:
        document = working_copy.read(service)
        public, internal = document["public"], document["internal"]
        public["texts"]["fi"] = shown(service)
        public["related"] = [draft.external_id]
        instructions = {
            one.name: f"<p>{word}</p>"
            for one in FIELDS
            if one.audience is Audience.INTERNAL and one.translatable
        }
        internal["texts"]["fi"] = instructions
        internal["links"] = [{"id": ITEM, "url": f"https://{word}.example/", "title": {"fi": word}}]
        internal["municipal"] = {"049": {"fi": {"guidance": f"<p>{word}</p>"}}}
        factories.write(service, document)
        complete = [one for one in public["texts"] if not missing(document, Stage.PUBLICATION, [one])]
        factories.publish(service, *complete)
        public["texts"]["fi"] = shown(service) | {"name": word, "summary": word}
        factories.write(service, document)


def shown(service: Service) -> dict[str, str]:
    """Return the Finnish public texts that were published."""
    newest = service.versions.latest("number").document
    texts: dict[str, str] = newest["public"]["texts"]["fi"]
    return texts


def asked(kind: ResourceType) -> Iterator[dict[str, str]]:
    """Yield filters by which one might find out what is hidden: by each name, its parts and its order."""
    further = [
        f"{relationship}.{name}"
        for relationship, target in kind.relationships.items()
        for name in names(TYPES[target])
    ]
    for path in (*names(kind), *some(further)):
        leaf = resolved(kind, path)[1]
        yield {f"filter[{path}][operator]": "IS NULL"}
        if leaf and leaf.sort is Sort.TEXT:
            yield {f"filter[{path}][operator]": "CONTAINS", f"filter[{path}][value]": FIRST[:4]}
            yield {f"filter[{path}][operator]": ">=", f"filter[{path}][value]": "l"}  # between the two
    for sort in kind.sorts:
        yield {"sort": sort, "page[limit]": "5"}
    if kind.searched:
        yield from ({"filter[fulltext]": word} for word in (FIRST, FIRST[:4], f'"{FIRST}"'))


def test_answers_do_not_depend_on_what_is_hidden(manual: None, client: Client) -> None:
    draft = factories.service("piilossa")
    addresses = [
        f"/fi/jsonapi/{kind.path}?{urlencode(parameters)}"
        for kind in TYPES.values()
        for parameters in asked(kind)
    ]
    answers: list[list[bytes]] = []
    for word in (FIRST, OTHER):
        hide(word, draft)
        answers.append([client.get(address).content for address in addresses])
    for address, one, other in zip(addresses, *answers, strict=True):
        assert one == other, address
        assert FIRST not in json.dumps(json.loads(one)["data"]), address
    rows = PublishedService.objects.filter(language="fi", document__related=["piilossa"])
    assert rows.count() == MARKED, "the name of what is hidden stands in the rows"
    for path in ("field_related", "field_related.title"):
        said = client.get(f"/fi/jsonapi/node/service?filter[{path}][operator]=IS NOT NULL").content
        naming = {one["attributes"]["field_external_id"] for one in json.loads(said)["data"]}
        assert naming.isdisjoint(rows.values_list("external_id", flat=True)), path


@pytest.mark.parametrize("field", [one for one in FIELDS if one not in PUBLIC], ids=lambda one: one.name)
def test_internal_fields_have_no_names_here(vocabulary: object, client: Client, field: Any) -> None:
    for name in {field.path, f"field_{field.path}", f"field_internal_{field.name}", f"internal.{field.name}"}:
        for parameters in (
            {f"filter[{name}]": "x"},
            {f"filter[{name}][operator]": "IS NULL"},
            {"filter[a][condition][path]": name, "filter[a][condition][operator]": "IS NULL"},
            {f"filter[field_related.{name}][operator]": "IS NOT NULL"},
            {"sort": name},
            {"include": name},
            {"fields[node--service]": name},
        ):
            response = client.get(f"/fi/jsonapi/node/service?{urlencode(parameters)}")
            assert response.status_code == 400, (parameters, response.content)
