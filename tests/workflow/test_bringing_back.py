"""Withdrawn changes can be taken back for a day, and never over what others have written since."""

import datetime
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from orgs import clock
from orgs.models import Municipality, Notice, User
from orgs.refused import NotNow, Refused
from services import documents, working_copy
from services.documents import SHAPE, text
from services.fields import Audience
from services.models import Service
from services.shape import Path, values_of
from tests import factories
from tests.clients import Client
from tests.workflow.conftest import GUIDANCE, SUMMARY, Pipeline, at
from tests.workflow.desk_forms import full
from workflow import editing
from workflow.actions import bringing_back, runs
from workflow.actions.bringing_back import Meanwhile
from workflow.models import Event, Run

VANTAA = documents.municipal_text("092", "fi", "guidance")
DURATION = text(Audience.PUBLIC, "fi", "duration")


def draft(pipeline: Pipeline, path: Path = SUMMARY) -> object:
    return values_of(working_copy.read(pipeline.service), SHAPE).get(path)


def later(**more: int) -> Any:
    return time_machine.travel(clock.now() + datetime.timedelta(**more), tick=False)


def page(client: Client, user: User) -> Any:
    client.force_login(user)
    return client.get(reverse("desk:service", args=["kielikahvila"]))


def press(client: Client, run: Run) -> Any:
    address = reverse("desk:step", args=["kielikahvila", "bring-back"])
    return client.post(address, {"run": run.pk}, follow=True)


@pytest.fixture
def withdrawn(pipeline: Pipeline) -> Run:
    return runs.withdraw(pipeline.submit(), by=pipeline.provider)


def test_one_press_makes_it_a_draft_again(pipeline: Pipeline, withdrawn: Run, client: Client) -> None:
    (form,) = page(client, pipeline.provider).context["withdrawn"]
    assert form.run == withdrawn
    answer = press(client, withdrawn)
    assert "Muutokset ovat taas luonnos." in answer.content.decode()
    assert draft(pipeline) == "Puhut suomea torstaisin."
    run = pipeline.run
    assert (run.state, run.submitted_at) == (Run.State.DRAFTING, None)
    assert run != withdrawn
    assert answer.context["withdrawn"] == []
    assert Event.objects.get(kind="brought_back").run == withdrawn
    runs.submit(run, by=pipeline.provider)


def test_whoever_wrote_it_is_told(pipeline: Pipeline) -> None:
    colleague = at("kielisilta", "main_user")
    pipeline.write("Kollegan sana.", by=colleague)
    run = runs.withdraw(pipeline.submit(), by=pipeline.provider)
    bringing_back.bring_back(run, by=pipeline.provider)
    assert Notice.objects.get(kind="run_brought_back").recipient == colleague
    assert colleague in pipeline.run.writers.all()


@pytest.mark.parametrize(("hours", "possible"), [(23, True), (24, False)])
def test_the_day_ends(pipeline: Pipeline, withdrawn: Run, client: Client, hours: int, possible: bool) -> None:
    with later(hours=hours):
        assert bool(page(client, pipeline.provider).context["withdrawn"]) is possible
        press(client, withdrawn)
    assert (draft(pipeline) == "Puhut suomea torstaisin.") is possible


def test_it_is_taken_back_once(pipeline: Pipeline, withdrawn: Run) -> None:
    bringing_back.bring_back(withdrawn, by=pipeline.provider)
    pipeline.write("Uudempi sana.")
    with pytest.raises(Refused):
        bringing_back.bring_back(withdrawn, by=pipeline.provider)
    assert draft(pipeline) == "Uudempi sana."


def test_what_others_wrote_elsewhere_meanwhile_stays(pipeline: Pipeline, withdrawn: Run) -> None:
    editing.save(pipeline.service, {DURATION: "6 viikkoa"}, by=pipeline.provider, base=pipeline.revision)
    open_now = pipeline.run
    assert bringing_back.bring_back(withdrawn, by=pipeline.provider) == open_now
    assert (draft(pipeline), draft(pipeline, DURATION)) == ("Puhut suomea torstaisin.", "6 viikkoa")


def test_it_never_goes_over_what_others_wrote_there(
    pipeline: Pipeline, withdrawn: Run, client: Client
) -> None:
    pipeline.write("Toisen sana.")
    with pytest.raises(Meanwhile):
        bringing_back.bring_back(withdrawn, by=pipeline.provider)
    client.force_login(pipeline.provider)
    assert "Lyhyt kuvaus" in press(client, withdrawn).content.decode()
    assert draft(pipeline) == "Toisen sana."
    assert not Event.objects.filter(kind="brought_back").exists()


def test_of_another_part_nothing_is_touched(pipeline: Pipeline) -> None:
    run = runs.withdraw(pipeline.instruct(), by=pipeline.partner)
    pipeline.submit()
    for other in (pipeline.provider, at("espoo", "expert")):
        with pytest.raises(PermissionDenied):
            bringing_back.bring_back(run, by=other)
    bringing_back.bring_back(run, by=pipeline.partner)
    assert draft(pipeline, GUIDANCE) == "<p>Ohjaa torstain ryhmään.</p>"
    assert pipeline.run.state == Run.State.IN_REVIEW
    assert pipeline.instructions.state == Run.State.DRAFTING


def test_a_municipality_takes_its_own_back_on_its_own_page(pipeline: Pipeline, client: Client) -> None:
    vantaa = factories.OrganisationFactory(external_id="vantaa", kind="partner")
    vantaa.municipalities.set(Municipality.objects.filter(code="092"))
    katri = at("vantaa", "producer")
    editing.save(pipeline.service, {VANTAA: "<p>Vantaalla näin.</p>"}, by=katri, base=pipeline.revision)
    run = runs.withdraw(Run.objects.get(track="municipal"), by=katri)
    client.force_login(katri)
    address = reverse("desk:edit", args=["kielikahvila", "municipality-092"])
    assert [form.run for form in client.get(address).context["withdrawn"]] == [run]
    assert page(client, pipeline.partner).context["withdrawn"] == []
    client.force_login(katri)
    press(client, run)
    assert draft(pipeline, VANTAA) == "<p>Vantaalla näin.</p>"


def test_nothing_is_offered_where_nothing_was_given_up(new_pipeline: Pipeline, client: Client) -> None:
    run = runs.withdraw(new_pipeline.submit(), by=new_pipeline.provider)
    assert page(client, new_pipeline.provider).context["withdrawn"] == [], "a new service keeps its draft"
    with pytest.raises(Refused):
        bringing_back.bring_back(run, by=new_pipeline.provider)


def test_one_that_is_open_or_published_is_not_taken_back(pipeline: Pipeline) -> None:
    run = pipeline.submit()
    with pytest.raises(NotNow):
        bringing_back.bring_back(run, by=pipeline.provider)
    pipeline.publish()
    with pytest.raises(NotNow):
        bringing_back.bring_back(pipeline.run, by=pipeline.provider)


def test_every_kind_of_value_comes_back(whole: Service, client: Client) -> None:
    """Lists with their items, dates, links and texts in all languages: all that a draft may hold."""
    ict = User.objects.get(memberships__role="ict_specialist")
    empty = documents.diff(full(), factories.document())
    public = {path: value for path, value in empty.items() if path[0] == "public"}
    editing.save(whole, public, by=ict, base=working_copy.revision_of(whole))
    written = working_copy.read(whole)
    run = runs.withdraw(Run.objects.get(track="public"), by=ict)
    assert working_copy.read(whole) != written
    bringing_back.bring_back(run, by=ict)
    assert working_copy.read(whole) == written
