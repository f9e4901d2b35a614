"""Each half publishes its own: the public text and the instructions never act on each other."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied

from orgs import clock
from orgs.models import Municipality
from orgs.refused import NotNow
from services import documents, publishing, working_copy
from services.documents import SHAPE, text
from services.fields import Audience
from services.models import PublishedService, Service, ServiceVersion
from services.publishing import ChangedMeanwhile, NotPublic
from services.shape import Path, values_of
from services.tracks import PUBLIC, municipal
from tests import factories
from tests.workflow.conftest import GUIDANCE, SUMMARY, Pipeline, at, on
from workflow import composition, editing, reminders, waiting
from workflow.actions import lifecycle, reviewing, runs
from workflow.actions.reviewing import NotSubmitted, Unconfirmed
from workflow.actions.steps import open_run_of
from workflow.models import Event, Run
from workflow.sweep import sweep

State = Run.State
SWEDISH = text(Audience.PUBLIC, "sv", "summary")
ESPOO = documents.municipal_text("049", "fi", "guidance")
VANTAA = documents.municipal_text("092", "fi", "guidance")


def draft(pipeline: Pipeline, path: Path) -> object:
    return values_of(working_copy.read(pipeline.service), SHAPE).get(path)


def public(pipeline: Pipeline, path: Path) -> object:
    found = publishing.newest_document(pipeline.fresh)
    assert found
    return values_of(found, SHAPE).get(path)


def write(pipeline: Pipeline, path: Path, value: str, by: str = "provider") -> None:
    writer = getattr(pipeline, by)
    assert editing.save(pipeline.service, {path: value}, by=writer, base=pipeline.revision).changed


class TestTheThreeAccidents:
    def test_a_provider_who_withdraws_leaves_the_instructions_alone(self, pipeline: Pipeline) -> None:
        run = pipeline.write()
        pipeline.instruct()
        runs.withdraw(run, by=pipeline.provider)
        assert draft(pipeline, GUIDANCE) == "<p>Ohjaa torstain ryhmään.</p>"
        assert pipeline.instructions.state == State.DRAFTING
        assert draft(pipeline, SUMMARY) == public(pipeline, SUMMARY)

    def test_who_publishes_an_instruction_publishes_no_unfinished_public_text(
        self, pipeline: Pipeline
    ) -> None:
        run = pipeline.write("KESKENERÄINEN, älä julkaise")
        instructions = pipeline.instruct()
        before = public(pipeline, SUMMARY)
        version = reviewing.publish(instructions, by=pipeline.partner, revision=pipeline.revision)
        assert public(pipeline, GUIDANCE) == "<p>Ohjaa torstain ryhmään.</p>"
        assert (public(pipeline, SUMMARY), version.tracks) == (before, ["internal"])
        run.refresh_from_db()
        assert run.state == State.DRAFTING
        with pytest.raises(NotSubmitted):
            pipeline.publish()

    def test_instructions_alone_make_no_public_run(self, pipeline: Pipeline) -> None:
        run = pipeline.instruct()
        assert open_run_of(pipeline.service) is None
        for step in (runs.submit, runs.return_to_provider, reviewing.take, runs.recall):
            more = {"reason": "Korjaa."} if step is runs.return_to_provider else {}
            with pytest.raises(NotNow):
                step(run, by=pipeline.partner, **more)


class TestTheInternalTrack:
    def test_it_needs_no_submission_and_confirms_nothing_public(self, pipeline: Pipeline) -> None:
        before = reminders.counted_from(pipeline.service)
        with on("2026-12-15"):
            reviewing.publish(pipeline.instruct(), by=pipeline.partner, revision=pipeline.revision)
            assert reminders.counted_from(pipeline.service) == before
        row = PublishedService.objects.get(service=pipeline.service, language="fi")
        assert row.published_at.date() == before, "visitors are told of no update"

    def test_it_is_written_and_published_by_the_partner_only(self, pipeline: Pipeline) -> None:
        run = pipeline.instruct()
        for other in (pipeline.provider, at("kielisilta", "main_user"), at("espoo", "expert")):
            with pytest.raises(PermissionDenied):
                reviewing.publish(run, by=other, revision=pipeline.revision)
            with pytest.raises(PermissionDenied):
                runs.withdraw(run, by=other)
            assert run not in waiting.runs_of(other)

    def test_withdrawing_it_leaves_all_other_drafts_alone(self, pipeline: Pipeline) -> None:
        pipeline.write("Uusi sana.")
        write(pipeline, ESPOO, "<p>Espoossa näin.</p>", "partner")
        runs.withdraw(pipeline.instruct(), by=pipeline.partner)
        assert draft(pipeline, GUIDANCE) == public(pipeline, GUIDANCE)
        assert (draft(pipeline, SUMMARY), draft(pipeline, ESPOO)) == ("Uusi sana.", "<p>Espoossa näin.</p>")

    def test_of_an_outdated_service_it_waits_until_that_is_public_again(self, pipeline: Pipeline) -> None:
        run = pipeline.instruct()
        lifecycle.outdate(pipeline.service, by=pipeline.partner)
        with pytest.raises(NotPublic):
            reviewing.publish(run, by=pipeline.partner, revision=pipeline.revision)
        assert pipeline.fresh.status == Service.Status.OUTDATED

    def test_what_was_changed_after_one_looked_is_looked_at_again(self, pipeline: Pipeline) -> None:
        run = pipeline.instruct()
        seen = pipeline.revision
        pipeline.write("Julkinen sana on toinen.")
        pipeline.instruct("<p>Toisin.</p>")
        with pytest.raises(ChangedMeanwhile):
            reviewing.publish(run, by=pipeline.partner, revision=seen)
        seen = pipeline.revision
        pipeline.write("Ja vielä kolmas.")
        reviewing.publish(run, by=pipeline.partner, revision=seen)  # what was looked at is the same


class TestInstructionsAlong:
    def test_they_stay_a_draft_until_the_reviewer_says_otherwise(self, pipeline: Pipeline) -> None:
        pipeline.submit()
        pipeline.instruct()
        pipeline.publish()
        assert public(pipeline, SUMMARY) == "Puhut suomea torstaisin."
        assert public(pipeline, GUIDANCE) == "<p>Kerro kahvilasta asiakkaalle.</p>"
        assert pipeline.instructions.state == State.DRAFTING

    def test_taken_along_they_go_out_together_and_both_runs_close(self, pipeline: Pipeline) -> None:
        run = pipeline.submit()
        pipeline.instruct()
        pipeline.confirm()
        reviewing.take_along(run, by=pipeline.partner, instructions=True)
        with pytest.raises(Unconfirmed) as refused:
            reviewing.publish(pipeline.run, by=pipeline.partner, revision=pipeline.revision)
        assert [group.value for group in refused.value.groups] == ["guidance"]
        pipeline.publish()
        version = ServiceVersion.objects.latest("number")
        assert public(pipeline, GUIDANCE) == "<p>Ohjaa torstain ryhmään.</p>"
        assert version.tracks == ["internal", "public"]
        assert {pipeline.run.version, pipeline.instructions.version} == {version}

    def test_a_new_service_is_published_with_its_instructions(self, new_pipeline: Pipeline) -> None:
        run = new_pipeline.write()
        new_pipeline.instruct()
        write(new_pipeline, ESPOO, "<p>Espoossa näin.</p>", "partner")
        runs.submit(run, by=new_pipeline.provider)
        new_pipeline.publish()
        assert public(new_pipeline, GUIDANCE) == "<p>Ohjaa torstain ryhmään.</p>"
        assert new_pipeline.instructions.state == State.PUBLISHED
        assert public(new_pipeline, ESPOO) is None, "a municipality publishes its own"

    def test_instructions_of_a_new_service_are_not_given_up_by_themselves(
        self, new_pipeline: Pipeline
    ) -> None:
        run = new_pipeline.instruct()
        with pytest.raises(NotPublic):
            runs.withdraw(run, by=new_pipeline.partner)
        with pytest.raises(NotPublic):
            reviewing.publish(run, by=new_pipeline.partner, revision=new_pipeline.revision)


class TestLanguages:
    @pytest.fixture
    def pipeline(self, pipeline: Pipeline) -> Pipeline:
        """Return it with Finnish in review, and a Swedish word that came later."""
        runs.submit(pipeline.write(), by=pipeline.provider, languages=["fi"])
        write(pipeline, SWEDISH, "Du talar svenska.")
        return pipeline

    def test_what_is_listed_is_what_the_version_changes(self, pipeline: Pipeline) -> None:
        carried = composition.of_run(pipeline.run, publishing.draft_of(pipeline.service))
        assert (set(carried.changes(PUBLIC)), carried.left_languages) == ({SUMMARY}, ["sv"])
        before = publishing.newest_document(pipeline.fresh)
        pipeline.publish()
        after = publishing.newest_document(pipeline.fresh)
        assert before
        assert after
        assert documents.diff(before, after) == carried.changes(PUBLIC)

    def test_words_that_were_not_carried_are_a_draft_on_their_writers_desk(self, pipeline: Pipeline) -> None:
        closed = pipeline.run
        pipeline.publish()
        left = pipeline.run
        assert (left.state, draft(pipeline, SWEDISH)) == (State.DRAFTING, "Du talar svenska.")
        assert left != closed
        assert left.pk in [run for run, _urgency in waiting.tasks_of(pipeline.provider)]
        opened = Event.objects.get(run=left, kind="opened")
        assert opened.detail == {"languages": ["sv"]}

    def test_withdrawing_gives_up_what_was_submitted(self, pipeline: Pipeline) -> None:
        runs.withdraw(pipeline.run, by=pipeline.provider)
        assert draft(pipeline, SUMMARY) == public(pipeline, SUMMARY)
        assert draft(pipeline, SWEDISH) == "Du talar svenska."
        assert pipeline.run.state == State.DRAFTING

    def test_another_languages_draft_takes_no_confirmation_back(self, pipeline: Pipeline) -> None:
        pipeline.confirm()
        write(pipeline, SWEDISH, "Du talar finska.")
        reviewing.publish(pipeline.run, by=pipeline.partner, revision=pipeline.revision)


class TestAMunicipalitysOwnPart:
    @pytest.fixture
    def vantaa(self, pipeline: Pipeline) -> Pipeline:
        """Return a pair whose partner half is a producer of Vantaa, on Espoo's service."""
        organisation = factories.OrganisationFactory(external_id="vantaa", kind="partner")
        organisation.municipalities.set(Municipality.objects.filter(code="092"))
        return Pipeline(pipeline.service, pipeline.provider, at("vantaa", "producer"))

    def test_it_is_written_and_published_on_another_partners_service(self, vantaa: Pipeline) -> None:
        write(vantaa, VANTAA, "<p>Vantaalla näin.</p>", "partner")
        run = open_run_of(vantaa.service, municipal("092"))
        assert run
        assert public(vantaa, VANTAA) is None
        assert run.pk in [pk for pk, _urgency in waiting.tasks_of(vantaa.partner)]
        version = reviewing.publish(run, by=vantaa.partner, revision=vantaa.revision)
        assert (public(vantaa, VANTAA), version.tracks) == ("<p>Vantaalla näin.</p>", ["municipal"])
        event = Event.objects.get(kind="municipal_published")
        assert (event.run, event.actor) == (run, vantaa.partner)

    def test_it_is_nobody_elses(self, pipeline: Pipeline, vantaa: Pipeline) -> None:
        write(vantaa, VANTAA, "<p>Vantaalla näin.</p>", "partner")
        run = open_run_of(vantaa.service, municipal("092"))
        assert run
        for other in (pipeline.partner, pipeline.provider, at("espoo", "main_user")):
            with pytest.raises(PermissionDenied):
                reviewing.publish(run, by=other, revision=pipeline.revision)
            with pytest.raises(PermissionDenied):
                write(Pipeline(pipeline.service, other, other), VANTAA, "<p>Toisin.</p>")
            assert run not in waiting.runs_of(other)

    def test_it_is_withdrawn_by_itself(self, vantaa: Pipeline) -> None:
        write(vantaa, VANTAA, "<p>Vantaalla näin.</p>", "partner")
        vantaa.write("Julkinen sana.")
        run = open_run_of(vantaa.service, municipal("092"))
        assert run
        runs.withdraw(run, by=vantaa.partner)
        assert (draft(vantaa, VANTAA), draft(vantaa, SUMMARY)) == (None, "Julkinen sana.")

    def test_what_was_approved_for_a_time_stays_approved(self, pipeline: Pipeline, vantaa: Pipeline) -> None:
        run = pipeline.submit()
        pipeline.confirm()
        later = clock.now() + datetime.timedelta(hours=2)
        reviewing.schedule(run, by=pipeline.partner, at=later, revision=pipeline.revision)
        write(vantaa, VANTAA, "<p>Vantaalla näin.</p>", "partner")
        own = open_run_of(vantaa.service, municipal("092"))
        assert own
        reviewing.publish(own, by=vantaa.partner, revision=vantaa.revision)
        with on("2026-11-24"):
            assert sweep().published == ["kielikahvila"]
        assert public(vantaa, VANTAA) == "<p>Vantaalla näin.</p>"
        assert public(vantaa, SUMMARY) == "Puhut suomea torstaisin."
