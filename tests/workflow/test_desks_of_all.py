"""The desks of everyone in the demo: what waits there can be opened, and says what it is."""

from typing import Any

import pytest
from django.urls import reverse
from lxml import html

from orgs.models import User
from orgs.sign_in import has_second_factor
from tests import factories
from tests.clients import Client
from tests.thoroughness import THOROUGH
from workflow.desk.desk import has_desk
from workflow.models import Run

pytestmark = pytest.mark.usefixtures("manual")
PAGES = ("desk:desk", "desk:runs", "desk:own_instructions", "desk:findings")


def links_of(content: bytes) -> set[str]:
    """Return the pages of our own to which a page's main part leads."""
    page: Any = html.fromstring(content)
    links = {str(link).partition("#")[0] for link in page.xpath("//main//a/@href")}
    return {link for link in links if link.startswith("/fi/")}


def test_no_link_of_anybodys_desk_leads_to_a_refusal(client: Client) -> None:
    """Of each list eight links at most: they are alike. Seldom of everyone, else of each kind."""
    workers = [user for user in User.objects.filter(is_active=True).order_by("pk") if has_desk(user)]
    workers = [user for user in workers if THOROUGH or has_second_factor(user)]
    assert len(workers) > 5
    refused, opened = [], 0
    for user in workers:
        if not has_second_factor(user):
            factories.second_factor(user)
        client.force_login(user)
        links: set[str] = set()
        for name in PAGES:
            answer = client.get(reverse(name))
            assert answer.status_code == 200 or name == "desk:own_instructions", (user, name)
            if answer.status_code == 200:
                links.update(sorted(links_of(answer.content))[:8])
        refused += [(user, link) for link in links if client.get(link).status_code not in (200, 302)]
        opened += len(links)
    assert refused == []
    assert opened > 50


def test_a_draft_of_instructions_says_that_it_is_one(client: Client) -> None:
    client.force_login(User.objects.get(email="paakayttaja@vantaa.example"))
    parts = client.get(reverse("desk:desk")).context["parts"]
    (item,) = [one for _key, _label, items, _all in parts for one in items if one.run.municipality]
    assert item.run == Run.objects.get(track="municipal")
    assert item.url.endswith("/muokkaa/municipality-092/")
    assert item.what == "Viimeistele oma ohje (Vantaa) ja julkaise se."
