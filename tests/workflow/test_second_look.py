"""A review goes on where it stopped: what is new since then, the request, the ticks, the words typed."""

from typing import Any

from django.urls import reverse
from lxml import html

from orgs.models import Notice, User
from services import documents
from services.documents import text
from services.fields import Audience
from tests.clients import Client
from tests.workflow.conftest import SUMMARY, Pipeline, at
from workflow import editing, waiting
from workflow.actions import creating, reviewing, runs
from workflow.models import Look, Pause, Run, Updater

SWEDISH = text(Audience.PUBLIC, "sv", "summary")
NAME = text(Audience.PUBLIC, "fi", "name")
PAGE = ("desk:service", ["kielikahvila"])


def page(client: Client, user: User) -> Any:
    client.force_login(user)
    return client.get(reverse(PAGE[0], args=PAGE[1]))


def press(client: Client, user: User, step: str, **typed: Any) -> Any:
    """Press a button of the page, with what is typed and ticked on it."""
    seen = page(client, user).context["revision"]
    hidden = {"revision": seen}
    typed = {name.replace("__", "-", 1): value for name, value in typed.items()}
    return client.post(reverse("desk:step", args=["kielikahvila", step]), hidden | typed)


def groups(answer: Any) -> list[str]:
    return [section.group.value for section in answer.context["sections"]]


def confirmed(pipeline: Pipeline) -> set[str]:
    return set(pipeline.run.confirmations.values_list("group", flat=True))


def told(kind: str) -> set[str]:
    return {notice.recipient.full_name for notice in Notice.objects.filter(kind=kind) if notice.recipient}


class TestOneForm:
    def test_one_press_confirms_and_publishes(self, pipeline: Pipeline, client: Client) -> None:
        pipeline.submit()
        ticks = groups(page(client, pipeline.partner))
        answer = press(client, pipeline.partner, "publish", confirm__groups=ticks)
        assert answer.status_code == 302
        assert pipeline.run.state == Run.State.PUBLISHED

    def test_a_refused_publication_keeps_ticks_and_words(self, pipeline: Pipeline, client: Client) -> None:
        pipeline.submit()
        some = groups(page(client, pipeline.partner))[:2]
        answer = press(
            client, pipeline.partner, "publish", confirm__groups=some, return__reason="Kerro vielä paikka."
        )
        assert answer.status_code == 422
        assert confirmed(pipeline) == set(some)
        assert "Kerro vielä paikka." in answer.content.decode()

    def test_whatever_is_pressed_the_rest_stays(self, pipeline: Pipeline, client: Client) -> None:
        pipeline.submit()
        pause = Pause.recorded(pipeline.run, Pause.Reason.LEGAL, "Selvitys.", by=pipeline.partner)
        pause.save()
        ticks = groups(page(client, pipeline.partner))[:1]
        typed = {"confirm-groups": ticks, "return-reason": "Kerro vielä paikka.", "extension-text": "Lomat."}
        seen = page(client, pipeline.partner).context["revision"]
        for address in (
            reverse("desk:step", args=["kielikahvila", "take"]),
            reverse("desk:pause", args=["kielikahvila", pause.pk, "resume"]),
        ):
            answer = client.post(address, typed | {"revision": seen}, follow=True)
            content = answer.content.decode()
            assert "Kerro vielä paikka." in content
            assert "Lomat." in content
            assert confirmed(pipeline) == set(ticks)

    def test_ticks_of_another_text_confirm_nothing(self, pipeline: Pipeline, client: Client) -> None:
        pipeline.submit()
        shown = page(client, pipeline.partner)
        pipeline.write("Puhut suomea sunnuntaisin.")
        seen = {"revision": shown.context["revision"]}
        client.force_login(pipeline.partner)
        address = reverse("desk:step", args=["kielikahvila", "publish"])
        answer = client.post(address, seen | {"confirm-groups": groups(shown)})
        assert answer.status_code == 422
        assert not confirmed(pipeline)
        assert pipeline.run.state == Run.State.IN_REVIEW

    def test_a_provider_confirms_nothing_by_ticks(self, pipeline: Pipeline, client: Client) -> None:
        pipeline.submit()
        ticks = groups(page(client, pipeline.partner))
        press(client, pipeline.provider, "withdraw", confirm__groups=ticks)
        assert not confirmed(pipeline)

    def test_every_button_and_box_of_the_run_stands_in_the_one_form(
        self, pipeline: Pipeline, client: Client
    ) -> None:
        pipeline.submit()
        answer = page(client, pipeline.partner)
        for form in answer.context["forms"].values():
            assert all(field.field.widget.attrs["form"] == "steps" for field in form.visible_fields())
        assert answer.content.decode().count(
            f'action="{reverse("desk:step", args=["kielikahvila", "confirm"])}"'
        )


class TestSecondLook:
    def test_what_changed_since_the_return_comes_first_with_the_request(
        self, pipeline: Pipeline, client: Client
    ) -> None:
        pipeline.submit()
        runs.return_to_provider(pipeline.run, by=pipeline.partner, reason="Kerro paikka.")
        client.force_login(pipeline.provider)
        edit = client.get(reverse("desk:start", args=["kielikahvila"]), follow=True)
        assert "Kerro paikka." in edit.content.decode(), "the request stands where one writes"
        editing.save(pipeline.service, {NAME: "Kahvila"}, by=pipeline.provider, base=pipeline.revision)
        press(client, pipeline.provider, "resubmit", resubmit__reply="Nimi on nyt lyhyempi.")
        second = page(client, pipeline.partner)
        new = [(change.field.name, change.language) for change in second.context["since_changes"]]
        assert new == [("name", "fi")]
        assert second.context["since"].by == [pipeline.provider]
        assert {"summary", "name"} == {change.field.name for change in second.context["public_changes"]}
        content = second.content.decode()
        assert "Kerro paikka." in content
        assert "Nimi on nyt lyhyempi." in content
        mail = Notice.objects.get(kind="run_submitted", context__again=True)
        assert mail.context["reply"] == "Nimi on nyt lyhyempi."

    def test_what_changed_since_one_confirmed_is_shown_with_who_changed_it(
        self, pipeline: Pipeline, client: Client
    ) -> None:
        pipeline.submit()
        pipeline.confirm()
        assert page(client, pipeline.partner).context["since"] is None
        colleague = at("kielisilta", "main_user")
        pipeline.write("Puhut suomea sunnuntaisin.", by=colleague)
        look = page(client, pipeline.partner).context
        assert [change.field.name for change in look["since_changes"]] == ["summary"]
        assert look["since"].by == [colleague]

    def test_another_languages_draft_is_nothing_new(self, pipeline: Pipeline, client: Client) -> None:
        runs.submit(pipeline.write(), by=pipeline.provider, languages=["fi"])
        pipeline.confirm()
        swedish = {SWEDISH: "Du talar svenska."}
        editing.save(pipeline.service, swedish, by=pipeline.provider, base=pipeline.revision)
        pipeline.instruct()
        look = page(client, pipeline.partner).context
        assert look["since"] is None
        assert look["left"] == "ruotsi"

    def test_a_look_is_kept_in_the_shape_of_its_day(self, pipeline: Pipeline) -> None:
        pipeline.submit()
        pipeline.confirm()
        look = Look.objects.get()
        assert set(look.public) == set(documents.empty()["public"])

    def test_a_writer_is_told_what_a_change_voids(self, pipeline: Pipeline, client: Client) -> None:
        pipeline.submit()
        pipeline.confirm()
        voided = pipeline.run.confirmations.count()
        saved = editing.save(
            pipeline.service, {SUMMARY: "Uusi."}, by=pipeline.provider, base=pipeline.revision
        )
        assert (saved.reviewed, saved.voided) == (True, voided)
        saved = editing.save(
            pipeline.service, {SUMMARY: "Vielä uudempi."}, by=pipeline.provider, base=pipeline.revision
        )
        assert (saved.reviewed, saved.voided) == (True, 0)


class TestWhoHears:
    def test_who_wrote_and_who_submitted_hears_of_it_whatever_the_title(self, pipeline: Pipeline) -> None:
        writer, submitter = at("kielisilta", "main_user"), at("kielisilta", "producer")
        run = pipeline.write(by=writer)
        runs.submit(run, by=submitter)
        run = runs.return_to_provider(run, by=pipeline.partner, reason="Kerro paikka.")
        everyone = {one.full_name for one in (pipeline.provider, writer, submitter)}
        assert told("run_returned") == everyone
        runs.submit(run, by=submitter)
        pipeline.publish()
        assert told("run_published") == everyone

    def test_what_was_returned_comes_back_to_the_one_who_returned_it(self, pipeline: Pipeline) -> None:
        colleague = at("espoo", "main_user")
        run = runs.return_to_provider(pipeline.submit(), by=colleague, reason="Kerro paikka.")
        assert run.pk not in [pk for pk, _part in waiting.tasks_of(colleague)]
        runs.submit(run, by=pipeline.provider)
        for reviewer in (colleague, pipeline.partner):
            assert run.pk in [pk for pk, _part in waiting.tasks_of(reviewer)]
        again = Notice.objects.filter(kind="run_submitted", context__again=True)
        assert {notice.recipient for notice in again} == {colleague, pipeline.partner}

    def test_a_draft_stands_on_the_desk_of_everyone_who_wrote_it(self, pipeline: Pipeline) -> None:
        colleague = at("kielisilta", "main_user")
        run = pipeline.write()
        assert waiting.tasks_of(colleague) == []
        pipeline.write("Toinen sana.", by=colleague)
        for writer in (pipeline.provider, colleague):
            assert [pk for pk, _part in waiting.tasks_of(writer)] == [run.pk]

    def test_who_is_named_is_told(self, pipeline: Pipeline, client: Client) -> None:
        chief, colleague = at("kielisilta", "main_user"), at("kielisilta", "producer")
        client.force_login(chief)
        half = Updater.Half.PROVIDER.value
        address = reverse("desk:people", args=["kielikahvila"])
        client.post(address, {"what": half, f"{half}-user": colleague.pk})
        assert told("updater_named") == {colleague.full_name}
        client.post(address, {"what": half, f"{half}-user": chief.pk})
        assert told("updater_named") == {colleague.full_name}, "nobody is told of what one does oneself"


class TestThePairBegins:
    def test_who_creates_a_service_and_who_accepts_it_are_its_halves(
        self, pipeline: Pipeline, client: Client
    ) -> None:
        organiser, partner = pipeline.service.organiser, pipeline.service.responsible_partner
        assert organiser
        assert partner
        organiser.partners.add(partner)
        run = creating.create(organiser, names={"fi": "Iltakahvila"}, partner=partner, by=pipeline.provider)
        assert list(run.service.updaters.values_list("half", "user")) == [("provider", pipeline.provider.pk)]
        client.force_login(pipeline.partner)
        accepted = {"accept-basis": "regional", "accept-decision": "Kokous 3/2026"}
        client.post(reverse("desk:step", args=[run.service.external_id, "accept"]), accepted)
        halves = set(run.service.updaters.values_list("half", "user"))
        assert halves == {("provider", pipeline.provider.pk), ("partner", pipeline.partner.pk)}

    def test_a_partners_own_service_begins_with_its_maker_in_both_halves(self, pipeline: Pipeline) -> None:
        partner = pipeline.service.responsible_partner
        assert partner
        run = creating.create(
            partner, names={"fi": "Oma palvelu"}, partner=partner, basis="regional", decision="Kokous 3/2026",
            by=pipeline.partner,
        )  # fmt: skip
        halves = set(run.service.updaters.values_list("half", "user"))
        assert halves == {(half.value, pipeline.partner.pk) for half in Updater.Half}

    def test_a_half_that_somebody_fills_stays_theirs(self, pipeline: Pipeline) -> None:
        before = list(pipeline.service.updaters.values_list("half", "user"))
        reviewing.take(pipeline.submit(), by=at("espoo", "main_user"))
        assert list(pipeline.service.updaters.values_list("half", "user")) == before


def test_no_box_of_the_review_is_without_words(pipeline: Pipeline, client: Client) -> None:
    pipeline.submit()
    shown: Any = html.fromstring(page(client, pipeline.partner).content)
    boxes = shown.xpath("//main//input[not(@type='hidden')]|//main//select|//main//textarea")
    for box in boxes:
        assert shown.xpath(f"//label[@for='{box.get('id')}']"), box.get("name")
    assert "confirm-groups" in {box.get("name") for box in boxes}
    assert not shown.xpath("//main//select[@name='confirm-groups']")
