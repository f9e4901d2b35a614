"""Whatever people and days do to a run, it never gets where it must not be."""

import datetime
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from orgs import clock
from orgs.refused import Refused
from services import publishing, working_copy
from services.models import PublishedService, ServiceVersion
from tests import factories
from tests.moment import NOW
from tests.thoroughness import rounds
from tests.workflow.conftest import Pipeline, pipeline_of
from workflow import run_clock
from workflow.actions import lifecycle, pauses, reviewing, runs, seasons
from workflow.models import Event, HolidaySeason, Pause, Run
from workflow.states import CLOCKED, OPEN
from workflow.sweep import Swept, sweep

STEPS = ("submit", "return", "recall", "withdraw", "publish", "lengthen")
LIKELY = {
    Run.State.DRAFTING: ("submit",),
    Run.State.IN_REVIEW: ("return", "return", "publish", "withdraw", "lengthen"),
    Run.State.WAITING: ("submit", "recall", "withdraw"),
}
REFUSALS = (Refused, ValidationError)


class RunMachine(RuleBasedStateMachine):
    """People of the pair do what they like, in any order, on days that go by."""

    pipeline: Pipeline
    manager: Any

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.clock = time_machine.travel(NOW, tick=False)
        self.traveller = self.clock.start()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)
        self.clock.stop()

    @initialize()
    def a_published_service(self) -> None:
        factories.agreement()
        self.pipeline = pipeline_of(factories.published().service)
        self.manager = factories.member("project", "project_manager")

    def attempt(self, action: Any) -> None:
        """Do something that may be refused; a refusal leaves nothing half done."""
        try:
            with transaction.atomic():
                action()
        except REFUSALS:
            pass

    @property
    def newest(self) -> Run | None:
        return Run.objects.order_by("-pk").first()

    @rule(days=st.integers(0, 12))
    def days_go_by(self, days: int) -> None:
        self.traveller.move_to(clock.now() + datetime.timedelta(days=days))
        sweep()
        assert sweep() == Swept()

    @rule(gives=st.booleans())
    def the_reviewer_takes_or_gives_back(self, gives: bool) -> None:
        step = reviewing.give_back if gives else reviewing.take
        if run := self.newest:
            self.attempt(lambda: step(run, by=self.pipeline.partner))

    @rule(by=st.sampled_from(["provider", "partner"]), text=st.sampled_from(["A", "B", "C", ""]))
    def someone_writes(self, by: str, text: str) -> None:
        self.attempt(lambda: self.pipeline.write(text, by=getattr(self.pipeline, by)))

    def act(self, step: str) -> None:
        run, pair = self.newest, self.pipeline
        assert run
        actions: dict[str, Any] = {
            "submit": lambda: runs.submit(run, by=pair.provider),
            "return": lambda: runs.return_to_provider(run, by=pair.partner, reason="Kerro paikka."),
            "recall": lambda: runs.recall(run, by=pair.partner),
            "withdraw": lambda: runs.withdraw(run, by=pair.provider),
            "publish": pair.publish,
            "lengthen": lambda: pauses.lengthen(run, by=pair.partner, reason="Selvitys."),
        }
        self.attempt(actions[step])

    @precondition(lambda self: self.newest)
    @rule(step=st.sampled_from(STEPS))
    def someone_tries_anything(self, step: str) -> None:
        self.act(step)

    @precondition(lambda self: self.newest and self.newest.state in LIKELY)
    @rule(data=st.data())
    def someone_does_what_comes_next(self, data: Any) -> None:
        run = self.newest
        assert run
        self.act(data.draw(st.sampled_from(LIKELY[Run.State(run.state)])))

    @precondition(lambda self: self.newest and self.newest.submitted_at)
    @rule(
        reason=st.sampled_from(list(Pause.Reason)),
        back=st.integers(0, 9),
        length=st.none() | st.integers(1, 9),
    )
    def the_clock_is_stopped(self, reason: Pause.Reason, back: int, length: int | None) -> None:
        first = clock.today() - datetime.timedelta(days=back)
        until = None if length is None else first + datetime.timedelta(days=length)
        run, by = self.newest, self.pipeline.partner
        assert run
        self.attempt(
            lambda: pauses.pause(run, by=by, reason=reason, text="Selvitys.", first_day=first, until=until)
        )

    @rule(accepted=st.booleans())
    def reasons_are_decided_and_clocks_started(self, accepted: bool) -> None:
        for pause in Pause.objects.select_related("run"):
            self.attempt(
                lambda pause=pause: pauses.decide(
                    pause, by=self.manager, accepted=accepted, reason="Selvitetty."
                )
            )
            self.attempt(lambda pause=pause: pauses.resume(pause, by=self.pipeline.partner))

    @rule(ahead=st.integers(0, 10), length=st.integers(0, 10))
    def a_season_is_set(self, ahead: int, length: int) -> None:
        first = clock.today() + datetime.timedelta(days=ahead)
        season = HolidaySeason(first_day=first, last_day=first + datetime.timedelta(days=length))
        self.attempt(lambda: seasons.save(season, by=self.manager))

    @rule(hours=st.integers(1, 100))
    def publication_is_set(self, hours: int) -> None:
        at = clock.now() + datetime.timedelta(hours=hours)
        run, by, revision = self.newest, self.pipeline.partner, self.pipeline.revision
        if run:
            self.attempt(lambda: reviewing.schedule(run, by=by, at=at, revision=revision))

    @rule()
    def the_service_is_outdated(self) -> None:
        self.attempt(lambda: lifecycle.outdate(self.pipeline.service, by=self.pipeline.partner))

    @invariant()
    def at_most_one_run_is_open(self) -> None:
        assert Run.objects.filter(state__in=OPEN).count() <= 1

    @precondition(lambda self: hasattr(self, "pipeline"))
    @invariant()
    def what_is_public_is_the_last_version(self) -> None:
        service = self.pipeline.fresh
        rows = PublishedService.objects.filter(service=service)
        if service.status != "published":
            assert not rows.exists()
            return
        version = ServiceVersion.objects.filter(service=service).latest("number")
        assert version.number == service.version_number
        assert {row.number for row in rows} == {version.number}
        shown = rows.get(language="fi").document["texts"]["summary"]["text"]
        assert shown == version.public_document["texts"]["fi"]["summary"]

    @invariant()
    def every_event_has_an_actor(self) -> None:
        assert all(event.actor_id or event.actor_as for event in Event.objects.all())
        published = Event.objects.filter(kind="published", actor=None).exclude(actor_as="import")
        assert not published.exists(), "a publication is always someone's"

    @invariant()
    def the_clock_is_what_one_reckons_anew(self) -> None:
        for run in Run.objects.filter(state__in=CLOCKED):
            assert (run.target_on, run.due_on) == run_clock.reckoned(run)

    @invariant()
    def closed_runs_have_no_open_pause_and_no_set_time(self) -> None:
        closed = Run.objects.exclude(state__in=OPEN)
        assert not Pause.objects.filter(run__in=closed, until=None).exists()
        assert not closed.filter(publish_at__isnull=False).exists()

    @invariant()
    def a_run_that_waits_has_an_open_pause(self) -> None:
        for run in Run.objects.filter(state=Run.State.WAITING):
            assert run.pauses.filter(until=None, reason=Pause.Reason.PROVIDER).exists()

    @precondition(lambda self: self.newest and self.newest.state == Run.State.WITHDRAWN)
    @invariant()
    def what_was_withdrawn_is_gone_from_the_working_copy(self) -> None:
        service = self.pipeline.fresh
        working, published = working_copy.read(service), publishing.newest_document(service)
        assert published
        assert working["public"] == published["public"]


@pytest.mark.usefixtures("vocabulary")
def test_no_order_of_steps_breaks_a_run() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        RunMachine,
        settings=settings(
            max_examples=rounds(25), stateful_step_count=25, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
