"""A translation that is only begun holds up nothing; one that is whole can join the review."""

import datetime
from typing import Any

import pytest
from django.urls import reverse

from orgs import clock
from orgs.models import Notice, User
from orgs.refused import Refused
from services import publishing, working_copy
from services.completeness import missing
from services.documents import text
from services.fields import Audience, Stage
from services.models import ServiceVersion
from services.publishing import ChangedMeanwhile, Incomplete
from tests.clients import Client
from tests.workflow.conftest import SUMMARY, Pipeline
from workflow import composition, editing
from workflow.actions import reviewing, run_languages, runs
from workflow.actions.reviewing import NotSubmitted, Unconfirmed
from workflow.models import Event

NAME = text(Audience.PUBLIC, "sv", "name")


def write(pipeline: Pipeline, changes: dict[Any, Any], by: User | None = None) -> None:
    editing.save(pipeline.service, changes, by=by or pipeline.provider, base=pipeline.revision)


def begin(pipeline: Pipeline) -> None:
    """Write a first Swedish word."""
    write(pipeline, {NAME: "Språkkafé"})


def finish(pipeline: Pipeline, by: User | None = None) -> None:
    """Write all that a submission needs in Swedish."""
    lacking = missing(working_copy.read(pipeline.service), Stage.PUBLICATION, ["sv"])
    write(pipeline, {text(Audience.PUBLIC, "sv", one.field.name): "På svenska." for one in lacking}, by)


def page(client: Client, user: User, address: str = "desk:service", *args: str, **asked: str) -> Any:
    client.force_login(user)
    return client.get(reverse(address, args=["kielikahvila", *args]), asked)


def labels(lacks: list[Any]) -> str:
    return " ".join(lack.label for lack in lacks)


class TestATranslationThatIsOnlyBegun:
    @pytest.fixture
    def begun(self, pipeline: Pipeline) -> Pipeline:
        pipeline.write()
        begin(pipeline)
        return pipeline

    def test_finnish_is_submitted_without_it(self, begun: Pipeline) -> None:
        runs.submit(begun.run, by=begun.provider)
        assert begun.run.languages == ["fi"]

    @pytest.mark.parametrize("section", ["basics", "description"])
    def test_nobody_who_writes_finnish_is_told_what_it_lacks(
        self, begun: Pipeline, client: Client, section: str
    ) -> None:
        shown = page(client, begun.provider, "desk:edit", section).context
        assert (shown["filled"], shown["lacks"], shown["here_lacks"]) == (shown["required"], [], 0)
        assert shown["begun"] == "ruotsi"
        assert "(ruotsi)" in labels(shown["translating"])
        desk = page(client, begun.provider).context
        assert (desk["lacks"], desk["left"]) == ([], "ruotsi")
        assert desk["forms"]["submit"]["languages"].value() == ["fi"]

    def test_who_writes_swedish_sees_what_the_section_lacks(self, begun: Pipeline, client: Client) -> None:
        shown = page(client, begun.provider, "desk:edit", "description", lang="sv").context
        assert shown["here_lacks"] > 0

    def test_its_draft_can_be_previewed(self, begun: Pipeline, client: Client) -> None:
        client.force_login(begun.provider)
        page = client.get("/sv/skrivbord/kielikahvila/forhandsgranskning/")
        assert "Språkkafé" in page.content.decode()

    def test_withdrawing_the_draft_gives_it_up_too(self, begun: Pipeline) -> None:
        runs.withdraw(begun.run, by=begun.provider)
        assert "sv" not in working_copy.read(begun.service)["public"]["texts"]
        assert not begun.run.is_open

    def test_submitted_by_itself_it_is_told_what_it_lacks(self, pipeline: Pipeline) -> None:
        begin(pipeline)
        with pytest.raises(Incomplete) as refused:
            runs.submit(pipeline.run, by=pipeline.provider)
        assert {one.language for one in refused.value.lacking} == {"sv"}

    def test_of_a_language_that_is_public_nothing_is_ever_left_out(self, pipeline: Pipeline) -> None:
        begin(pipeline)
        finish(pipeline)
        runs.submit(pipeline.run, by=pipeline.provider, languages=["sv"])
        pipeline.publish()
        write(pipeline, {NAME: ""})
        with pytest.raises(Incomplete):
            runs.submit(pipeline.run, by=pipeline.provider)

    def test_of_a_new_service_finnish_is_published_without_it(self, new_pipeline: Pipeline) -> None:
        new_pipeline.write()
        begin(new_pipeline)
        runs.submit(new_pipeline.run, by=new_pipeline.provider)
        new_pipeline.publish()
        assert ServiceVersion.objects.get().languages == ["fi"]
        assert new_pipeline.run.state == "drafting", "the Swedish words are on their writer's desk"


class TestJoiningTheReview:
    @pytest.fixture
    def reviewed(self, pipeline: Pipeline) -> Pipeline:
        """Return it with Finnish in review and confirmed, and Swedish that came later."""
        pipeline.submit()
        pipeline.confirm()
        begin(pipeline)
        finish(pipeline)
        return pipeline

    def test_it_is_offered_to_its_writer_when_it_is_whole(self, pipeline: Pipeline, client: Client) -> None:
        pipeline.submit()
        begin(pipeline)
        shown = page(client, pipeline.provider)
        assert "puuttuu, ennen kuin" in shown.content.decode()
        finish(pipeline)
        assert "add_languages" in page(client, pipeline.provider).context["forms"]
        assert "add_languages" not in page(client, pipeline.partner).context["forms"], "not others' words"

    def test_one_press_takes_it_along_and_both_hear(self, reviewed: Pipeline, client: Client) -> None:
        client.force_login(reviewed.provider)
        answer = client.post(reverse("desk:step", args=["kielikahvila", "add-languages"]), follow=True)
        assert "Tarkistuksessa on nyt lisää kieliä." in answer.content.decode()
        assert reviewed.run.languages == ["fi", "sv"]
        notice = Notice.objects.get(kind="run_languages_added")
        assert notice.recipient == reviewed.partner
        assert Event.objects.get(kind="languages_added").detail == {"languages": ["sv"]}
        assert "lisää kieliä: ruotsi" in page(client, reviewed.partner).content.decode()

    def test_the_reviewer_sees_it_as_new_and_confirms_again(self, reviewed: Pipeline, client: Client) -> None:
        run_languages.add_languages(reviewed.run, ["sv"], by=reviewed.provider)
        shown = page(client, reviewed.partner).context
        assert {change.language for change in shown["since_changes"]} == {"sv"}
        with pytest.raises(Unconfirmed):
            reviewing.publish(reviewed.run, by=reviewed.partner, revision=reviewed.revision)
        reviewed.publish()
        assert ServiceVersion.objects.latest("number").languages == ["fi", "sv"]

    def test_a_page_from_before_publishes_nothing_that_it_did_not_show(
        self, reviewed: Pipeline, client: Client
    ) -> None:
        shown = page(client, reviewed.partner).context
        groups = [section.group.value for section in shown["sections"]]
        run_languages.add_languages(reviewed.run, ["sv"], by=reviewed.provider)
        sent = {"revision": shown["revision"], "seal": shown["seal"], "confirm-groups": groups}
        address = reverse("desk:step", args=["kielikahvila", "publish"])
        assert client.post(address, sent).status_code == 422
        assert ServiceVersion.objects.count() == 1
        assert not Event.objects.filter(kind="section_confirmed", detail__group=groups[0])[1:]
        for action in (reviewing.publish, reviewing.confirm_sections):
            more: Any = {"groups": ()} if action is reviewing.confirm_sections else {}
            with pytest.raises(ChangedMeanwhile):
                action(
                    reviewed.run, by=reviewed.partner, revision=shown["revision"], seal=shown["seal"], **more
                )

    def test_the_same_holds_of_instructions_that_go_along(self, pipeline: Pipeline) -> None:
        run = pipeline.submit()
        pipeline.instruct()
        seal = composition.of_run(run, publishing.draft_of(pipeline.service)).seal
        reviewing.take_along(run, by=pipeline.partner, instructions=True)
        pipeline.confirm()
        with pytest.raises(ChangedMeanwhile):
            reviewing.publish(run, by=pipeline.partner, revision=pipeline.revision, seal=seal)

    def test_a_set_time_is_taken_back(self, reviewed: Pipeline) -> None:
        at = clock.now() + datetime.timedelta(days=2)
        reviewing.schedule(reviewed.run, by=reviewed.partner, at=at, revision=reviewed.revision)
        run_languages.add_languages(reviewed.run, ["sv"], by=reviewed.provider)
        assert reviewed.run.publish_at is None
        assert Notice.objects.filter(kind="run_unscheduled", recipient=reviewed.partner).exists()

    def test_what_lacks_something_is_refused_with_what(self, pipeline: Pipeline, client: Client) -> None:
        pipeline.submit()
        begin(pipeline)
        client.force_login(pipeline.provider)
        answer = client.post(reverse("desk:step", args=["kielikahvila", "add-languages"]))
        assert answer.status_code == 422
        assert "(ruotsi)" in answer.content.decode() or "Ruotsi" in answer.content.decode()
        assert pipeline.run.languages == ["fi"]

    def test_a_reviewer_takes_no_words_of_others_along(self, reviewed: Pipeline) -> None:
        with pytest.raises(NotSubmitted):
            run_languages.add_languages(reviewed.run, ["sv"], by=reviewed.partner)

    def test_a_reviewer_who_wrote_all_of_it_may(self, pipeline: Pipeline) -> None:
        write(pipeline, {SUMMARY: "Kunnan oma sana."}, pipeline.partner)
        runs.submit(pipeline.run, by=pipeline.partner)
        write(pipeline, {NAME: "Språkkafé"}, pipeline.partner)
        finish(pipeline, pipeline.partner)
        run_languages.add_languages(pipeline.run, ["sv"], by=pipeline.partner)
        assert pipeline.run.languages == ["fi", "sv"]

    def test_of_a_language_without_words_nothing_is_taken(self, reviewed: Pipeline) -> None:
        for languages in ([], ["en"], ["fi"]):
            with pytest.raises(Refused):
                run_languages.add_languages(reviewed.run, languages, by=reviewed.provider)
