"""Who has neither desk nor office begins on a page that says what there is to do, and what is new."""

import re

import pytest
from django.urls import reverse

from orgs import notices
from orgs.models import Organisation, User
from orgs.roles import Body, SeatKind
from tests import factories
from tests.clients import Client
from tests.services.site_pages import elements, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]


def start(client: Client, user: User) -> str:
    client.force_login(user)
    answer = client.get(reverse("orgs:start"))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def lead() -> User:
    return factories.member("partner", "communications_lead", Organisation.objects.get(external_id="espoo"))


def test_each_way_of_the_band_is_explained_in_a_sentence(client: Client, lead: User) -> None:
    officer = factories.member("project", "communications_officer")
    member = factories.member("partner", "expert")
    factories.seat(member, Body.WORKING_GROUP, SeatKind.MEMBER)
    for user in (lead, officer, member):
        page = start(client, user)
        said = [words(one).strip() for one in re.findall(r"(?s)<dd>(.*?)</dd>", page)]
        assert len(said) >= 2
        assert all(one.endswith(".") for one in said), said
        band = page[page.index('class="band"') : page.index("<main")]
        main = page[page.index("<main") : page.index("</main>")]
        for link in elements(band, "a"):
            if link.attributes["href"] not in (reverse("orgs:own"), reverse("orgs:start")):
                assert f'href="{link.attributes["href"]}"' in main


def test_new_for_a_lead_is_what_ones_own_municipalities_published_and_ones_messages(
    client: Client, lead: User
) -> None:
    assert "Ei vielä mitään" in words(start(client, lead))
    factories.published("kielikahvila")
    notices.tell("factor_reset_done", lead, organisation="Espoo")
    page = start(client, lead)
    assert lead.notices.get().subject in page
    assert f'href="{reverse("site:service", args=["kielikahvila"])}"' in page


def test_the_start_page_stays_within_reach_of_those_whose_it_is(client: Client, lead: User) -> None:
    client.force_login(lead)
    assert f'href="{reverse("orgs:start")}"' in client.get("/fi/").content.decode()
    client.force_login(factories.member("partner", "main_user"))
    assert f'href="{reverse("orgs:start")}"' not in client.get("/fi/").content.decode()
