"""The pages that the law asks for say what it asks for, in each language."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import override

from orgs.models import Organisation
from services.models import PublishedChange
from tests import factories
from tests.clients import Client
from tests.services.site_pages import LANGUAGES, html, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]


@pytest.fixture(autouse=True)
def project(vocabulary: object) -> Organisation:
    return factories.OrganisationFactory(
        kind="project", name={"fi": "Palvelumanuaalin projekti"}, email="toimisto@projekti.example"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_accessibility_statement_has_date_address_time_and_authority(
    client: Client, language: str
) -> None:
    with override(language):
        page = html(client, reverse("site:accessibility"))
    assert "toimisto@projekti.example" in page
    assert "saavutettavuus@traficom.fi" in page
    assert "2026" in words(page)
    assert " 14 " in words(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_privacy_page_names_controllers_basis_rights_and_contacts(client: Client, language: str) -> None:
    with override(language):
        page = html(client, reverse("site:privacy"))
        espoo = reverse("site:organisation", args=["espoo"])
    assert f'href="{espoo}"' in page
    assert "toimisto@projekti.example" in page
    assert "380/2023" in page
    assert "6(1)(c)" in page or "6.1 c" in page
    assert "6(1)(e)" in page or "6.1 e" in page
    assert "tietosuoja.fi" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_privacy_page_has_a_contact_of_each_controller(client: Client, language: str) -> None:
    Organisation.objects.filter(external_id="espoo").update(email="espoo@espoo.example", phone="09 816 21")
    factories.OrganisationFactory(
        kind="partner", external_id="vantaa", email="vantaa@vantaa.example",
        data_protection="tietosuoja@vantaa.example",
    )  # fmt: skip
    factories.OrganisationFactory(
        kind="partner", external_id="lakannut", closed_on="2026-01-01", email="pois@lakannut.example"
    )
    with override(language):
        page = html(client, reverse("site:privacy"))
    assert 'href="mailto:espoo@espoo.example"' in page
    assert 'href="tel:0981621"' in page
    assert 'href="mailto:tietosuoja@vantaa.example"' in page
    assert "vantaa@vantaa.example" not in page.replace("tietosuoja@vantaa.example", "")
    assert "lakannut" not in page


def test_a_manual_without_its_project_names_the_cities(client: Client, project: Organisation) -> None:
    project.delete()
    assert f'href="{reverse("site:organisations")}"' in html(client, reverse("site:accessibility"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_privacy_page_tells_the_numbers_that_hold(client: Client, language: str, settings: Any) -> None:
    agreed = factories.agreement().agreed.get()
    agreed.terms = factories.terms(
        session_hours=5, reading_session_days=11, inactive_days=100, second_notice_days=20, block_days=3,
        anonymise_days=41,
    )  # fmt: skip
    agreed.save()
    settings.USER_LOG_DAYS = 777
    with override(language):
        page = words(html(client, reverse("site:privacy")))
    for number in ("5 ", "11 ", "123 ", "41 ", "777 "):
        assert f" {number}" in page, number


def test_changed_terms_are_told_on_the_pages_that_visitors_get_at_once() -> None:
    agreed = factories.agreement().agreed.get()
    before = PublishedChange.objects.filter(kind=PublishedChange.VOCABULARY).count()
    agreed.save()
    assert PublishedChange.objects.filter(kind=PublishedChange.VOCABULARY).count() == before + 1
