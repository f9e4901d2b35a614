"""The desk's pages as their users work with them, without scripts."""

import csv
import datetime
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orgs import clock
from orgs.models import Membership, Notice, User
from services.documents import text
from services.fields import Audience
from services.models import Service, ServiceVersion, responsible_on
from tests import factories
from tests.clients import Client
from tests.services.site_pages import tight
from tests.workflow.conftest import SUMMARY, Pipeline, at, on, pipeline_of
from workflow import editing
from workflow.actions import lifecycle, pauses, runs
from workflow.models import Absence, Event, Pause, Run, Updater
from workflow.sweep import sweep
from workflow.templatetags.desk import tabs_of

D = datetime.date

SECRET = "Kerro kahvilasta asiakkaalle"  # a sentence of the instructions


def page(client: Client, user: User, name: str = "desk:service", *args: str, **query: str) -> Any:
    client.force_login(user)
    address = reverse(name, args=args if name != "desk:service" else (args or ("kielikahvila",)))
    return client.get(address, query)


def take(client: Client, user: User, step: str, **data: Any) -> Any:
    client.force_login(user)
    sent = {name if name == "revision" else f"{step}-{name}": value for name, value in data.items()}
    return client.post(reverse("desk:step", args=["kielikahvila", step]), sent)


def steps(answer: Any) -> set[str]:
    return set(answer.context.get("forms") or ())


def waiting(client: Client, user: User) -> list[tuple[str, str]]:
    """Return what the desk says waits for someone: the part of the list, and the service."""
    parts = page(client, user, "desk:desk").context["parts"]
    return [(key, item.name) for key, _label, items, _all in parts for item in items]


def test_the_whole_way_of_a_change(pipeline: Pipeline, client: Client) -> None:
    run = pipeline.write()
    assert steps(page(client, pipeline.provider)) == {"submit", "withdraw"}
    assert waiting(client, pipeline.provider) == [("later", "Kielikahvila")]
    assert take(client, pipeline.provider, "submit").status_code == 302
    assert waiting(client, pipeline.provider) == []
    assert waiting(client, pipeline.partner) == [("week", "Kielikahvila")]
    review = page(client, pipeline.partner)
    assert {
        "take", "publish", "schedule", "confirm", "return", "pause", "lengthen", "extension", "withdraw",
    } == steps(review)  # fmt: skip
    changes = [(change.field.name, change.language) for change in review.context["public_changes"]]
    assert changes == [("summary", "fi")]
    assert take(client, pipeline.partner, "return", reason="Kerro paikka.").status_code == 302
    assert waiting(client, pipeline.partner) == []
    assert waiting(client, pipeline.provider) == [("later", "Kielikahvila")]
    assert "Kerro paikka." in page(client, pipeline.provider).content.decode()
    assert take(client, pipeline.provider, "resubmit").status_code == 302
    review = page(client, pipeline.partner)
    refused = take(client, pipeline.partner, "publish", revision=review.context["revision"])
    assert refused.status_code == 422, "the internal sections wait"
    groups = [section.group.value for section in review.context["sections"]]
    seen = review.context["revision"]
    assert take(client, pipeline.partner, "confirm", groups=groups, revision=seen).status_code == 302
    done = take(client, pipeline.partner, "publish", revision=review.context["revision"])
    assert done.status_code == 302
    run.refresh_from_db()
    assert run.state == Run.State.PUBLISHED
    assert ServiceVersion.objects.latest("number").public_document["texts"]["fi"]["summary"] == (
        "Puhut suomea torstaisin."
    )
    assert waiting(client, pipeline.partner) == waiting(client, pipeline.provider) == []


def test_only_the_languages_that_are_ready_are_submitted(pipeline: Pipeline, client: Client) -> None:
    pipeline.write()
    swedish = text(Audience.PUBLIC, "sv", "name")
    editing.save(pipeline.service, {swedish: "Språkkafé"}, by=pipeline.provider, base=pipeline.revision)
    form = page(client, pipeline.provider).context["forms"]["submit"]
    assert form["languages"].value() == ["fi"]
    refused = take(client, pipeline.provider, "submit", languages=["fi", "sv"])
    assert refused.status_code == 422, "the Swedish texts are not whole yet"
    assert take(client, pipeline.provider, "submit", languages=["fi"]).status_code == 302
    assert pipeline.run.languages == ["fi"]


def test_whoever_writes_a_service_gets_from_its_page_to_the_desk(pipeline: Pipeline, client: Client) -> None:
    public = reverse("site:service", args=["kielikahvila"])
    desk = reverse("desk:service", args=["kielikahvila"])
    assert desk not in client.get(public).content.decode()
    for user, offered in (
        (pipeline.provider, True),
        (pipeline.partner, True),
        (at("espoo", "expert"), False),
    ):
        client.force_login(user)
        assert (desk in client.get(public).content.decode()) is offered


def test_a_refused_step_says_why_and_keeps_what_was_written(pipeline: Pipeline, client: Client) -> None:
    pipeline.submit()
    refused = take(client, pipeline.partner, "return", reason="  ")
    assert refused.status_code == 422
    assert "Kirjoita, mitä palveluntuottajan pitää täydentää." in refused.content.decode()
    future = clock.today() + datetime.timedelta(days=1)
    refused = take(
        client, pipeline.partner, "pause", reason="legal", text="Kysymme lakimieheltä.", first_day=future
    )
    assert refused.status_code == 422
    assert "Kysymme lakimieheltä." in refused.content.decode()
    assert not Pause.objects.exists()


def test_what_was_changed_after_the_review_is_shown_before_it_is_published(
    pipeline: Pipeline, client: Client
) -> None:
    pipeline.submit()
    pipeline.confirm()
    seen = page(client, pipeline.partner).context["revision"]
    editing.save(pipeline.service, {SUMMARY: "Toinen teksti."}, by=pipeline.provider, base=pipeline.revision)
    refused = take(client, pipeline.partner, "publish", revision=seen)
    assert refused.status_code == 422
    assert "Toinen teksti." in refused.content.decode().replace("<ins>", "").replace("</ins>", "")
    assert f'name="revision" value="{pipeline.revision}"' in refused.content.decode()


def test_whoever_is_too_late_is_told(pipeline: Pipeline, client: Client) -> None:
    pipeline.submit()
    runs.withdraw(pipeline.run, by=pipeline.provider)
    answer = take(client, pipeline.partner, "return", reason="Kerro paikka.")
    assert answer.status_code == 302
    assert "Mitään ei ole enää kesken" in client.get(answer.headers["Location"]).content.decode()


def test_a_provider_never_sees_the_instructions_at_the_desk(pipeline: Pipeline, client: Client) -> None:
    pipeline.submit()
    pipeline.confirm()
    for name in ("desk:service", "desk:preview", "desk:start"):
        client.force_login(pipeline.provider)
        answer = client.get(reverse(name, args=["kielikahvila"]), follow=True)
        assert answer.status_code == 200
        assert SECRET not in answer.content.decode()
    client.force_login(pipeline.provider)
    assert client.get(reverse("desk:preview_instructions", args=["kielikahvila"])).status_code == 403
    told = [event.sentence for event in page(client, pipeline.partner).context["events"]]
    kept_back = set(told) - {event.sentence for event in page(client, pipeline.provider).context["events"]}
    assert kept_back, "what is done to the instructions is not told to providers"
    assert SECRET in page(client, pipeline.partner).content.decode()
    assert steps(page(client, pipeline.provider)) == {"withdraw"}


def test_a_provider_takes_no_step_of_the_partner(pipeline: Pipeline, client: Client) -> None:
    pipeline.submit()
    for step in ("publish", "confirm", "return", "pause", "lengthen", "extension", "accept", "pass-on"):
        assert take(client, pipeline.provider, step).status_code == 403, step
    assert take(client, pipeline.provider, "no-step").status_code == 404


def test_the_preview_is_the_very_page(pipeline: Pipeline, client: Client) -> None:
    pipeline.write("Puhut suomea lauantaisin.")
    shown = page(client, pipeline.provider, "desk:preview", "kielikahvila")
    assert "Puhut suomea lauantaisin." in shown.content.decode()
    assert "services/service.html" in [template.name for template in shown.templates]
    public = client.get(reverse("site:service", args=["kielikahvila"])).content.decode()
    assert "Puhut suomea lauantaisin." not in public
    inner = page(client, pipeline.partner, "desk:preview_instructions", "kielikahvila")
    assert "services/instructions.html" in [template.name for template in inner.templates]


def test_a_draft_without_anything_can_be_previewed(pipeline: Pipeline, client: Client) -> None:
    client.force_login(pipeline.provider)
    answer = client.post(reverse("desk:new"), {
        "name-fi": "Uusi palvelu", "organisation": pipeline.service.organiser_id,
        "partner": pipeline.service.responsible_partner_id,
    })  # fmt: skip
    assert answer.status_code == 302, answer.context["form"].errors
    assert client.get(reverse("desk:preview", args=["uusi-palvelu"])).status_code == 200


@pytest.fixture
def proposed(pipeline: Pipeline, client: Client) -> Service:
    """A provider's new service, for which it proposes Espoo."""
    organiser, partner = pipeline.service.organiser, pipeline.service.responsible_partner
    assert organiser
    assert partner
    organiser.partners.add(partner)
    client.force_login(pipeline.provider)
    sent = {
        "name-fi": "Uusi palvelu", "name-sv": "Ny tjänst", "organisation": pipeline.service.organiser_id,
        "partner": pipeline.service.responsible_partner_id,
    }  # fmt: skip
    answer = client.post(reverse("desk:new"), sent)
    assert answer.headers["Location"] == reverse("desk:start", args=["uusi-palvelu"])
    return Service.objects.get(external_id="uusi-palvelu")


def test_a_providers_new_service_is_accepted_at_the_first_review(
    pipeline: Pipeline, proposed: Service, client: Client
) -> None:
    assert proposed.names == {"fi": "Uusi palvelu", "sv": "Ny tjänst"}
    found = responsible_on(proposed, clock.today())
    assert found is not None
    assert found.is_proposal
    main_user = at("espoo", "main_user")
    assert "accept" in steps(page(client, main_user, "desk:service", "uusi-palvelu"))
    address = reverse("desk:step", args=["uusi-palvelu", "accept"])
    assert client.post(address, {"accept-basis": "regional"}).status_code == 422
    given = {"accept-basis": "regional", "accept-decision": "Johtoryhmä 1.11.2026"}
    assert client.post(address, given).status_code == 302
    found = responsible_on(proposed, clock.today())
    assert found is not None
    assert not found.is_proposal


def test_a_new_service_needs_a_name_and_a_partner_it_works_with(pipeline: Pipeline, client: Client) -> None:
    client.force_login(pipeline.provider)
    answer = client.post(reverse("desk:new"), {"name-sv": "Ny tjänst"})
    assert answer.status_code == 422
    assert {"name-fi", "organisation", "partner"} == set(answer.context["form"].errors)
    assert 'value="Ny tjänst"' in answer.content.decode()


def test_the_project_manager_decides_of_a_reason(pipeline: Pipeline, client: Client) -> None:
    run = pipeline.submit()
    manager = _manager()
    pauses.pause(run, by=pipeline.partner, reason=Pause.Reason.OTHER, text="Muutto.")
    desk = page(client, manager, "desk:desk")
    assert [pause.text for pause, _name in desk.context["decisions"]] == ["Muutto."]
    pause = Pause.objects.get()
    refuse = reverse("desk:pause", args=["kielikahvila", pause.pk, "refuse"])
    assert client.post(refuse).status_code == 302
    pause.refresh_from_db()
    assert pause.accepted is None, "a refusal needs its reason"
    client.post(reverse("desk:pause", args=["kielikahvila", pause.pk, "accept"]))
    assert Pause.objects.get().accepted
    assert page(client, manager, "desk:desk").context["decisions"] == []


def _manager() -> User:
    project = factories.OrganisationFactory(external_id="projekti", kind="project")
    return factories.member("project", "project_manager", project)


def test_a_reviewer_takes_a_run_and_the_others_see_it(pipeline: Pipeline, client: Client) -> None:
    pipeline.submit()
    assert take(client, pipeline.partner, "take").status_code == 302
    other = at("espoo", "main_user")
    assert f"{pipeline.partner.full_name} on lukenut tätä" in page(client, other).content.decode()
    assert take(client, other, "take").status_code == 302, "taken over in one click: no lock"
    assert pipeline.run.taken_by == other
    assert take(client, other, "give-back").status_code == 302
    assert Run.objects.get().taken_by is None
    assert take(client, pipeline.provider, "take").status_code == 403


def test_what_was_not_confirmed_for_long_waits_on_the_desk(pipeline: Pipeline, client: Client) -> None:
    with on("2027-03-23"):
        sweep()
        desk = page(client, pipeline.partner, "desk:desk")
        assert [(one.outdates_on.isoformat(), name) for one, name in desk.context["stale"]] == [
            ("2027-04-22", "Kielikahvila")
        ]
        confirm = reverse("desk:life", args=["kielikahvila", "confirm"])
        assert client.post(confirm, {"desk": "1"}).headers["Location"] == reverse("desk:desk")
        assert page(client, pipeline.partner, "desk:desk").context["stale"] == []


def test_a_service_is_outdated_archived_and_restored(pipeline: Pipeline, client: Client) -> None:
    main_user = at("espoo", "main_user")

    def do(turn: str) -> int:
        client.force_login(main_user)
        return client.post(reverse("desk:life", args=["kielikahvila", turn])).status_code

    assert [turn.slug for turn in page(client, main_user).context["turns"]] == [
        "confirm",
        "outdate",
        "archive",
    ]
    assert [turn.slug for turn in page(client, pipeline.provider).context["turns"]] == ["confirm"]
    for turn, status in (("outdate", "outdated"), ("archive", "archived"), ("restore", "outdated")):
        assert do(turn) == 302
        assert pipeline.fresh.status == status
    assert do("explode") == 404
    client.force_login(pipeline.provider)
    assert client.post(reverse("desk:life", args=["kielikahvila", "archive"])).status_code == 403


def test_updaters_are_named_by_the_main_user_of_their_half(pipeline: Pipeline, client: Client) -> None:
    main_user, other = at("espoo", "main_user"), at("espoo", "producer")
    shown = page(client, main_user, "desk:people", "kielikahvila")
    assert [form.prefix for form in shown.context["forms"]] == ["partner"]
    address = reverse("desk:people", args=["kielikahvila"])
    outsider = {"what": "partner", "partner-user": pipeline.provider.pk}
    assert client.post(address, outsider).status_code == 422
    assert client.post(address, {"what": "partner", "partner-user": other.pk}).status_code == 302
    assert Updater.objects.get(half="partner", ends_on=None).user == other
    assert page(client, pipeline.partner, "desk:people", "kielikahvila").status_code == 403


def test_a_service_is_delegated_for_a_time_and_taken_back(pipeline: Pipeline, client: Client) -> None:
    main_user, colleague = at("espoo", "main_user"), at("espoo", "expert")
    assert page(client, colleague, "desk:start", "kielikahvila").status_code == 403
    client.force_login(main_user)
    address = reverse("desk:people", args=["kielikahvila"])
    given = {"what": "delegation", "delegation-to": colleague.email.upper()}
    assert client.post(address, given).status_code == 422, "a delegation has its end"
    assert client.post(address, given | {"delegation-until": "2026-12-24"}).status_code == 302
    assert page(client, colleague, "desk:start", "kielikahvila").status_code == 302
    shown = page(client, main_user, "desk:people", "kielikahvila").context["delegations"]
    assert [one.user for one in shown] == [colleague]
    client.post(reverse("desk:end_delegation", args=["kielikahvila", colleague.pk]))
    assert page(client, colleague, "desk:start", "kielikahvila").status_code == 403


def test_nobody_s_people_are_shown_to_who_delegates_and_only_those_one_may_choose_are_found(
    pipeline: Pipeline, client: Client
) -> None:
    """A provider's main user finds a partner's person by the address, and reads no list of them."""
    main_user, colleague, partners = (
        at("kielisilta", "main_user"),
        at("kielisilta", "producer"),
        at("espoo", "expert"),
    )
    stranger = factories.member("partner", "expert")
    gone = at("espoo", "producer")
    gone.is_active = False
    gone.save()
    shown = page(client, main_user, "desk:people", "kielikahvila").text
    for person in (partners, stranger, pipeline.partner, gone):
        assert person.full_name not in shown
        assert person.email not in shown
    address = reverse("desk:people", args=["kielikahvila"])
    for person, found in (
        (colleague, True),
        (partners, True),
        (stranger, False),
        (gone, False),
        (main_user, False),
    ):
        given = {"what": "delegation", "delegation-to": person.email, "delegation-until": "2026-12-24"}
        answer = client.post(address, given)
        assert answer.status_code == (302 if found else 422), person
        if not found:
            assert "Kenelläkään, jonka voit valita, ei ole tätä osoitetta" in answer.text


@pytest.mark.parametrize("public", [True, False])
def test_nobody_is_told_that_a_draft_of_others_exists(
    pipeline: Pipeline, client: Client, public: bool
) -> None:
    """A service that was never public is not there for those without a right; of others the page says why."""
    name = "kielikahvila"
    if not public:
        name = factories.service("luonnos").external_id
    client.force_login(at("espoo", "expert"))
    alone = ("service", "start", "people", "preview", "preview_instructions")
    pages: dict[str, list[Any]] = {"edit": ["basics"]} | {view: [] for view in alone}
    for view, more in pages.items():
        answers = [client.get(reverse(f"desk:{view}", args=[one, *more])) for one in (name, "ei-ole")]
        assert [one.status_code for one in answers] == [403 if public else 404, 404], view
        if not public:
            shown, missing = (re.sub(r'value="\w{64}"', "", one.text) for one in answers)
            assert shown.replace(name, "ei-ole") == missing, view
    steps: dict[str, list[Any]] = {"step": ["submit"], "life": ["archive"], "end_delegation": [1]}
    for view, more in steps.items():
        answer = client.post(reverse(f"desk:{view}", args=[name, *more]))
        assert answer.status_code == (403 if public else 404), view


def test_whoever_a_service_is_passed_on_to_is_told(
    pipeline: Pipeline, proposed: Service, client: Client
) -> None:
    vantaa = factories.OrganisationFactory(external_id="vantaa", kind="partner")
    told = at("vantaa", "main_user")
    editing.save(proposed, {SUMMARY: "Uutta."}, by=pipeline.provider, base=1)
    run = Run.objects.get(service=proposed)
    address = reverse("desk:step", args=["uusi-palvelu", "pass-on"])
    main_user = at("espoo", "main_user")
    offered = steps(page(client, main_user, "desk:service", "uusi-palvelu"))
    assert "accept" in offered
    assert "pass_on" not in offered, "nothing waits for anybody's review yet"
    assert client.post(address, {"pass-on-partner": vantaa.pk}).status_code == 422
    Run.objects.filter(pk=run.pk).update(state=Run.State.IN_REVIEW, submitted_at=clock.now())
    assert "pass_on" in steps(page(client, main_user, "desk:service", "uusi-palvelu"))
    assert client.post(address).status_code == 422
    assert client.post(address, {"pass-on-partner": vantaa.pk}).status_code == 302
    found = responsible_on(proposed, clock.today())
    assert found is not None
    assert found.partner == vantaa
    assert Notice.objects.filter(recipient=told, kind="run_submitted").count() == 1


def test_a_clock_that_was_stopped_starts_again(pipeline: Pipeline, client: Client) -> None:
    run = pipeline.submit()
    assert take(client, pipeline.partner, "pause", reason="legal", text="Selvitämme.").status_code == 302
    run.refresh_from_db()
    assert run.due_on is None
    shown = page(client, pipeline.partner)
    assert "Kello seisoo." in shown.content.decode()
    pause = Pause.objects.get()
    assert client.post(reverse("desk:pause", args=["kielikahvila", pause.pk, "jotain"])).status_code == 404
    client.post(reverse("desk:pause", args=["kielikahvila", pause.pk, "resume"]))
    run.refresh_from_db()
    assert run.due_on is not None


def test_a_provider_that_has_not_been_told_of_a_delay_is_a_finding(
    pipeline: Pipeline, client: Client
) -> None:
    with on("2026-11-23"):
        pipeline.submit()
    with on("2026-12-09"):
        assert waiting(client, pipeline.partner) == [("late", "Kielikahvila")]
        late = page(client, pipeline.partner, "desk:findings").context["untold"]
        assert [name for _run, name in late] == ["Kielikahvila"]
        told = take(
            client, pipeline.partner, "extension", text="Odotamme lausuntoa.", estimate_on="2026-12-20"
        )
        assert told.status_code == 302
        assert page(client, pipeline.partner, "desk:findings").context["untold"] == []
        assert Notice.objects.filter(recipient=pipeline.provider, kind="run_extended").count() == 1


def test_findings_begin_with_what_is_latest_and_tell_how_much_more_is_late(
    pipeline: Pipeline, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflow.desk.findings._UNTOLD", 1)
    later = pipeline_of(
        factories.published("myohempi", factories.document(texts=factories.texts(name="Myöhempi"))).service
    )
    with on("2026-11-23"):
        pipeline.submit()
    with on("2026-11-24"):
        later.submit()
    with on("2026-12-09"):
        client.force_login(at("espoo", "main_user"))
        text = client.get(reverse("desk:findings")).content.decode()
    assert "Kielikahvila</a>" in text
    assert "Myöhempi</a>" not in text
    assert "Lisäksi 1 on ollut myöhässä lyhyemmän aikaa." in text


def test_a_broken_pair_is_a_finding_and_its_work_waits_for_the_main_user(
    pipeline: Pipeline, client: Client
) -> None:
    pipeline.submit()
    main_user = at("espoo", "main_user")
    assert waiting(client, main_user) == []
    Updater.objects.get(user=pipeline.partner).end(clock.today())
    assert waiting(client, main_user) == [("week", "Kielikahvila")]
    assert waiting(client, pipeline.partner) == []
    broken = page(client, main_user, "desk:findings").context["broken"]
    assert [(name, halves) for _service, name, halves in broken] == [
        ("Kielikahvila", ["Kumppanin päivittäjä"])
    ]


def test_runs_are_listed_filtered_and_taken_along(pipeline: Pipeline, client: Client) -> None:
    pipeline.submit()
    found = page(client, pipeline.provider, "desk:runs")
    assert [name for _run, name, *_pair in found.context["rows"]] == ["Kielikahvila"]
    assert not page(client, pipeline.provider, "desk:runs", state="drafting").context["rows"]
    assert not page(client, pipeline.provider, "desk:runs", words="ei ole").context["rows"]
    file = page(client, pipeline.provider, "desk:runs", format="csv").content.decode("utf-8-sig")
    assert "Kielikahvila;Julkiset tiedot;Päivitys;Tarkistettavana" in file
    assert SECRET not in file


def test_services_are_listed_with_their_state(pipeline: Pipeline, client: Client) -> None:
    rows = page(client, pipeline.provider, "desk:services").context["rows"]
    assert [row[1] for row in rows] == ["Kielikahvila"]
    assert page(client, at("kielisilta", "producer"), "desk:services", whose="mine").context["rows"] == []
    assert page(client, pipeline.partner, "desk:services", whose="mine").context["rows"]


def test_events_are_told_in_sentences(pipeline: Pipeline, client: Client) -> None:
    pipeline.submit()
    runs.return_to_provider(pipeline.run, by=pipeline.partner, reason="Kerro paikka.")
    shown = page(client, pipeline.provider).context["events"]
    assert [(event.sentence, event.words) for event in shown[:2]] == [
        (f"{pipeline.partner.full_name} palautti sisällön tuottajalle.", "Kerro paikka."),
        (f"{pipeline.provider.full_name} lähetti sisällön tarkistettavaksi.", ""),
    ]
    assert Event.objects.count() > len(shown) - 1


def test_an_expert_lands_on_the_instructions_of_the_own_municipality(
    pipeline: Pipeline, client: Client
) -> None:
    client.force_login(at("espoo", "expert"))
    page = f"{reverse('site:instruction_search')}?municipality=049"
    assert client.get(reverse("orgs:start")).headers["Location"] == page


def test_after_signing_in_one_lands_on_the_desk(pipeline: Pipeline, client: Client) -> None:
    client.force_login(pipeline.provider)
    assert client.get(reverse("orgs:start")).headers["Location"] == reverse("desk:desk") == "/fi/tyopoyta/"


def queries(client: Client, address: str) -> int:
    """Return how many queries a page takes once the vocabularies are read."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


# What each list takes at most; its rows add nothing.
LISTS = {"desk:desk": 22, "desk:runs": 19, "desk:services": 16, "desk:findings": 19}


def test_a_deputys_desk_shows_what_waits_for_the_one_who_is_away(pipeline: Pipeline, client: Client) -> None:
    deputy = at("espoo", "producer")
    pipeline.submit()
    assert waiting(client, pipeline.partner) == [("week", "Kielikahvila")]
    assert waiting(client, deputy) == []
    days = {"first_day": D(2026, 11, 20), "last_day": D(2026, 11, 30)}
    Absence.objects.create(user=pipeline.partner, deputy=deputy, **days)
    assert waiting(client, pipeline.partner) == []
    assert waiting(client, deputy) == [("week", "Kielikahvila")]
    Membership.objects.filter(user=pipeline.partner).update(ends_on=D(2026, 11, 22))
    assert waiting(client, deputy) == []  # nobody stands in for one who has left


def test_the_desk_begins_with_the_most_urgent_and_tells_how_many_follow(
    pipeline: Pipeline, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflow.desk.desk._SHOWN", 2)
    for number in range(3):
        one = factories.published(f"palvelu-{number}").service
        editing.save(one, {SUMMARY: f"Teksti {number}"}, by=pipeline.partner, base=1)
    client.force_login(pipeline.partner)
    page = client.get(reverse("desk:desk")).content.decode()
    assert ">Sinua odottaa 3 asiaa<" in tight(page)
    assert "1 vähemmän kiireellinen asia" in page
    assert page.count('<p class="what">') == 2


@pytest.mark.parametrize("name", LISTS)
def test_the_number_of_queries_of_a_list_does_not_grow_with_its_rows(
    pipeline: Pipeline, client: Client, name: str
) -> None:
    def more(count: int) -> None:
        for _each in range(count):
            number = Run.objects.count()
            one = factories.published(f"palvelu-{number}").service
            editing.save(one, {SUMMARY: f"Teksti {number}"}, by=pipeline.partner, base=1)
            runs.submit(Run.objects.get(service=one), by=pipeline.partner)

    pipeline.submit()
    more(1)
    client.force_login(pipeline.partner)
    few = queries(client, reverse(name))
    more(12)
    assert queries(client, reverse(name)) <= few <= LISTS[name]


def test_the_number_of_queries_of_a_review_does_not_grow_with_what_changed(
    pipeline: Pipeline, client: Client
) -> None:
    pipeline.submit()
    client.force_login(pipeline.partner)
    address = reverse("desk:service", args=["kielikahvila"])
    few = queries(client, address)
    content = factories.document(
        texts=factories.texts(**dict.fromkeys(("name", "summary"), "Uusi")),
        needs=["job_search"], categories=["guidance"], audiences=["employer", "job_seeker"], paid=True,
        price="5.00",
    )  # fmt: skip
    factories.write(pipeline.service, content)
    assert queries(client, address) <= few <= 40


def lines_of(client: Client, user: User, name: str, **query: str) -> list[list[str]]:
    """Return the rows of a list's file, without its heads."""
    client.force_login(user)
    answer = client.get(reverse(name), query | {"format": "csv"})
    rows = list(csv.reader(answer.content.decode("utf-8-sig").splitlines(), delimiter=";"))
    return rows[1:]


def test_services_stand_in_the_order_of_the_alphabet_on_the_page_and_in_the_file(
    pipeline: Pipeline, client: Client
) -> None:
    names = ["ajokortti", "Äänikirja", "Zumba", "Ylioppilaaksi", "öljyt"]
    for number, name in enumerate(names):
        factories.service(f"palvelu-{number}", factories.document(texts=factories.texts(name=name)))
    wanted = ["ajokortti", "Kielikahvila", "Ylioppilaaksi", "Zumba", "Äänikirja", "öljyt"]
    rows = page(client, pipeline.partner, "desk:services").context["rows"]
    assert [row[1] for row in rows] == wanted
    lines = lines_of(client, pipeline.partner, "desk:services")
    assert [line[0] for line in lines] == wanted
    published = lines_of(client, pipeline.partner, "desk:services", status="published")
    assert [line[0] for line in published] == ["Kielikahvila"]
    assert published[0][2:] == [
        "Julkaistu", "", "Kielisilta ry", "Espoon kaupunki", pipeline.provider.full_name,
        pipeline.partner.full_name, "2026-11-23",
    ]  # fmt: skip


def test_findings_are_taken_along_each_as_a_line(pipeline: Pipeline, client: Client) -> None:
    with on("2026-11-02"):
        pipeline.submit()
    factories.service("parittomat")
    main_user = at("espoo", "main_user")
    with on("2026-11-18"):
        sweep()
        lines = lines_of(client, main_user, "desk:findings")
    assert [line[0] for line in lines[:2]] == [
        "Palvelut ilman toimivaa päivittäjäparia",
        "Tuottajat, joille ei ole kerrottu viiveestä",
    ]
    assert lines[1][1:] == ["Kielikahvila", "Ilmoitus palveluntuottajalle", "2026-11-16", "2026-11-17"]
    assert {line[1] for line in lines[2:]} == {"Espoon kaupunki"}


def test_lists_are_narrowed_by_organisation_and_updater_and_put_in_order(
    pipeline: Pipeline, client: Client
) -> None:
    other = factories.published("toinen-palvelu").service
    factories.OrganisationFactory(external_id="muu", kind="provider")
    pipeline.submit()
    espoo = pipeline.service.responsible_partner_id
    kielisilta = pipeline.service.organiser_id

    def names(name: str, **asked: Any) -> list[str]:
        rows = page(client, pipeline.partner, name, **asked).context["rows"]
        return [getattr(row[0], "service", row[0]).external_id for row in rows]

    both = {other.external_id, "kielikahvila"}
    for organisation in (espoo, kielisilta):
        assert set(names("desk:services", organisation=organisation)) == both
    assert names("desk:services", updater=pipeline.provider.pk) == ["kielikahvila"]
    assert names("desk:runs", updater=pipeline.provider.pk) == ["kielikahvila"]
    assert names("desk:services", order="due")[0] == "kielikahvila"
    with on("2026-12-01"):
        lifecycle.confirm_valid(pipeline.service, by=pipeline.provider)
    assert names("desk:services", order="fresh") == [other.external_id, "kielikahvila"]
    offered = page(client, pipeline.partner, "desk:services").context["filter"]
    organisations = {str(one) for one in offered.fields["organisation"].queryset}
    assert organisations == {"Espoon kaupunki", "Kielisilta ry"}
    assert set(offered.fields["updater"].queryset) == {pipeline.provider, pipeline.partner}


def test_what_is_narrowed_to_an_unknown_organisation_shows_all(pipeline: Pipeline, client: Client) -> None:
    shown = page(client, pipeline.partner, "desk:services", organisation="999999999", updater="x")
    assert len(shown.context["rows"]) == 1


def test_a_main_user_lands_on_the_desk_with_what_staffing_lacks(pipeline: Pipeline, client: Client) -> None:
    chief = at("espoo", "main_user")
    shown = page(client, chief, "desk:desk")
    assert [str(organisation) for organisation, _posts in shown.context["posts"]] == ["Espoon kaupunki"]
    assert "Sopimuksen edellyttämiä henkilöitä puuttuu." in shown.content.decode()
    assert "Sopimuksen edellyttämiä" not in page(client, pipeline.partner, "desk:desk").content.decode()


def test_the_tabs_say_how_much_is_in_each(pipeline: Pipeline, client: Client) -> None:
    pipeline.submit()
    Updater.objects.get(user=pipeline.partner).end(clock.today())
    counts = {tab.name: tab.count for tab in tabs_of(pipeline.partner)}
    assert counts == {"desk": None, "runs": 1, "services": 1, "own_instructions": None, "findings": 1}
    shown = tight(page(client, pipeline.provider, "desk:services").content.decode())
    assert "Kesken<small>1</small>" in shown
    assert "Oman kunnan ohjeet" not in shown


def test_what_was_passed_on_leads_to_the_next_task(pipeline: Pipeline, client: Client) -> None:
    """The most urgent of the others; nothing where nothing waits, or the run stays with the person."""
    other = pipeline_of(factories.published("puhekahvila").service)
    other = Pipeline(other.service, pipeline.provider, pipeline.partner)
    Updater.objects.filter(service=other.service, half="partner").update(user=pipeline.partner)
    pipeline.submit()
    runs.submit(other.write(by=other.provider), by=other.provider)
    waiting_too = reverse("desk:service", args=["puhekahvila"])
    client.force_login(pipeline.partner)
    address = reverse("desk:step", args=["kielikahvila", "take"])
    assert f'Seuraavaksi sinua odottaa: <a href="{waiting_too}"' not in (
        client.post(address, follow=True).content.decode()
    )
    address = reverse("desk:step", args=["kielikahvila", "return"])
    answer = client.post(address, {"return-reason": "Kerro paikka."}, follow=True).content.decode()
    assert f'Seuraavaksi sinua odottaa: <a href="{waiting_too}"' in answer
    address = reverse("desk:step", args=["puhekahvila", "return"])
    answer = client.post(address, {"return-reason": "Kerro paikka."}, follow=True).content.decode()
    assert "Seuraavaksi sinua odottaa" not in answer
