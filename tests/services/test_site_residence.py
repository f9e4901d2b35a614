"""The municipality that was searched for, or the reader's own, is served first from page to page."""

import pytest
from django.urls import reverse

from orgs.models import Municipality, Organisation
from tests import factories
from tests.clients import Client
from tests.services.site_pages import elements, html, words
from tests.services.test_site_service import contact

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]


@pytest.fixture
def service() -> str:
    contacts = [
        contact(name, municipality=code, email=f"{name.lower()}@espoo.example")
        for name, code in (("Vantaalainen", "092"), ("Yhteinen", None), ("Espoolainen", "049"))
    ]
    factories.published(content=factories.document(any_municipality=True, contacts=contacts))
    return reverse("site:service", args=["kielikahvila"])


def contacts_of(page: str) -> list[str]:
    names = ("Vantaalainen", "Yhteinen", "Espoolainen")
    shown = words(page[page.index("Yhteystiedot") :])
    return sorted((name for name in names if name in shown), key=shown.index)


def test_the_common_contact_comes_first_for_who_has_no_municipality(client: Client, service: str) -> None:
    assert contacts_of(html(client, service)) == ["Yhteinen", "Vantaalainen", "Espoolainen"]
    assert contacts_of(html(client, f"{service}?municipality=999"))[0] == "Yhteinen"


def test_the_municipality_of_the_address_comes_first_and_is_asked_first(client: Client, service: str) -> None:
    page = html(client, f"{service}?municipality=049")
    assert contacts_of(page)[0] == "Espoolainen"
    assert page.index("mailto:espoolainen@") < page.index("Muut yhteystiedot (2)")
    assert page.index("mailto:espoolainen@") < page.index("mailto:yhteinen@")


def test_the_readers_own_municipality_comes_first_unless_another_was_searched_for(
    client: Client, service: str
) -> None:
    expert = factories.member("partner", "expert", Organisation.objects.get(external_id="espoo"))
    client.force_login(expert)
    assert contacts_of(html(client, service))[0] == "Espoolainen"
    assert contacts_of(html(client, f"{service}?municipality=092"))[0] == "Vantaalainen"
    expert.home_municipality = Municipality.objects.get(pk="092")
    expert.save()
    assert contacts_of(html(client, service))[0] == "Vantaalainen"


def test_a_list_of_one_municipality_hands_it_on_and_the_page_leads_back(client: Client, service: str) -> None:
    listed = html(client, f"{reverse('site:services')}?municipality=049")
    assert f'href="{service}?municipality=049"' in listed
    page = html(client, f"{service}?municipality=049")
    assert f'href="{reverse("site:services")}?municipality=049"' in page
    several = html(client, f"{reverse('site:services')}?municipality=049&municipality=092")
    assert f'href="{service}"' in several


def test_an_unknown_or_hostile_municipality_is_not_handed_on(client: Client, service: str) -> None:
    page = html(client, f'{service}?municipality="><b>x')
    crumbs = page[page.index('class="crumbs"') : page.index("</nav>", page.index('class="crumbs"'))]
    assert "municipality" not in crumbs


def test_the_instructions_are_of_the_municipality_that_was_searched_for(client: Client, service: str) -> None:
    client.force_login(factories.member("partner", "expert", Organisation.objects.get(external_id="espoo")))
    page = html(client, f"{reverse('site:instructions', args=['kielikahvila'])}?municipality=092")
    assert f'href="{service}?municipality=092"' in page


def test_the_canonical_address_has_no_municipality(client: Client, service: str) -> None:
    page = html(client, f"{service}?municipality=049")
    (canonical,) = (one for one in elements(page, "link") if one.attributes.get("rel") == "canonical")
    assert str(canonical.attributes["href"]).endswith(service)
