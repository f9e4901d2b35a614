"""Random readers ask for random addresses, and each gets what Django alone would answer."""

import random
import re

import pytest
from django.db.models import F

from services.answers.layer import PublicAnswers
from services.models import PublishedService
from services.tags import LIST, service_tag
from tests import factories
from tests.clients import Client
from tests.services.test_answers_layer import layer_before
from tests.services.wsgi import Application, Said, ask
from tests.thoroughness import rounds

ASKED = rounds(500)
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')
_WORDS = ("kurssi", "tyonhaku", "kieli kahvila", "", "ei-mitaan", "Palkkatuki", "språk", "training")
_FILTERS = ("need=job_search", "need=language_skills", "municipality=049", "municipality=xxx", "price=free")
_STRANGE = ("utm_source=a", "fbclid=1", "q", "sort=name", "sort=x", "page=2", "page=abc", "s=kielikahvila")


_PATHS = (
    *("/fi/", "/sv/", "/en/", "/fi/palvelut/", "/fi/palvelut/", "/sv/tjanster/", "/en/services/"),
    *("/fi/kunnat/", "/fi/organisaatiot/espoo/", "/fi/tyonantajat/", "/fi/ei-ole/", "/fi/oma-lista/"),
    *("/fi/apua-valintaan/", "/fi/tietosuoja/", "/fi/account/login/", "/fi/ehdotukset/"),
)


def page(choose: random.Random) -> str:
    """Return an address of a public page, of any of its languages, with whatever a link may carry."""
    slug, lang = choose.choice(
        list(PublishedService.objects.order_by("pk").values_list("slug", "language")[:30])
    )
    service = {"fi": "/fi/palvelut/", "sv": "/sv/tjanster/", "en": "/en/services/"}[lang] + f"{slug}/"
    path = choose.choice((service, service, *_PATHS))
    parts = choose.sample((f"q={choose.choice(_WORDS)}", *_FILTERS, *_STRANGE), choose.randint(0, 4))
    return path + (f"?{'&'.join(parts)}" if parts else "")


def comparable(said: Said) -> tuple[str, bytes]:
    return said.status, _TOKEN.sub(b"", said.body)


@pytest.fixture
def readers(manual: None) -> list[dict[str, str]]:
    """Return what browsers of different readers send: visitors, and people who are signed in."""
    found: list[dict[str, str]] = [{}, {}, {}, {"HTTP_COOKIE": "theme=dark; csrftoken=" + "a" * 32}]
    for organisation, role in (("partner", "expert"), ("project", "ict_specialist")):
        client = Client()
        client.force_login(factories.member(organisation, role))
        found.append({"HTTP_COOKIE": f"a=b; sessionid={client.cookies['sessionid'].value}"})
    return found


def test_nobody_gets_what_was_made_for_somebody_else_or_before_a_change(
    readers: list[dict[str, str]], django: Application
) -> None:
    choose, layer = random.Random(20261123), layer_before(django)
    pages = [page(choose) for _one in range(20)]
    for number in range(ASKED):
        path, headers = (
            choose.choice(pages),
            choose.choice(readers) | {"REMOTE_ADDR": f"127.0.2.{number % 250}"},
        )
        headers |= choose.choice(({}, {}, {"HTTP_HX_REQUEST": "true"}))
        headers |= {"HTTP_HOST": choose.choice(("127.0.0.1",) * 4 + ("localhost", "elsewhere.example"))}
        assert comparable(ask(layer, path, **headers)) == comparable(ask(django, path, **headers)), path
        if number % 50 == 49:
            change(layer, choose)
    assert layer.hits > ASKED / 10
    assert layer.store.dropped > 0


def change(layer: PublicAnswers, choose: random.Random) -> None:
    """Change a published service, as far as readers can see."""
    row = choose.choice(list(PublishedService.objects.order_by("pk")[:30]))
    row.document["texts"]["summary"]["text"] = f"Uusi tiivistelmä {choose.random()}"
    row.save(update_fields=["document"])
    PublishedService.objects.filter(pk=row.pk).update(boost=(F("boost") + 1) % 10)
    layer.store.drop([service_tag(row.service_id), LIST])
