"""No public address gives away internal information (docs/rules.md section 3)."""

import itertools
import json
import re
import uuid
from collections.abc import Callable, Iterable, Iterator

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from orgs.models import User
from orgs.roles import Capability
from services import working_copy
from services.access import services_for
from services.api.types import TYPES
from services.completeness import missing
from services.documents import municipal_text, text
from services.fields import FIELDS, Audience, Group, Kind, Stage
from services.models import PublishedService, Service, ServiceVersion
from services.rich_text import plain
from services.search import filters
from services.search.query import FILTERS, SORTS
from services.vocabularies import load
from tests import factories
from tests.clients import Client
from tests.services.site_pages import LANGUAGES, NAMES, address
from tests.thoroughness import THOROUGH, some
from workflow import editing
from workflow.actions import reviewing, runs
from workflow.actions.steps import open_run_of
from workflow.desk import urls as desk
from workflow.states import OPEN, RunState

MARKED = 5  # services that get a marker word in every internal field


Choose = Callable[[Iterable[str]], list[str]]


def public_paths(take: Choose = list, filters_of: Choose | None = None) -> Iterator[str]:
    """Every public address of the manual: pages, filters, sorts, searches, maps and errors.

    `take` may choose among those that are alike: organisations, services, values of a filter (`filters_of`).
    """
    yield from ("/", "/robots.txt", "/sitemap.xml", "/health/", "/ei-ole/", "/fi/ei-ole/")
    words = load()
    known = filters.known_values(words)
    for language in LANGUAGES:
        yield from (address(name, language=language) for name in NAMES)
        with override(language):
            yield address("services", language=language) + "?page=2"
            yield from (
                address("services", language=language, query=f"?sort={sort}") for sort in (*SORTS, "x")
            )
            for name in FILTERS:
                yield address("services", language=language, query=f"?{name}=unknown")
                for value in (filters_of or take)(known[name]):
                    yield address("services", language=language, query=f"?{name}={value}")
        for key in take(words.organisations):
            yield address("organisation", key, language=language)
        for slug in take(municipality.slug for municipality in words.municipalities.values()):
            yield address("municipality", slug, language=language)
        for slug in take(PublishedService.objects.filter(language=language).values_list("slug", flat=True)):
            yield address("service", slug, language=language)
        yield address("service", "ei-ole", language=language)
        yield f"/{language}/jsonapi"
        for kind in TYPES.values():
            yield f"/{language}/jsonapi/{kind.path}?include={','.join(kind.relationships)}"
            yield f"/{language}/jsonapi/{kind.path}?page[offset]=50"
        yield f"/{language}/account/login/"


def walk(client: Client) -> Iterator[tuple[str, str]]:
    for path in public_paths(filters_of=some):
        answer = client.get(path, follow=False)
        yield path, answer.content.decode()


ITEM = "00000000-0000-4000-8000-00000000abcd"


def mark(service: Service) -> list[str]:
    """Put a word of its own into every internal field of a service, publish it, return the words."""
    document = working_copy.read(service)
    internal, tag = document["internal"], f"merkki{service.pk}"
    for field in FIELDS:
        if field.audience is not Audience.INTERNAL or field.kind in (Kind.OPTION, Kind.OPTIONS):
            continue
        word = f"{tag}{field.name.replace('_', '')}"
        if field.translatable:
            for language in LANGUAGES:
                texts = internal["texts"].setdefault(language, {})
                texts[field.name] = f"<p>{word}</p>"
        elif field.kind is Kind.CONTACTS:
            internal["contacts"] = [
                {"id": ITEM, "kind": "person", "name": word, "title": {"fi": word}, "info": {"fi": word},
                 "email": f"{word}@manuaali.example", "phone": word, "municipality": None}
            ]  # fmt: skip
        elif field.kind is Kind.LINKS:
            link = {"id": ITEM, "url": f"https://{word}.example/", "title": {"fi": word}}
            internal["links"] = [link]
        elif field.kind is Kind.ATTACHMENTS:
            internal["attachments"] = [
                {"id": f"00000000-0000-4000-8000-{service.pk:012d}", "title": {"fi": word},
                 "filename": f"{word}.pdf", "content_type": "application/pdf", "size": 1, "sha256": "0" * 64}
            ]  # fmt: skip
    own = {"guidance": f"<p>{tag}kunta</p>", "exceptions": f"<p>{tag}poikkeus</p>"}
    internal["municipal"] = {"049": {"fi": own}}
    factories.write(service, document)
    complete = [one for one in LANGUAGES if not missing(document, Stage.PUBLICATION, [one])]
    version = factories.publish(service, *complete)
    written = json.dumps(version.internal_document)
    found = sorted(set(re.findall(rf"{tag}\w+", written)))
    assert len(found) >= 14, "every kind of internal field carries a word"
    return [tag]


def sentences(text: str) -> set[str]:
    return {part.strip() for part in re.split(r"(?<=[.!?])\s+|\n", plain(text)) if len(part.strip()) >= 30}


def internal_sentences() -> set[str]:
    """Return what the instructions of all versions say, sentence by sentence."""
    found: set[str] = set()
    for document in ServiceVersion.objects.values_list("internal_document", flat=True):
        for texts in [
            *document["texts"].values(),
            *(t for by_language in document["municipal"].values() for t in by_language.values()),
        ]:
            found |= {sentence for text in texts.values() for sentence in sentences(text)}
    return found


def test_neither_marker_words_nor_sentences_of_internal_texts_are_at_any_public_address(
    manual: None, client: Client
) -> None:
    """A word in every internal field of some services; what the demo's instructions say of all."""
    internal = internal_sentences()
    assert len(internal) > 400
    services = Service.objects.filter(status="published").order_by("pk")[:MARKED]
    tags = [tag for service in services for tag in mark(service)]
    visited, everything = 0, ""
    for path, content in walk(client):
        visited += 1
        assert not [tag for tag in tags if tag in content.lower()], path
        everything += f"\n{plain(content)}"
    everything = re.sub(r"\s+", " ", everything)
    assert [sentence for sentence in internal if sentence in everything] == []
    for tag in tags:
        for language in LANGUAGES:
            page = client.get(
                address("services", language=language, query=f"?q={tag}guidance")
            ).content.decode()
            assert page.count(tag) == page.count(f"{tag}guidance"), "the search words themselves only"
            assert 'class="hits"' not in page
            suggested = client.get(address("suggestions", language=language, query=f"?q={tag}"))
            assert tag not in suggested.content.decode()
    assert visited > 500


def paths_of_the_signed_in(user: User, services: list[Service]) -> Iterator[str]:
    """Every further address that someone with a provider's account may think of."""
    organisation = user.memberships.get().organisation.external_id
    for language in LANGUAGES:
        with override(language):
            for name in ("orgs:own", "orgs:stored", "orgs:notices", "orgs:organisations", "orgs:log"):
                yield reverse(name)
            for name in ("orgs:people", "orgs:organisation"):
                yield reverse(name, args=[organisation])
                yield from (
                    reverse(name, args=[organisation]) + f"?format={kind}" for kind in ("csv", "xlsx")
                )
            yield from (f"{reverse('orgs:notices')}?format={kind}" for kind in ("csv", "xlsx"))
            if THOROUGH or language == "sv":  # what stands in the boxes is the same in each
                yield from paths_of_the_desk(services)
            yield from (reverse("site:instructions", args=[service.slug]) for service in services)
    for number in {1, *(service.pk for service in services)}:
        yield reverse("site:attachment", args=[uuid.UUID(f"00000000-0000-4000-8000-{number:012d}")])
    for name in ("vocabularies", "options", "places"):
        yield reverse(f"keeping:{name}")


SECTIONS = [*(group.value for group in Group), "municipality-049", "municipality-092"]
ASKED = ("", "?lang=sv", "?municipality=092", "?format=csv")  # what the addresses of the desk may be asked


def paths_of_the_desk(services: list[Service]) -> Iterator[str]:
    """Every address of the desk that can be read, of the person's own services and of others."""
    for pattern in desk.urlpatterns:
        parts = list(pattern.pattern.converters)
        values: dict[str, list[str] | list[int]] = {
            "external_id": [one.external_id for one in services], "section": SECTIONS, "number": [1],
        }  # fmt: skip
        if all(name in values for name in parts):
            for given in itertools.product(*(values[name] for name in parts)):
                address = reverse(f"desk:{pattern.name}", args=given)
                yield from (f"{address}{asked}" for asked in ASKED)


def write_instructions(service: Service) -> None:
    """Write drafts with a word: common instructions along with a public text, and a municipality's own."""
    ict = User.objects.get(email="ict@projekti.example")
    words = f"<p>merkki{service.pk}luonnos</p>"
    guidance, own = text(Audience.INTERNAL, "fi", "guidance"), municipal_text("092", "fi", "exceptions")
    drafts = {guidance: words, own: words, text(Audience.PUBLIC, "fi", "summary"): "Uusi sana."}
    editing.save(service, drafts, by=ict, base=working_copy.revision_of(service))
    run = open_run_of(service)
    assert run is not None
    if run.state == RunState.DRAFTING:
        runs.submit(run, by=ict)
    reviewing.take_along(run, by=ict, instructions=True)
    assert set(service.runs.filter(state__in=OPEN).values_list("track", flat=True)) >= {"public", "municipal"}


@pytest.mark.parametrize("who", ["paakayttaja@opintie.example", "tuottaja@kielisilta.example"])
def test_a_provider_finds_marker_words_at_no_address_at_all(manual: None, client: Client, who: str) -> None:
    user = User.objects.get(email=who)
    own = services_for(user, Capability.WRITE_PUBLIC).filter(status="published").order_by("pk")
    services = [*own[:2], *Service.objects.filter(status="published").exclude(pk__in=own).order_by("pk")[:2]]
    assert len(services) == 4
    tags = [tag for service in services for tag in mark(service)]
    for service in services:  # what has not been published yet is to be found even less
        write_instructions(service)
    client.force_login(user)
    with_marks = [address("service", one.slug, language=code) for one in services for code in LANGUAGES]
    for path in (*paths_of_the_signed_in(user, services), *with_marks, *public_paths(some)):
        answer = client.get(path)
        content = b"".join(answer).lower() if answer.streaming else answer.content.lower()
        assert not [tag for tag in tags if tag.encode() in content], path


def test_no_search_tells_whether_an_internal_text_contains_a_word(manual: None, client: Client) -> None:
    service = Service.objects.filter(status="published").earliest("pk")
    (tag,) = mark(service)
    changing = r"nonce=\"[^\"]*\"|csrfmiddlewaretoken[^>]*"
    for user in (None, User.objects.get(email="paakayttaja@opintie.example")):
        if user:
            client.force_login(user)
        for query in ("?q={}", "?sort=name&q={}", "?municipality=049&q={}"):
            pages = []
            for word in (f"{tag}guidance", f"{tag}olematon"):
                page = client.get(address("services", query=query.format(word))).content.decode()
                pages.append(re.sub(rf"{word}|{changing}", "", page))
            assert pages[0] == pages[1]


def test_the_read_model_holds_nothing_but_public_fields(manual: None) -> None:
    names = {f.name for f in FIELDS if f.audience is Audience.INTERNAL}
    names -= {f.name for f in FIELDS if f.audience is Audience.PUBLIC}
    for document in PublishedService.objects.values_list("document", flat=True):
        assert not names & set(document)
        assert not names & set(document["texts"])


def test_an_internal_field_can_not_be_filtered_or_sorted_by(manual: None, client: Client) -> None:
    plain_list = client.get(address("services")).content.decode()
    for field in FIELDS:
        if field.audience is not Audience.PUBLIC:
            page = client.get(address("services", query=f"?{field.name}=always&sort={field.name}"))
            total = re.search(r"\d+ services", page.content.decode())
            expected = re.search(r"\d+ services", plain_list)
            assert total
            assert expected
            assert total.group() == expected.group()
    assert settings.DEBUG is False
