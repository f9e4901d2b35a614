"""Whether the system is well, as containers and watchers ask."""

import datetime
from typing import Any

import pytest

from orgs import clock, jobs
from orgs.models import Job
from palvelumanuaali import health
from tests.clients import Client

pytestmark = pytest.mark.django_db(transaction=True)


def ask() -> tuple[int, str]:
    answer = Client().get("/health/", headers={"Accept": "application/json"})
    return answer.status_code, answer.text


@pytest.fixture(autouse=True)
def _looking_for_long(monkeypatch: pytest.MonkeyPatch) -> Any:
    jobs.expect_all()
    Job.objects.update(finished_at=clock.now())
    monkeypatch.setattr(health, "_STARTED", clock.now() - datetime.timedelta(days=30))


def test_all_is_well_while_every_job_was_done_lately() -> None:
    assert ask()[0] == 200


def test_a_job_that_is_late_is_named() -> None:
    Job.objects.filter(name="sweep").update(finished_at=clock.now() - datetime.timedelta(hours=3))
    status, text = ask()
    assert status == 500
    assert "Late: sweep." in text


def test_a_server_that_has_just_started_gives_the_worker_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_STARTED", clock.now())
    Job.objects.update(finished_at=clock.now() - datetime.timedelta(days=30))
    assert ask()[0] == 200
