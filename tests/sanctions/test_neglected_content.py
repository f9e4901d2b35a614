"""Freshness at the office: light and figures by partner, and neglect that is suggested, never opened."""

import datetime

import pytest
from django.urls import reverse

from orgs.models import Organisation, User
from orgs.roles import Body, SeatKind
from sanctions import facts, lights, pipeline, punctuality
from sanctions.facts import Facts
from sanctions.lights import Level
from sanctions.models import Case
from sanctions.neglected_content import Freshness, freshness_of, suggestions
from sanctions.office.cases import NewCaseForm
from tests import factories
from tests.clients import Client
from tests.sanctions.conftest import Office
from tests.services.site_pages import html, words
from tests.workflow.conftest import at, on
from workflow import sweep as pipeline_sweep
from workflow.actions import lifecycle
from workflow.models import Event

D = datetime.date.fromisoformat


@pytest.mark.parametrize(
    ("published", "reminded", "outdated", "level"),
    [
        (20, 0, 0, Level.OK), (20, 1, 0, Level.WARN), (19, 0, 1, Level.WARN),
        (18, 0, 2, Level.WARN), (17, 0, 3, Level.STOP), (0, 0, 4, Level.STOP), (0, 0, 0, Level.OK),
    ],
)  # fmt: skip
def test_the_light_is_red_once_more_than_a_tenth_is_outdated(
    published: int, reminded: int, outdated: int, level: Level
) -> None:
    found = Facts(Organisation(), fresh=Freshness(published, reminded, outdated))
    shown = lights.lights_of(found, factories.terms(), D("2026-06-01"))
    assert next(one.level for one in shown if one.key == "freshness") == level


def test_a_service_counts_as_published_then_as_reminded_of_then_as_outdated(office: Office) -> None:
    """Published on 7 January: a reminder on day 120, a second 15 days later, outdated after 15 more."""
    seen = []
    for day in ("2026-05-06", "2026-05-07", "2026-05-22", "2026-06-06"):
        with on(day):
            pipeline_sweep.sweep()
            seen.append(freshness_of([office.espoo.pk])[office.espoo.pk])
    fresh, reminded, outdated = Freshness(1, 0, 0), Freshness(1, 1, 0), Freshness(0, 0, 1)
    assert seen == [fresh, reminded, reminded, outdated]


def test_a_service_that_was_confirmed_after_a_reminder_is_fresh_again(office: Office) -> None:
    with on("2026-05-07"):
        pipeline_sweep.sweep()
        lifecycle.confirm_valid(office.pipeline.service, by=office.pipeline.partner)
        assert freshness_of([office.espoo.pk])[office.espoo.pk] == Freshness(1, 0, 0)


def outdated(office: Office, *days: str) -> None:
    """Let a service become outdated by itself on each day."""
    for number, day in enumerate(days):
        with on(day):
            service = factories.published(f"palvelu-{number}").service
            lifecycle.outdate(service, by=None)


def test_three_services_that_became_outdated_within_a_year_are_suggested_as_neglect(office: Office) -> None:
    outdated(office, "2026-02-01", "2026-03-01")
    with on("2026-04-01"):
        assert suggestions() == []
    outdated_again = Event.objects.filter(kind="outdated").latest("pk").service
    with on("2026-04-02"):
        lifecycle.confirm_valid(outdated_again, by=at("espoo", "main_user"))
        lifecycle.outdate(outdated_again, by=None)
        (one,) = suggestions()
    assert one.partner == office.espoo
    assert [name.rsplit("(", 1)[1] for name in one.names] == ["1.2.2026)", "1.3.2026)", "2.4.2026)"]
    with on("2027-02-02"):
        assert suggestions() == []
    assert not Case.objects.exists(), "nothing is opened by itself"


def test_what_someone_took_off_the_pages_is_no_neglect(office: Office) -> None:
    outdated(office, "2026-02-01", "2026-03-01")
    with on("2026-04-02"):
        lifecycle.outdate(office.pipeline.service, by=office.pipeline.partner)
        assert suggestions() == []


def test_a_suggestion_leads_to_the_form_and_is_gone_once_a_case_is_open(office: Office) -> None:
    outdated(office, "2026-02-01", "2026-03-01", "2026-04-01")
    client = Client()
    with on("2026-04-02"):
        client.force_login(office.manager)
        page = html(client, reverse("office:office"))
        assert "laiminlyödäänkö sisältöä toistuvasti?" in page
        way = f"{reverse('office:new_case')}?partner=espoo&ground=neglect"
        assert way.replace("&", "&amp;") in page
        assert "vanhenivat" in html(client, way)
        assert NewCaseForm(office.espoo).initial.get("text") is None
        factories.case(office.espoo, ground="neglect", ground_on=D("2026-04-02"))
        assert suggestions() == []


class TestThePipelineByPartner:
    """Figures say of whom they are; seats of the working group see every partner's."""

    def seated(self) -> User:
        user = at("espoo", "expert")
        factories.seat(user, Body.WORKING_GROUP, SeatKind.MEMBER)
        return user

    def test_a_working_group_seat_reads_all_partners_and_a_main_user_the_own(self, late: Office) -> None:
        vantaa = factories.OrganisationFactory(kind="partner", external_id="vantaa", name={"fi": "Vantaa"})
        pages = []
        with on("2026-01-23"):
            for reader in (self.seated(), late.main_user):
                client = Client()
                client.force_login(reader)
                pages.append(words(html(client, reverse("office:office"))))
        seat, main_user = pages
        assert "Kaikkien kumppanien julkaisut tänään." in seat
        assert "Julkaisuputki kumppaneittain" in seat
        assert str(vantaa) in seat
        assert "Julkaisut tänään: Espoon kaupunki" in main_user
        assert str(vantaa) not in main_user

    def test_the_figures_are_the_sum_of_the_partners(self, late: Office) -> None:
        vantaa = factories.OrganisationFactory(kind="partner", external_id="vantaa")
        with on("2026-01-23"):
            published = punctuality.publications([late.espoo, vantaa], D("2026-01-01"))
            lines = pipeline.figures_of([late.espoo, vantaa], published, D("2026-01-23"))
        (espoo, other), every = lines, pipeline.together(lines)
        assert (espoo.running, espoo.in_review, espoo.late, espoo.median) == (1, 1, 1, None)
        assert (other.running, other.late) == (0, 0)
        assert (every.running, every.in_review, every.waiting, every.late) == (1, 1, 0, 1)

    def test_a_publication_is_in_the_median_for_thirty_days(self, late: Office) -> None:
        with on("2026-01-30"):
            late.pipeline.publish()
        for day, took in (("2026-02-28", [23]), ("2026-03-01", [])):
            published = punctuality.publications([late.espoo], D("2026-01-01"))
            assert pipeline.figures_of([late.espoo], published, D(day))[0].took == took


def test_the_file_of_partners_has_the_figures_of_freshness(office: Office) -> None:
    client = Client()
    with on("2026-05-07"):
        pipeline_sweep.sweep()
        client.force_login(office.manager)
        rows = client.get(reverse("office:office"), {"format": "csv"}).content.decode("utf-8-sig")
    assert "Julkaistu;Vanhenee pian;Vanhentunut" in rows.replace(",", ";").replace('"', "")
    assert facts.facts_of([office.espoo])[0].fresh.reminded == 1
