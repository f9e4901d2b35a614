"""The office's front and a partner's page, as each of their readers sees them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orgs.roles import Body, SeatKind
from sanctions.actions import deciding
from tests import factories
from tests.clients import Client
from tests.sanctions.conftest import Office, at, on

pytestmark = pytest.mark.django_db


def front(client: Client) -> str:
    return client.get(reverse("office:office")).content.decode()


def test_the_project_manager_lands_in_the_office_where_decisions_come_first(
    late: Office, client: Client
) -> None:
    with on("2026-01-22"):
        client.force_login(late.manager)
        landed = client.get(reverse("orgs:start"))
        assert landed.headers["Location"] == reverse("office:office")
        page = front(client)
    assert (
        page.index("Päätöstäsi odottaa")
        < page.index("Espoon kaupunki: Kielikahvila")
        < page.index("Taulukko")
    )
    assert "1 myöhässä" in page
    assert "Toimisto: 1 päätös odottaa" in page


def test_who_sits_in_the_steering_group_finds_the_office_and_its_cases_without_decisions(
    late: Office, client: Client
) -> None:
    with on("2026-01-22"):
        factories.member("partner", "main_user", late.espoo)
        client.force_login(late.steering)
        start = client.get(reverse("orgs:start")).content.decode()
        page = front(client)
    assert f'href="{reverse("office:office")}"' in start
    assert "Espoon kaupunki: Kielikahvila" in start
    assert "Päätöstäsi odottaa" not in page
    assert "Kielikahvila" in page


def test_a_main_user_sees_the_own_partner_alone(late: Office, client: Client) -> None:
    vantaa = factories.OrganisationFactory(
        kind="partner", external_id="vantaa", name={"fi": "Vantaan kaupunki"}
    )
    with on("2026-01-22"):
        factories.case(vantaa, text="merkkisana")
        client.force_login(late.main_user)
        page = front(client)
        assert "Espoon kaupunki" in page
        assert "Vantaan kaupunki" not in page
        assert client.get(reverse("office:partner", args=["vantaa"])).status_code == 404
        own = client.get(reverse("office:partner", args=["espoo"])).content.decode()
    assert "Kielikahvila" in own


def test_the_communications_officer_sees_attendance_and_no_cases(late: Office, client: Client) -> None:
    officer = factories.member("project", "communications_officer")
    with on("2026-01-22"):
        officer.memberships.update(starts_on="2026-01-01")
        client.force_login(officer)
        page, partner = front(client), client.get(reverse("office:partner", args=["espoo"])).content.decode()
        file = client.get(reverse("office:office"), {"format": "csv"}).content.decode("utf-8-sig")
    for text in (page, partner):
        assert "Tapaukset" not in text
        assert "Pääkirja" not in text
    assert "Tapaukset" not in file
    assert "Kokoukset" in file


def test_the_partners_are_taken_along_with_words_and_reasons(late: Office, client: Client) -> None:
    with on("2026-01-22"):
        client.force_login(late.manager)
        file = client.get(reverse("office:office"), {"format": "csv"}).content.decode("utf-8-sig")
    assert "Vaatii huomiota: 1 myöhässä (22.1.2026 alkaen, 1 putkessa)" in file


def test_the_front_asks_as_many_questions_for_many_cases_as_for_few(late: Office, client: Client) -> None:
    with on("2026-01-22"):
        client.force_login(late.manager)
        front(client)
        counts = []
        for _ in range(2):
            for number in range(5):
                partner = factories.OrganisationFactory(kind="partner")
                factories.case(partner, text=f"tapaus {number}")
                factories.case(partner, proposed_on=None)
            with CaptureQueriesContext(connection) as queries:
                front(client)
            counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 42


def test_a_working_group_seat_reads_the_own_partner_s_cases(late: Office, client: Client) -> None:
    with on("2026-01-22"):
        seat = at("espoo", "expert")
        factories.seat(seat, Body.WORKING_GROUP, SeatKind.DEPUTY)
        deciding.give(late.case, "first", by=late.manager)
        client.force_login(seat)
        assert "Kielikahvila" in front(client)
        assert client.get(reverse("office:case", args=[late.case.pk])).status_code == 200
