"""Pages about people speak plainly: what roles allow, on what device, which fields are theirs."""

import pytest
from django.urls import reverse

from orgs.models import Organisation
from orgs.roles import ALLOWS, ROLES_OF_KIND, Role
from orgs.templatetags.manual import device
from tests import factories
from tests.clients import Client
from tests.services.site_pages import elements, html, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]


def test_every_role_says_what_it_is_for() -> None:
    assert set(ALLOWS) == {role for roles in ROLES_OF_KIND.values() for role in roles} == set(Role)


def test_the_person_page_says_what_each_role_allows(client: Client) -> None:
    espoo = Organisation.objects.get(external_id="espoo")
    client.force_login(factories.member("project", "ict_specialist"))
    person = factories.member("partner", "expert", espoo)
    page = words(html(client, reverse("orgs:person", args=["espoo", person.pk])))
    assert "Asiantuntija Lukee työohjeet." in page


FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.mark.parametrize(
    ("user_agent", "named"),
    [(FIREFOX, "Firefox, Windows"), (SAFARI, "Mobile Safari, iOS"), ("", "Tuntematon laite")],
)
def test_a_session_names_browser_and_system(user_agent: str, named: str) -> None:
    assert device(user_agent) == named


def test_only_who_reads_instructions_chooses_whose_come_first(client: Client) -> None:
    own = reverse("orgs:own")
    client.force_login(factories.member("provider", "producer"))
    assert "kotikunta" not in words(html(client, own)).lower()
    assert "home_municipality" not in html(client, own)
    client.force_login(factories.member("partner", "expert"))
    assert "home_municipality" in html(client, own)


def test_names_are_asked_for_on_one_line_and_descriptions_on_more(client: Client) -> None:
    client.force_login(factories.member("project", "ict_specialist"))
    page = html(client, reverse("orgs:change_organisation", args=["espoo"]))
    assert "name_fi" in {one.attributes.get("name") for one in elements(page, "input")}
    assert "description_fi" in {one.attributes.get("name") for one in elements(page, "textarea")}


def test_the_project_is_led_from_a_partner_to_the_management_of_its_providers(client: Client) -> None:
    page, provider = reverse("orgs:organisation", args=["espoo"]), "kielisilta"
    client.force_login(factories.member("project", "project_manager"))
    assert f'href="{reverse("orgs:organisation", args=[provider])}"' in html(client, page)
    client.force_login(
        factories.member("partner", "main_user", Organisation.objects.get(external_id="espoo"))
    )
    assert f'href="{reverse("site:organisation", args=[provider])}"' in html(client, page)
