"""Two at once, on connections of their own: one effect each."""

import threading
import time
from collections.abc import Callable

import pytest
import time_machine
from django.db import connection, transaction

from orgs import clock
from orgs.refused import Refused
from services.models import ServiceVersion
from tests import factories
from tests.moment import NOW
from tests.workflow.conftest import SUMMARY, Pipeline, on, pipeline_of
from workflow import editing, merging
from workflow.actions import reviewing, runs
from workflow.models import Event, Reminder, Run, Updater
from workflow.sweep import Swept, sweep

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pipeline() -> Pipeline:
    factories.reference_data()
    factories.agreement()
    return pipeline_of(factories.published().service)


def at_once(*actions: Callable[[], object]) -> list[object]:
    """Start every action at the same moment; return what each gave or refused."""
    start = threading.Barrier(len(actions))
    outcomes: list[object] = [None] * len(actions)

    def run(index: int, action: Callable[[], object]) -> None:
        try:
            start.wait(timeout=10)
            outcomes[index] = action()
        except Refused as refusal:
            outcomes[index] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
        assert not thread.is_alive(), "the two wait for each other"
    return outcomes


def refusals(outcomes: list[object]) -> list[object]:
    return [one for one in outcomes if isinstance(one, Exception)]


def test_of_two_reviewers_who_publish_one_does(pipeline: Pipeline) -> None:
    run = pipeline.submit()
    pipeline.confirm()
    revision = pipeline.revision
    outcomes = at_once(*[lambda: reviewing.publish(run, by=pipeline.partner, revision=revision)] * 2)
    assert len(refusals(outcomes)) == 1
    assert ServiceVersion.objects.count() == 2
    assert Event.objects.filter(kind="published", run=run).count() == 1


def test_both_halves_that_are_named_at_once_are_counted(pipeline: Pipeline) -> None:
    pair = list(Updater.objects.values("service_id", "half", "user_id", "organisation_id", "starts_on"))
    Updater.objects.all().delete()
    named = threading.Event()

    def first() -> None:
        with transaction.atomic():
            Updater.objects.create(**pair[0])
            named.set()
            time.sleep(0.3)  # in which the second comes to where it has to wait

    def second() -> None:
        named.wait(timeout=10)
        Updater.objects.create(**pair[1])

    at_once(first, second)
    assert pipeline.fresh.named_halves == 2


def test_of_publishing_and_withdrawing_one_happens(pipeline: Pipeline) -> None:
    run = pipeline.submit()
    pipeline.confirm()
    revision = pipeline.revision
    outcomes = at_once(
        lambda: reviewing.publish(run, by=pipeline.partner, revision=revision),
        lambda: runs.withdraw(run, by=pipeline.provider),
    )
    assert len(refusals(outcomes)) == 1
    run.refresh_from_db()
    assert ServiceVersion.objects.count() == (2 if run.state == Run.State.PUBLISHED else 1)
    assert Event.objects.filter(kind__in=["published", "withdrawn"], run=run).count() == 1


def test_two_who_open_the_same_service_share_one_run(pipeline: Pipeline) -> None:
    outcomes = at_once(
        lambda: runs.open_run(pipeline.service, by=pipeline.partner),
        lambda: runs.open_run(pipeline.service, by=pipeline.provider),
    )
    assert refusals(outcomes) == []
    assert Run.objects.count() == Event.objects.filter(kind="opened").count() == 1


def test_two_who_save_the_same_value_at_once_lose_no_words(pipeline: Pipeline) -> None:
    outcomes = at_once(
        lambda: editing.save(pipeline.service, {SUMMARY: "Kunnan."}, by=pipeline.partner, base=1),
        lambda: editing.save(pipeline.service, {SUMMARY: "Tuottajan."}, by=pipeline.provider, base=1),
    )
    saved = [one for one in outcomes if isinstance(one, merging.Saved)]
    assert sorted(len(one.conflicts) for one in saved) == [0, 1]
    assert pipeline.revision == 2


def test_two_sweeps_at_once_do_everything_once(pipeline: Pipeline) -> None:
    with on("2026-11-02"):
        pipeline.submit()
    with on("2027-04-25"):
        outcomes = at_once(sweep, sweep)
    swept = [one for one in outcomes if isinstance(one, Swept)]
    assert sum(len(one.overdue) for one in swept) == 1
    assert [item for one in swept for item in one.reminded] == ["kielikahvila (first)"]
    assert [one.failed for one in swept] == [[], []]
    assert Event.objects.filter(kind="overdue").count() == 1
    assert Reminder.objects.count() == 1


def test_two_sweeps_at_once_publish_once(pipeline: Pipeline) -> None:
    run = pipeline.submit()
    pipeline.confirm()
    with time_machine.travel(NOW, tick=False):
        reviewing.schedule(
            run, by=pipeline.partner, at=clock.now().replace(hour=12), revision=pipeline.revision
        )
    with on("2026-11-24"):
        at_once(sweep, sweep)
    assert ServiceVersion.objects.count() == 2
    assert Event.objects.filter(kind="published", run=run).count() == 1
