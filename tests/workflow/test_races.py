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
from tests.workflow.conftest import GUIDANCE, SUMMARY, Pipeline, on, pipeline_of
from workflow import editing, merging
from workflow.actions import lifecycle, reviewing, runs
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


def test_of_publishing_and_taking_the_instructions_along_nothing_is_half_done(pipeline: Pipeline) -> None:
    """Either the public text went out alone, or both wait for a new confirmation."""
    run = pipeline.submit()
    instructions = pipeline.instruct()
    pipeline.confirm()
    revision = pipeline.revision
    outcomes = at_once(
        lambda: reviewing.publish(run, by=pipeline.partner, revision=revision),
        lambda: reviewing.take_along(run, by=pipeline.partner, instructions=True),
    )
    assert len(refusals(outcomes)) == 1, "what was confirmed had no instructions"
    instructions.refresh_from_db()
    assert instructions.state == Run.State.DRAFTING
    published = pipeline.run.state == Run.State.PUBLISHED
    assert pipeline.run.with_instructions is not published
    assert [one.tracks for one in ServiceVersion.objects.filter(number=2)] == [["public"]] * published


def test_both_parts_published_at_the_same_moment_lose_nothing(pipeline: Pipeline) -> None:
    """The instructions always go out; the public text too, or it waits until they have been read anew."""
    run = pipeline.submit()
    instructions = pipeline.instruct()
    pipeline.confirm()
    revision = pipeline.revision
    outcomes = at_once(
        lambda: reviewing.publish(run, by=pipeline.partner, revision=revision),
        lambda: reviewing.publish(instructions, by=pipeline.partner, revision=revision),
    )
    assert [type(one) for one in refusals(outcomes)] in ([], [reviewing.Unconfirmed])
    if refusals(outcomes):
        pipeline.publish()
    versions = ServiceVersion.objects.filter(number__gt=1).order_by("number")
    assert sorted(one.tracks for one in versions) == [["internal"], ["public"]]
    newest = versions[1]
    assert newest.public_document["texts"]["fi"]["summary"] == "Puhut suomea torstaisin."
    assert newest.internal_document["texts"]["fi"]["guidance"] == "<p>Ohjaa torstain ryhmään.</p>"


def test_of_publishing_the_instructions_and_withdrawing_them_one_happens(pipeline: Pipeline) -> None:
    run = pipeline.instruct()
    revision = pipeline.revision
    outcomes = at_once(
        lambda: reviewing.publish(run, by=pipeline.partner, revision=revision),
        lambda: runs.withdraw(run, by=pipeline.partner),
    )
    assert len(refusals(outcomes)) == 1
    run.refresh_from_db()
    assert ServiceVersion.objects.count() == (2 if run.state == Run.State.PUBLISHED else 1)


def test_instructions_that_leave_the_public_pages_with_their_service_are_not_published(
    pipeline: Pipeline,
) -> None:
    run = pipeline.instruct()
    revision = pipeline.revision
    outcomes = at_once(
        lambda: reviewing.publish(run, by=pipeline.partner, revision=revision),
        lambda: lifecycle.outdate(pipeline.service, by=pipeline.partner),
    )
    run.refresh_from_db()
    assert pipeline.fresh.status == "outdated", "never brought back by its instructions"
    assert (run.state == Run.State.DRAFTING) == (len(refusals(outcomes)) == 1)


def test_two_halves_that_begin_at_once_get_a_run_each(pipeline: Pipeline) -> None:
    base = pipeline.revision
    outcomes = at_once(
        lambda: editing.save(pipeline.service, {SUMMARY: "Sana."}, by=pipeline.provider, base=base),
        lambda: editing.save(pipeline.service, {GUIDANCE: "<p>Ohje.</p>"}, by=pipeline.partner, base=base),
    )
    assert refusals(outcomes) == []
    assert sorted(Run.objects.values_list("track", flat=True)) == ["internal", "public"]


def test_who_confirms_an_outdated_service_twice_brings_it_back_once(pipeline: Pipeline) -> None:
    lifecycle.outdate(pipeline.service, by=None)
    outcomes = at_once(
        lambda: lifecycle.confirm_valid(pipeline.service, by=pipeline.partner),
        lambda: lifecycle.confirm_valid(pipeline.service, by=pipeline.provider),
    )
    assert refusals(outcomes) == []
    assert pipeline.fresh.status == "published"
    assert (Event.objects.filter(kind="confirmed_back").count(), ServiceVersion.objects.count()) == (1, 1)


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
