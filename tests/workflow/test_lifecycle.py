"""A service's life: outdated and back, archived, published at a set time, a clock that says why it stands."""

import datetime
from typing import Any

import pytest
from django.urls import reverse

from orgs import clock
from orgs.access import NotAllowed
from orgs.models import Notice, User
from services import working_copy
from services.changes import BadChanges
from services.models import PublishedService, Service
from services.shape import Path
from tests import factories
from tests.clients import Client
from tests.workflow.conftest import Pipeline, at, on
from workflow import editing, reminders
from workflow.actions import lifecycle, pauses, runs, seasons
from workflow.clock_face import Standing
from workflow.desk.service import clock_of
from workflow.models import Event, HolidaySeason, Pause, Run
from workflow.sweep import sweep

ORGANISER: Path = ("public", "organiser")
PRODUCERS: Path = ("public", "producers")


def page(client: Client, user: User) -> Any:
    client.force_login(user)
    return client.get(reverse("desk:service", args=["kielikahvila"]))


def outdated_by_time(pipeline: Pipeline) -> None:
    """Let the sweep take the steps of a service that nobody confirms."""
    for day in ("2027-03-23", "2027-04-07", "2027-04-22"):
        with on(day):
            sweep()
    assert pipeline.fresh.status == Service.Status.OUTDATED


class TestOutdatedAndBack:
    def test_it_is_on_both_desks_with_both_ways_on(self, pipeline: Pipeline, client: Client) -> None:
        outdated_by_time(pipeline)
        for user in (pipeline.provider, pipeline.partner):
            client.force_login(user)
            desk = client.get(reverse("desk:desk")).content.decode()
            assert reverse("desk:life", args=["kielikahvila", "confirm"]) in desk
            assert reverse("desk:start", args=["kielikahvila"]) in desk

    @pytest.mark.parametrize("half", ["provider", "partner"])
    def test_one_click_brings_it_back(self, pipeline: Pipeline, client: Client, half: str) -> None:
        outdated_by_time(pipeline)
        assert not PublishedService.objects.exists()
        with on("2027-05-03"):
            client.force_login(getattr(pipeline, half))
            client.post(reverse("desk:life", args=["kielikahvila", "confirm"]))
            assert pipeline.fresh.status == Service.Status.PUBLISHED
            assert client.get(reverse("site:service", args=["kielikahvila"])).status_code == 200
            assert reminders.counted_from(pipeline.service) == clock.today()
            assert sweep().reminded == []
        assert Event.objects.filter(kind="confirmed_back").count() == 1
        other = pipeline.partner if half == "provider" else pipeline.provider
        assert Notice.objects.get(kind="service_back").recipient == other

    def test_what_the_partner_took_off_is_not_the_providers_to_bring_back(self, pipeline: Pipeline) -> None:
        lifecycle.outdate(pipeline.service, by=pipeline.partner)
        with pytest.raises(NotAllowed):
            lifecycle.confirm_valid(pipeline.service, by=pipeline.provider)
        lifecycle.confirm_valid(pipeline.service, by=pipeline.partner)
        assert pipeline.fresh.status == Service.Status.PUBLISHED

    def test_its_mark_shows_while_a_run_is_open(self, pipeline: Pipeline, client: Client) -> None:
        lifecycle.outdate(pipeline.service, by=pipeline.partner)
        pipeline.submit()
        content = page(client, pipeline.partner).content.decode()
        assert "Vanhentunut" in content
        assert "Tarkistettavana" in content

    def test_a_run_that_waits_for_the_partner_keeps_it_public(self, pipeline: Pipeline) -> None:
        with on("2027-04-10"):
            pipeline.submit()
        outdating = [on(day) for day in ("2027-03-23", "2027-04-07")]
        for moment in outdating:
            with moment:
                sweep()
        with on("2027-04-22"):
            assert sweep().reminded == []
            assert pipeline.fresh.status == Service.Status.PUBLISHED
            runs.return_to_provider(pipeline.run, by=pipeline.partner, reason="Kerro paikka.")
            assert sweep().reminded == ["kielikahvila (outdated)"], "one that waits for the provider does not"


class TestWords:
    def test_a_withdrawn_update_leaves_a_published_service_published(
        self, pipeline: Pipeline, client: Client
    ) -> None:
        runs.withdraw(pipeline.submit(), by=pipeline.provider)
        content = page(client, pipeline.provider).content.decode()
        assert "Julkaistu" in content
        assert '<use href="#i-ban"' not in content

    def test_nothing_is_said_to_be_readable_that_is_not(self, new_pipeline: Pipeline, client: Client) -> None:
        new_pipeline.submit()
        content = page(client, new_pipeline.provider).content.decode()
        assert "Sisältöä tarkistetaan." in content
        assert "luettavissa" not in content

    def test_the_estimate_that_the_provider_was_told_is_on_the_page(
        self, pipeline: Pipeline, client: Client
    ) -> None:
        run = pipeline.submit()
        estimate = clock.today() + datetime.timedelta(days=20)
        pauses.tell_extension(run, by=pipeline.partner, text="Lomat.", estimate_on=estimate)
        for user in (pipeline.provider, pipeline.partner):
            assert "julkaistaan viimeistään" in page(client, user).content.decode()

    def test_a_clock_that_stands_says_why_and_since_when(self, pipeline: Pipeline) -> None:
        run = pipeline.submit()
        pauses.pause(run, by=pipeline.partner, reason=Pause.Reason.LEGAL, text="Selvitys.")
        with on("2026-11-28"):
            face = clock_of(pipeline.run)
            assert face
            assert face.sentence.startswith("Kello on seisonut 23.11.2026 alkaen: ")

    def test_in_a_season_it_says_until_when(self, pipeline: Pipeline) -> None:
        season = HolidaySeason(first_day=datetime.date(2026, 12, 21), last_day=datetime.date(2027, 1, 6))
        seasons.save(season, by=factories.member("project", "project_manager"))
        pipeline.submit()
        with on("2026-12-23"):
            face = clock_of(pipeline.run)
            assert face
            assert "Kello seisoo 21.12.2026–6.1.2027: lomakausi." in face.sentence

    def test_its_sentence_is_a_rule_of_its_own(self) -> None:
        since = datetime.date(2026, 11, 23)
        assert Standing("x", since).sentence == "Kello on seisonut 23.11.2026 alkaen: x."


class TestTheArchive:
    def test_it_offers_nothing_but_the_way_back(self, pipeline: Pipeline, client: Client) -> None:
        chief = at("espoo", "main_user")
        lifecycle.archive(pipeline.service, by=chief)
        shown = page(client, chief)
        assert [turn.slug for turn in shown.context["turns"]] == ["restore"]
        assert reverse("desk:start", args=["kielikahvila"]) not in shown.content.decode()
        answer = client.get(reverse("desk:edit", args=["kielikahvila", "basics"]), follow=True)
        assert "Palvelu on arkistossa." in answer.content.decode()


class TestASetTime:
    def set(self, client: Client, pipeline: Pipeline, day: str, time: str) -> Any:
        seen = page(client, pipeline.partner).context["revision"]
        sent = {"schedule-day": day, "schedule-time": time, "revision": seen}
        return client.post(reverse("desk:step", args=["kielikahvila", "schedule"]), sent)

    def test_it_is_published_then_and_the_page_says_so(self, pipeline: Pipeline, client: Client) -> None:
        pipeline.submit()
        pipeline.confirm()
        assert self.set(client, pipeline, "2026-11-25", "08:30").status_code == 302
        shown = page(client, pipeline.partner)
        assert "Julkaistaan 25.11.2026 klo 8.30." in " ".join(shown.content.decode().split())
        assert "unschedule" in shown.context["forms"]
        with on("2026-11-25", 9):
            assert sweep().published == ["kielikahvila"]
        assert pipeline.run.state == Run.State.PUBLISHED

    def test_what_is_not_confirmed_or_not_whole_is_refused(self, pipeline: Pipeline, client: Client) -> None:
        pipeline.submit()
        refused = self.set(client, pipeline, "2026-11-25", "08:30")
        assert refused.status_code == 422
        assert "Vahvista ensin" in refused.content.decode()
        pipeline.confirm()
        assert "Anna päivä ja kellonaika." in self.set(client, pipeline, "", "08:30").content.decode()
        past = self.set(client, pipeline, "2026-11-20", "08:30")
        assert past.status_code == 422
        assert pipeline.run.publish_at is None

    def test_it_can_be_taken_back(self, pipeline: Pipeline, client: Client) -> None:
        pipeline.submit()
        pipeline.confirm()
        self.set(client, pipeline, "2026-11-25", "08:30")
        client.post(reverse("desk:step", args=["kielikahvila", "unschedule"]))
        assert pipeline.run.publish_at is None


class TestADraftIsNotGivenAway:
    def test_a_provider_names_none_but_its_own_organisations(self, new_pipeline: Pipeline) -> None:
        factories.OrganisationFactory(external_id="toinen", kind="provider")
        given: tuple[dict[Path, Any], ...] = (
            {ORGANISER: "toinen"}, {PRODUCERS: ["kielisilta", "toinen"]}, {ORGANISER: "espoo"},
        )  # fmt: skip
        for wanted in given:
            with pytest.raises(BadChanges, match="Valitse oma organisaatiosi"):
                editing.save(
                    new_pipeline.service, wanted, by=new_pipeline.provider, base=new_pipeline.revision
                )
        assert working_copy.read(new_pipeline.service)["public"]["organiser"] == "kielisilta"

    def test_the_partner_says_who_produces_it(self, new_pipeline: Pipeline) -> None:
        factories.OrganisationFactory(external_id="toinen", kind="provider")
        wanted: dict[Path, Any] = {PRODUCERS: ["kielisilta", "toinen"]}
        editing.save(new_pipeline.service, wanted, by=new_pipeline.partner, base=new_pipeline.revision)
        produced = new_pipeline.fresh.producers.values_list("external_id", flat=True)
        assert set(produced) == {"kielisilta", "toinen"}
