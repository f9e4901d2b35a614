"""Jobs that run by the clock: what was done, what failed, what is late."""

import datetime
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connection
from django.urls import reverse

from orgs import clock, jobs
from orgs.models import Job, Organisation
from orgs.tasks import deliver_due, forget_old_log
from palvelumanuaali.celery import app
from tests import factories
from tests.clients import Client
from tests.workflow.conftest import on

pytestmark = pytest.mark.django_db
LATE = {"outbox": 8, "sweep": 126, "log": 2 * 24 * 60 + 6}  # minutes: twice its time, five more and one


def late(moment: datetime.datetime, **more: Any) -> set[str]:
    return {one.kind.name for one in jobs.standing(moment, **more) if one.late}


def done_now() -> datetime.datetime:
    """Let every job have been done now."""
    now = clock.now()
    Job.objects.update(finished_at=now)
    return now


def test_every_task_of_the_schedule_is_a_job_with_a_row() -> None:
    assert set(app.conf.beat_schedule) == {kind.name for kind in jobs.kinds()}
    assert set(Job.objects.values_list("name", flat=True)) == {kind.name for kind in jobs.kinds()}


@pytest.mark.parametrize("name", LATE)
def test_a_job_is_late_when_it_was_not_done_for_twice_its_time(name: str) -> None:
    now = done_now()
    minutes = LATE[name]
    assert name not in late(now + datetime.timedelta(minutes=minutes - 1))
    assert name in late(now + datetime.timedelta(minutes=minutes))


def test_a_job_that_never_ran_is_late_too_counted_from_when_it_was_expected() -> None:
    now = clock.now()
    Job.objects.update(expected_since=now)
    assert "sweep" not in late(now + datetime.timedelta(minutes=120))
    assert "sweep" in late(now + datetime.timedelta(minutes=126))


def test_who_has_just_begun_to_look_does_not_hold_the_past_against_anyone() -> None:
    now = done_now() + datetime.timedelta(days=30)
    assert late(now, waited_since=now - datetime.timedelta(minutes=5)) == set()
    assert late(now, waited_since=now - datetime.timedelta(minutes=8)) == {"outbox"}


@pytest.mark.parametrize(("minutes", "told"), [(125, False), (126, True)])
def test_a_standstill_is_told_as_soon_as_it_is_one(minutes: int, told: bool) -> None:
    heard: list[str] = []
    now = done_now()

    def hear(name: str, **_more: Any) -> None:
        heard.append(name)

    jobs.stood_still.connect(hear)
    try:
        with (
            time_machine.travel(now + datetime.timedelta(minutes=minutes), tick=False),
            jobs.running("sweep"),
        ):
            pass
    finally:
        jobs.stood_still.disconnect(hear)
    assert heard == ["sweep"] * told


def test_a_run_is_written_down_with_its_beginning_and_its_end() -> None:
    deliver_due()
    forget_old_log()
    for name in ("outbox", "log"):
        job = Job.objects.get(name=name)
        assert job.started_at == job.finished_at == clock.now()


def test_a_job_that_breaks_off_stays_undone() -> None:
    before = done_now()
    with on("2026-12-01"), pytest.raises(ZeroDivisionError), jobs.running("sweep"):
        _ = 1 / 0
    job = Job.objects.get(name="sweep")
    assert job.finished_at == before
    assert job.started_at != before


def test_what_fails_is_noted_undone_and_passed_by() -> None:
    def close(organisation: Organisation) -> str:
        organisation.phone = "09 1"
        organisation.save()
        if organisation.external_id == "b":
            raise ValueError("rikki")
        return organisation.external_id

    for name in "abc":
        factories.OrganisationFactory(external_id=name)
    with jobs.running("sweep") as failures:
        assert jobs.each("closing", Organisation.objects.order_by("pk"), close) == ["a", "c"]
    assert [(one.step, one.error) for one in failures] == [("closing", "ValueError: rikki")]
    phones = Organisation.objects.order_by("pk").values_list("external_id", "phone")
    assert dict(phones) == {"a": "09 1", "b": "", "c": "09 1"}


def test_without_a_database_nothing_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def fail(number: int) -> None:
        tried.append(number)
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "is_usable", lambda: False)
    with pytest.raises(OperationalError):
        jobs.each("reading", [1, 2], fail)
    assert tried == [1]


def test_ict_sees_what_was_done_what_is_late_and_what_failed(client: Client) -> None:
    factories.agreement()
    client.force_login(factories.member("project", "ict_specialist"))
    failure = {"step": "freshness", "thing": "kielikahvila", "error": "RuntimeError: rikki"}
    Job.objects.update(finished_at=clock.now())
    Job.objects.filter(name="sweep").update(failures=[failure])
    long_ago = clock.now() - datetime.timedelta(days=3)
    Job.objects.filter(name="log").update(finished_at=long_ago)
    page = client.get(reverse("orgs:jobs")).text
    for said in ("Vanha loki poistetaan", "myöhässä", "ajallaan", "kielikahvila", "RuntimeError: rikki"):
        assert said in page
    assert "Ajastetut työt" in client.get(reverse("orgs:log")).text
