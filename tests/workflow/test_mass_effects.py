"""A sweep that would do far more than on any usual day does its first part, stops, and asks ICT."""

import datetime
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from orgs import accounts, brakes, clock, notices
from orgs.models import Brake, LogEntry, Notice, User
from services.models import Service
from tests import factories
from tests.clients import Client
from tests.workflow.conftest import Pipeline, on
from tests.workflow.test_sweep import FIRST, copied
from workflow.models import Reminder
from workflow.sweep import sweep

MANY, ALWAYS = 30, 10


@pytest.fixture
def ict(pipeline: Pipeline) -> User:
    return factories.member("project", "ict_specialist", language="fi")


@pytest.fixture
def stale(pipeline: Pipeline) -> list[Service]:
    """Thirty services, the pipeline's own besides, that are all reminded of on the same day."""
    return copied(pipeline.service, MANY)


@pytest.fixture
def first_day() -> Iterator[None]:
    with on(FIRST.isoformat()):
        yield


@given(st.integers(0, 10**6), st.integers(0, 100), st.integers(0, 50))
def test_the_bound_is_the_share_rounded_up_but_never_less_than_always(
    total: int, percent: int, always: int
) -> None:
    found = brakes.bound(total, percent, always)
    assert found >= always
    assert found * 100 >= total * percent
    assert found == always or (found - 1) * 100 < total * percent


@pytest.mark.usefixtures("stale", "first_day")
class TestServices:
    def test_the_first_part_is_done_and_the_rest_waits_for_ict(self, ict: User) -> None:
        assert len(sweep().reminded) == ALWAYS
        assert sweep().reminded == []
        brake = Brake.objects.get()
        assert (brake.pk, brake.done, brake.waiting) == ("freshness", ALWAYS, MANY + 1 - ALWAYS)
        (told,) = Notice.objects.filter(kind="mass_effect_stopped")
        assert told.recipient == ict

    def test_ict_lets_all_of_it_go_on(self, ict: User, client: Client) -> None:
        sweep()
        client.force_login(ict)
        page = client.get(reverse("orgs:jobs")).text
        assert "Palveluista muistutetaan" in page
        assert f"Anna jatkua: kaikki {MANY + 1 - ALWAYS}" in page
        assert "kopio-" in page
        answer = client.post(reverse("orgs:go_on", args=["freshness"]), follow=True)
        assert "Työ jatkuu seuraavalla ajolla" in answer.text
        assert "Anna jatkua" not in answer.text
        assert len(sweep().reminded) == MANY + 1 - ALWAYS
        entry = LogEntry.objects.get(event="brake_released")
        assert (entry.actor, entry.detail) == (ict, {"step": "freshness"})

    def test_a_second_word_changes_nothing(self, ict: User, client: Client) -> None:
        client.force_login(ict)
        answer = client.post(reverse("orgs:go_on", args=["freshness"]), follow=True)
        assert "ei ollut enää pysäytettynä" in answer.text
        assert not Brake.objects.exists()

    @pytest.mark.parametrize("role", ["project_manager", "communications_officer"])
    def test_nobody_else_gives_the_word(self, role: str, client: Client) -> None:
        sweep()
        client.force_login(factories.member("project", role))
        assert client.post(reverse("orgs:go_on", args=["freshness"])).status_code == 403
        assert sweep().reminded == []

    def test_what_is_not_due_any_more_falls_away_by_itself(self) -> None:
        sweep()
        Service.objects.update(status=Service.Status.ARCHIVED)
        sweep()
        assert brakes.held() == []

    def test_other_steps_go_on(self, pipeline: Pipeline) -> None:
        person = factories.member("partner", "expert")
        yesterday = clock.today() - datetime.timedelta(days=1)
        person.memberships.update(starts_on=yesterday, ends_on=yesterday)
        User.objects.filter(pk=person.pk).update(last_active_on=clock.today())
        sweep()
        assert brakes.held()
        person.refresh_from_db()
        assert not person.is_active


@pytest.mark.usefixtures("stale", "first_day")
@pytest.mark.parametrize(("hours", "done"), [(23, 0), (25, ALWAYS)])
def test_a_day_later_as_many_again_are_usual(hours: int, done: int) -> None:
    since = clock.now() - datetime.timedelta(hours=hours)
    Brake.objects.create(pk="freshness", since=since, done=ALWAYS)
    assert len(sweep().reminded) == done


def test_a_clock_that_is_years_ahead_blocks_a_part_of_the_accounts(pipeline: Pipeline, ict: User) -> None:
    for _number in range(MANY):
        factories.member("partner", "expert")
    with on("2031-01-01"):
        accounts.sweep()
        assert User.objects.filter(is_active=True).count() >= MANY - ALWAYS
        assert Brake.objects.get(pk="accounts").examples == []
        assert [one.name for one in brakes.held()] == ["accounts"]


@pytest.mark.usefixtures("stale", "first_day")
def test_so_many_people_are_written_to_in_an_hour_and_no_more(settings: Any, ict: User) -> None:
    settings.MASS_SHARE, settings.MASS_PEOPLE = 100, 1
    before = Reminder.objects.count()
    sweep()
    assert Reminder.objects.count() - before == 1
    assert [one.name for one in brakes.held()] == ["freshness"]


@pytest.mark.usefixtures("pipeline", "first_day")
def test_whom_a_person_s_doing_writes_to_is_not_counted(pipeline: Pipeline) -> None:
    notices.tell("inactive_first", pipeline.partner, last="1.1.2026", blocked="1.2.2026")
    assert brakes.people_told(clock.now()) == 0
    sweep()
    assert brakes.people_told(clock.now()) > 0
    assert brakes.people_told(clock.now() + datetime.timedelta(hours=2)) == 0


@pytest.mark.usefixtures("stale", "first_day")
def test_where_nobody_looks_after_the_system_the_project_manager_is_asked(pipeline: Pipeline) -> None:
    manager = factories.member("project", "project_manager")
    sweep()
    assert manager in [one.recipient for one in Notice.objects.filter(kind="mass_effect_stopped")]


def test_a_day_to_come_is_refused_outside_the_demo(pipeline: Pipeline, settings: Any) -> None:
    tomorrow = (clock.today() + datetime.timedelta(days=1)).isoformat()
    settings.DEMO = False
    with pytest.raises(CommandError, match="vain demossa"):
        call_command("sweep", "--as-of", tomorrow)
    settings.DEMO = True
    call_command("sweep", "--as-of", tomorrow, stdout=io.StringIO())
