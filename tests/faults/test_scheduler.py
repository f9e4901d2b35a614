"""The clock jumps, the scheduler is started anew: each job runs when it should, and none falls silent."""

import datetime
from typing import Any

import pytest
import time_machine

from orgs.models import Job
from palvelumanuaali.celery import SCHEDULE, app
from palvelumanuaali.scheduler import Scheduler
from tests.moment import NOW

pytestmark = pytest.mark.django_db
MINUTE, DAY = datetime.timedelta(minutes=1), datetime.timedelta(days=1)


class Listed(Scheduler):
    """Lists what would go to the broker."""

    def __init__(self, **more: Any) -> None:
        self.sent: list[str] = []
        super().__init__(app, **more)

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        self.sent.append(entry.name)

    def ticks(self, moment: datetime.datetime) -> list[str]:
        """Tick at a moment until nothing is due any more; return what was sent."""
        self.sent = []
        with time_machine.travel(moment, tick=False):
            while self.tick() == 0:
                pass
        return self.sent


@pytest.fixture(autouse=True)
def _connection_of_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the scheduler leave the connection open that the test is in a transaction of."""
    monkeypatch.setattr("palvelumanuaali.scheduler.connections.close_all", lambda: None)


def all_began(moment: datetime.datetime) -> None:
    Job.objects.update(started_at=moment, finished_at=moment)


def test_every_job_of_the_schedule_has_a_bound_and_is_dropped_before_its_next() -> None:
    for name, entry in app.conf.beat_schedule.items():
        options = entry["options"]
        assert 0 < options["expires"] <= DAY.total_seconds(), name
        assert 0 < options["time_limit"] <= 3 * 3600, name


def test_after_ten_days_ahead_and_back_each_job_runs_again_at_its_next_time() -> None:
    all_began(NOW)
    scheduler = Listed()
    ahead = scheduler.ticks(NOW + 10 * DAY)
    assert set(ahead) == set(SCHEDULE), "everything is due"
    assert sorted(ahead) == sorted(set(ahead)), "once, not for each day"
    back = NOW + 2 * MINUTE
    assert scheduler.ticks(back) == []
    assert scheduler.ticks(back + MINUTE) == ["outbox"]
    assert "sweep" in scheduler.ticks(back + 60 * MINUTE)
    assert set(scheduler.ticks(back + DAY)) == set(SCHEDULE)


def test_what_was_missed_while_no_scheduler_ran_is_done_at_once() -> None:
    all_began(NOW - 2 * DAY)
    assert set(Listed().ticks(NOW)) == set(SCHEDULE)


def test_what_was_just_done_is_not_done_again_by_a_second_start() -> None:
    all_began(NOW)
    assert Listed().ticks(NOW) == []


def test_a_row_of_the_future_is_not_believed() -> None:
    all_began(NOW + 10 * DAY)
    scheduler = Listed()
    assert scheduler.ticks(NOW) == []
    assert scheduler.ticks(NOW + MINUTE) == ["outbox"]
