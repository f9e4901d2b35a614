"""A municipality's own instructions on another partner's service: found, written, previewed, published."""

from typing import Any

import pytest
from django.urls import reverse
from lxml import html

from orgs.models import Municipality, User
from services.models import Service, ServiceVersion
from tests import factories
from tests.browser_forms import as_a_browser_sends
from tests.clients import Client
from tests.workflow.conftest import Pipeline, at
from workflow.actions import runs
from workflow.models import Run

WORDS = "<p>Vantaalla ohjataan Tikkurilan ryhmään.</p>"
COMMON = "Kerro kahvilasta asiakkaalle"


@pytest.fixture
def katri(pipeline: Pipeline) -> User:
    """Return a producer of Vantaa, who has nothing else to do with Espoo's service."""
    vantaa = factories.OrganisationFactory(external_id="vantaa", kind="partner", name={"fi": "Vantaa"})
    vantaa.municipalities.set(Municipality.objects.filter(code="092"))
    return at("vantaa", "producer")


def section(external_id: str = "kielikahvila") -> str:
    return reverse("desk:edit", args=[external_id, "municipality-092"])


def written(client: Client, words: str = WORDS) -> Any:
    """Write the guidance as a browser would, from the page as it is."""
    sent = as_a_browser_sends(client.get(section()).content, of="muokkaus")
    return client.post(section(), sent | {"internal-guidance": words}, follow=True)


def own_list(client: Client, **asked: str) -> list[tuple[str, bool, bool]]:
    answer = client.get(reverse("desk:own_instructions"), asked)
    return [(one.external_id, one.has_own, one.has_draft) for one, _name, _url in answer.context["rows"]]


def press(client: Client, step: str) -> Any:
    """Press the button of the draft on the page on which it stands."""
    run = Run.objects.get(track="municipal", state="drafting")
    revision = client.get(section()).context["revision"]
    sent = {"run": run.pk, "revision": revision}
    return client.post(reverse("desk:step", args=["kielikahvila", step]), sent)


def test_the_whole_way_from_the_list_to_the_experts_page(
    pipeline: Pipeline, katri: User, client: Client
) -> None:
    client.force_login(katri)
    assert own_list(client) == [("kielikahvila", False, False)]
    page = client.get(section())
    assert COMMON in page.content.decode(), "the common text stands beside"
    assert [one.key for one, _lacking, _written in page.context["sections"]] == ["municipality-092"]
    saved = written(client)
    assert saved.status_code == 200
    assert own_list(client, state="draft") == [("kielikahvila", False, True)]
    preview = client.get(reverse("desk:preview_instructions", args=["kielikahvila"]), {"municipality": "092"})
    assert "Tikkurilan ryhmään" in preview.content.decode()
    experts = reverse("site:instructions", args=["kielikahvila"])
    assert "Tikkurilan ryhmään" not in client.get(experts).content.decode()
    assert press(client, "publish-instructions").headers["Location"] == section()
    assert "Tikkurilan ryhmään" in client.get(experts).content.decode()
    assert own_list(client, state="own") == [("kielikahvila", True, False)]


def test_it_is_withdrawn_alone(pipeline: Pipeline, katri: User, client: Client) -> None:
    pipeline.write("Uusi sana.")
    client.force_login(katri)
    written(client)
    assert press(client, "withdraw-instructions").status_code == 302
    assert own_list(client) == [("kielikahvila", False, False)]
    assert pipeline.run.state == Run.State.DRAFTING


def test_the_responsible_partners_next_review_tells_of_it(
    pipeline: Pipeline, katri: User, client: Client
) -> None:
    client.force_login(katri)
    written(client)
    press(client, "publish-instructions")
    runs.submit(pipeline.write(), by=pipeline.provider)
    client.force_login(pipeline.partner)
    page = client.get(reverse("desk:service", args=["kielikahvila"]))
    assert [(one.municipality, one.by) for one in page.context["municipal"]] == [
        ("Vantaa", katri.get_full_name())
    ]
    assert "on julkaissut oman ohjeensa" in page.content.decode()
    client.force_login(pipeline.provider)
    page = client.get(reverse("desk:service", args=["kielikahvila"]))
    assert "oman ohjeen" not in page.content.decode()
    assert "Vantaa" not in page.content.decode()


def test_there_is_a_way_from_the_services_pages(pipeline: Pipeline, katri: User, client: Client) -> None:
    for user, offered in ((katri, True), (pipeline.provider, False), (at("vantaa", "expert"), False)):
        client.force_login(user)
        pages = ["site:service"] + (["site:instructions"] if user != pipeline.provider else [])
        for name in pages:
            found = client.get(reverse(name, args=["kielikahvila"])).content.decode()
            assert (section() in found) is offered, (user, name)
    client.force_login(katri)
    assert reverse("desk:own_instructions") in client.get(reverse("desk:desk")).content.decode()


def test_a_draft_that_was_never_public_is_nobody_elses(new_pipeline: Pipeline, client: Client) -> None:
    vantaa = factories.OrganisationFactory(external_id="vantaa", kind="partner")
    vantaa.municipalities.set(Municipality.objects.filter(code="092"))
    client.force_login(at("vantaa", "producer"))
    assert client.get(section()).status_code == 404
    assert own_list(client) == []
    preview = reverse("desk:preview_instructions", args=["kielikahvila"])
    assert client.get(preview, {"municipality": "092"}).status_code == 404


def test_what_others_write_is_not_previewed(pipeline: Pipeline, katri: User, client: Client) -> None:
    pipeline.instruct("<p>Salainen luonnos.</p>")
    pipeline.write("Keskeneräinen sana.")
    client.force_login(katri)
    written(client)
    address = reverse("desk:preview_instructions", args=["kielikahvila"])
    shown = client.get(address, {"municipality": "092"}).content.decode()
    assert "Tikkurilan" in shown
    assert "Salainen luonnos" not in shown
    for user in (pipeline.provider, pipeline.partner, at("vantaa", "expert")):
        client.force_login(user)
        assert client.get(address, {"municipality": "092"}).status_code == 403


def test_an_outdated_service_keeps_the_draft(pipeline: Pipeline, katri: User, client: Client) -> None:
    client.force_login(katri)
    written(client)
    Service.objects.update(status=Service.Status.OUTDATED)
    answer = press(client, "publish-instructions")
    assert "ei ole nyt julkisilla sivuilla" in client.get(answer.headers["Location"]).content.decode()
    assert ServiceVersion.objects.count() == 1
    assert Run.objects.get(track="municipal").state == Run.State.DRAFTING


def test_no_link_of_the_page_leads_where_the_writer_may_not_go(
    pipeline: Pipeline, katri: User, client: Client
) -> None:
    client.force_login(katri)
    written(client)
    shown: Any = html.fromstring(client.get(section()).content)
    links = {str(link) for link in shown.xpath("//main//a/@href")}
    for link in sorted(link for link in links if link.startswith("/fi/")):
        assert client.get(link).status_code == 200, link
