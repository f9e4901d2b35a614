"""Stopping the clock, and telling the provider that it takes longer."""

import datetime
import importlib

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse

from orgs import clock
from orgs.models import Notice, User
from orgs.refused import NotNow
from tests import factories
from tests.clients import Client
from tests.workflow.conftest import Pipeline, at, on
from workflow import extensions, run_clock, waiting
from workflow.actions import pauses, runs
from workflow.models import ExtensionNotice, Pause, Run
from workflow.sweep import sweep

Reason = Pause.Reason
D = datetime.date


@pytest.fixture
def run(pipeline: Pipeline) -> Run:
    """Submitted on Monday 2 November, due on Monday 16."""
    with on("2026-11-02"):
        return pipeline.submit()


@pytest.fixture
def manager(pipeline: Pipeline) -> User:
    factories.OrganisationFactory(external_id="projekti", kind="project")
    return at("projekti", "project_manager")


def untold_on(day: str) -> bool:
    """Tell whether there is a run of which the provider should have been told by a day."""
    return extensions.untold(Run.objects.all(), D.fromisoformat(day)).exists()


def dates(run: Run) -> tuple[D | None, D | None]:
    run.refresh_from_db()
    return run.target_on, run.due_on


def test_a_legal_clarification_stops_the_clock_until_it_is_there(pipeline: Pipeline, run: Run) -> None:
    with on("2026-11-04"):
        pause = pauses.pause(run, by=pipeline.partner, reason=Reason.LEGAL, text="Kysyimme juristilta.")
    assert dates(run) == (None, None)
    with on("2026-11-09"):
        pauses.resume(pause, by=pipeline.partner)
    assert dates(run) == (D(2026, 11, 14), D(2026, 11, 23))


@pytest.mark.parametrize(
    ("reason", "first_day", "counts"),
    [
        (Reason.LEGAL, 4, True),
        (Reason.LEGAL, 3, None),
        (Reason.OTHER, 4, None),
        (Reason.OTHER, 3, None),
    ],
)
def test_a_pause_counts_at_once_for_a_reason_of_the_agreement_on_its_first_day(
    pipeline: Pipeline, run: Run, manager: User, reason: Reason, first_day: int, counts: bool | None
) -> None:
    with on("2026-11-04"):
        pause = pauses.pause(
            run, by=pipeline.partner, reason=reason, text="Syy.", first_day=D(2026, 11, first_day)
        )
    assert pause.accepted is counts
    assert (dates(run) == (None, None)) is (counts is True)
    assert Notice.objects.filter(kind="pause_asked").exists() is (counts is None)
    assert waiting.standing_of(pipeline.partner).filter(pk=run.pk).exists() is (counts is True)
    assert waiting.pauses_to_decide(manager).exists() is (counts is None)


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("day", [3, 4, 5])
@pytest.mark.parametrize(
    "recorded", ["2026-11-03T21:59:00Z", "2026-11-03T22:01:00Z"]
)  # by midnight in Helsinki
@pytest.mark.parametrize("decided", [None, True, False])
def test_pauses_of_before_say_that_they_count_as_it_was_reckoned_then(
    pipeline: Pipeline, run: Run, reason: Reason, day: int, recorded: str, decided: bool | None
) -> None:
    pause = Pause.objects.create(
        run=run,
        reason=reason,
        text="Syy.",
        first_day=D(2026, 11, day),
        opened_at=datetime.datetime.fromisoformat(recorded),
        opened_by=pipeline.partner,
        accepted=decided,
        decided_by=None if decided is None else pipeline.partner,
    )
    migration = importlib.import_module("workflow.migrations.0002_pauses_that_count")
    migration.say_so(apps, None)
    pause.refresh_from_db()
    first_recorded = D(2026, 11, 3 if "21:59" in recorded else 4)
    at_once = True if reason != Reason.OTHER and pause.first_day >= first_recorded else None
    assert pause.accepted is (at_once if decided is None else decided)
    assert pause.history.get().accepted is pause.accepted


def earlier(pipeline: Pipeline, run: Run) -> Pause:
    return pauses.pause(
        run, by=pipeline.partner, reason=Reason.LEGAL, text="Juristi vastasi vasta nyt.",
        first_day=D(2026, 11, 3), until=D(2026, 11, 6),
    )  # fmt: skip


def test_earlier_days_count_when_the_project_manager_has_accepted_them(
    pipeline: Pipeline, run: Run, manager: User
) -> None:
    with on("2026-11-18"):
        assert run_clock.is_overdue(run)
        pause = earlier(pipeline, run)
        assert dates(run) == (D(2026, 11, 9), D(2026, 11, 16))
        assert Notice.objects.filter(kind="pause_asked", recipient=manager).exists()
        pauses.decide(pause, by=manager, accepted=True)
        assert dates(run)[1] == D(2026, 11, 19)
        assert not run_clock.is_overdue(run)


def test_an_accepted_reason_undoes_overdue_and_the_run_is_never_told_of_twice(
    pipeline: Pipeline, run: Run, manager: User
) -> None:
    with on("2026-11-17"):
        assert sweep().overdue == ["kielikahvila"]
    with on("2026-11-18"):
        pauses.decide(earlier(pipeline, run), by=manager, accepted=True)
        run.refresh_from_db()
        assert run.overdue_from is None
        assert sweep().overdue == []
    with on("2026-11-20"):
        sweep()
        run.refresh_from_db()
        assert run.overdue_from == D(2026, 11, 20)
    kinds = list(run.events.filter(kind__startswith="overdue").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["overdue", "overdue_undone"]
    assert Notice.objects.filter(kind="run_overdue").count() == 1


def test_a_pause_that_begins_after_the_due_date_undoes_nothing(pipeline: Pipeline, run: Run) -> None:
    with on("2026-11-17"):
        sweep()
    with on("2026-11-18"):
        pauses.pause(run, by=pipeline.partner, reason=Reason.LEGAL, text="Kysyimme juristilta.")
        run.refresh_from_db()
        assert (run.due_on, run.overdue_from) == (D(2026, 11, 16), D(2026, 11, 17))


def test_the_project_manager_may_refuse_any_pause_and_says_why(
    pipeline: Pipeline, run: Run, manager: User
) -> None:
    with on("2026-11-04"):
        pause = pauses.pause(run, by=pipeline.partner, reason=Reason.LEGAL, text="Kysyimme juristilta.")
        assert dates(run) == (None, None)
        with pytest.raises(ValidationError):
            pauses.decide(pause, by=manager, accepted=False, reason=" ")
        with pytest.raises(NotNow):
            pauses.decide(pause, by=manager, accepted=True)
        pauses.decide(pause, by=manager, accepted=False, reason="Ohje on jo olemassa.")
    assert dates(run) == (D(2026, 11, 9), D(2026, 11, 16))
    told = Notice.objects.get(kind="pause_decided")
    assert (told.recipient, told.context["decision"]) == (pipeline.partner, "Ohje on jo olemassa.")


@pytest.mark.parametrize(
    ("first", "until"),
    [("2026-11-01", None), ("2026-11-19", None), ("2026-11-05", "2026-11-05"), ("2026-11-05", "2026-11-20")],
)
def test_a_pause_lies_between_the_submission_and_today(
    pipeline: Pipeline, run: Run, first: str, until: str | None
) -> None:
    with on("2026-11-18"), pytest.raises(ValidationError):
        pauses.pause(
            run, by=pipeline.partner, reason=Reason.LEGAL, text="x", first_day=D.fromisoformat(first),
            until=D.fromisoformat(until) if until else None,
        )  # fmt: skip


def test_another_reason_counts_when_the_project_manager_has_accepted_it(
    pipeline: Pipeline, run: Run, manager: User
) -> None:
    with on("2026-11-04"):
        pause = pauses.pause(run, by=pipeline.partner, reason=Reason.OTHER, text="Järjestelmä oli poissa.")
        assert dates(run) == (D(2026, 11, 9), D(2026, 11, 16))
        assert Notice.objects.filter(kind="pause_asked", recipient=manager).exists()
        with pytest.raises(PermissionDenied):
            pauses.decide(pause, by=pipeline.partner, accepted=True)
        pauses.decide(pause, by=manager, accepted=True)
        assert dates(run) == (None, None)
        with pytest.raises(NotNow):
            pauses.decide(pause, by=manager, accepted=False, reason="x")


def test_a_refused_reason_never_counts(pipeline: Pipeline, run: Run, manager: User) -> None:
    with on("2026-11-04"):
        pause = pauses.pause(run, by=pipeline.partner, reason=Reason.OTHER, text="Oli kiire.")
        pauses.decide(pause, by=manager, accepted=False, reason="Kiire ei riitä.")
    assert dates(run) == (D(2026, 11, 9), D(2026, 11, 16))


def test_what_the_provider_owes_ends_only_when_the_provider_answers(pipeline: Pipeline, run: Run) -> None:
    runs.return_to_provider(run, by=pipeline.partner, reason="Kerro paikka.")
    with pytest.raises(NotNow):
        pauses.resume(Pause.objects.get(), by=pipeline.partner)


def test_the_longer_terms_are_taken_with_a_reason_and_both_sides_are_told(
    pipeline: Pipeline, run: Run, manager: User
) -> None:
    with on("2026-11-16"):
        with pytest.raises(ValidationError):
            pauses.lengthen(run, by=pipeline.partner, reason="  ")
        pauses.lengthen(run, by=pipeline.partner, reason="Etuusohje muuttui.")
    assert dates(run) == (D(2026, 11, 16), D(2026, 11, 23))
    people = {notice.recipient for notice in Notice.objects.filter(kind="longer_taken")}
    assert people == {manager, pipeline.provider}
    with pytest.raises(NotNow):
        pauses.lengthen(run, by=pipeline.partner, reason="Uudestaan.")


def test_the_longer_terms_are_not_taken_once_the_shorter_due_date_has_passed(
    pipeline: Pipeline, run: Run
) -> None:
    with on("2026-11-17"), pytest.raises(NotNow):
        pauses.lengthen(run, by=pipeline.partner, reason="Etuusohje muuttui.")


def test_the_project_manager_refuses_the_longer_terms_for_good(
    pipeline: Pipeline, run: Run, manager: User
) -> None:
    with on("2026-11-04"):
        run = pauses.lengthen(run, by=pipeline.partner, reason="Etuusohje muuttui.")
        with pytest.raises(PermissionDenied):
            pauses.refuse_longer(run, by=pipeline.partner, reason="x")
        with pytest.raises(ValidationError):
            pauses.refuse_longer(run, by=manager, reason="")
        pauses.refuse_longer(run, by=manager, reason="Ohje on ennallaan.")
        assert dates(run) == (D(2026, 11, 9), D(2026, 11, 16))
        assert Notice.objects.get(kind="longer_refused").recipient == pipeline.partner
        with pytest.raises(NotNow):
            pauses.lengthen(run, by=pipeline.partner, reason="Sittenkin.")


def test_the_provider_is_told_when_it_takes_longer(pipeline: Pipeline, run: Run) -> None:
    with on("2026-11-10"):
        pauses.tell_extension(run, by=pipeline.partner, text="Odotamme ohjetta.", estimate_on=D(2026, 11, 20))
    notice = Notice.objects.get(kind="run_extended")
    assert notice.recipient == pipeline.provider
    assert notice.context["estimate"] == "2026-11-20"
    run.refresh_from_db()
    assert not untold_on("2026-11-17")
    assert not untold_on("2026-11-20")
    assert untold_on("2026-11-21"), "the new estimate has passed, too"


@pytest.mark.parametrize(("text", "days"), [("", 3), ("Odotamme.", -1)])
def test_the_provider_is_told_a_reason_and_a_day_to_come(
    pipeline: Pipeline, run: Run, text: str, days: int
) -> None:
    day = clock.today() + datetime.timedelta(days=days)
    with pytest.raises(ValidationError):
        pauses.tell_extension(run, by=pipeline.partner, text=text, estimate_on=day)
    assert not ExtensionNotice.objects.exists()


@pytest.mark.parametrize(
    ("estimate", "told", "today", "untold"),
    [
        (None, None, "2026-11-16", False),  # the due date itself
        (None, None, "2026-11-17", True),
        (None, "2026-11-17", "2026-11-17", False),
        (None, "2026-11-17", "2026-11-18", True),  # what was told has passed
        ("2026-11-16", None, "2026-11-10", False),
        ("2026-11-17", None, "2026-11-10", True),  # foreseen before it is late
        ("2026-11-25", "2026-11-25", "2026-11-10", False),
        ("2026-11-25", "2026-11-24", "2026-11-10", True),  # estimated later than was told
        ("2026-11-12", None, "2026-11-17", True),  # the estimate has passed with the due date
    ],
)
def test_a_provider_must_be_told_of_what_is_expected_after_the_due_date(
    pipeline: Pipeline, run: Run, estimate: str | None, told: str | None, today: str, untold: bool
) -> None:
    Run.objects.filter(pk=run.pk).update(estimate_on=estimate)
    if told:
        run.extensions.create(text="x", estimate_on=told, sent_at=clock.now(), sent_by=pipeline.partner)
    assert untold_on(today) is untold


def test_a_run_that_waits_for_the_provider_may_be_late_and_one_that_is_over_may_not(
    pipeline: Pipeline, run: Run
) -> None:
    with on("2026-11-10"):
        runs.return_to_provider(run, by=pipeline.partner, reason="Puuttuu.")
        Run.objects.filter(pk=run.pk).update(due_on=D(2026, 11, 9))
        assert untold_on("2026-11-10")
        runs.withdraw(run, by=pipeline.provider)
        assert not untold_on("2026-11-10")


def test_a_due_date_that_moves_to_today_undoes_overdue_and_one_that_moves_to_yesterday_does_not(
    pipeline: Pipeline, run: Run, manager: User
) -> None:
    with on("2026-11-17"):
        sweep()
        pause = earlier(pipeline, run)
    with transaction.atomic(), on("2026-11-19"):
        pauses.decide(pause, by=manager, accepted=True)
        run.refresh_from_db()
        assert (run.due_on, run.overdue_from) == (D(2026, 11, 19), None)
        transaction.set_rollback(True)
    with on("2026-11-20"):
        pauses.decide(pause, by=manager, accepted=True)
        run.refresh_from_db()
        assert (run.due_on, run.overdue_from) == (D(2026, 11, 19), D(2026, 11, 17))


@pytest.mark.parametrize(("closed_on", "undone"), [("2026-11-19", True), ("2026-11-20", False)])
def test_a_reason_is_decided_of_after_its_run_is_closed(
    pipeline: Pipeline, run: Run, manager: User, client: Client, closed_on: str, undone: bool
) -> None:
    """A publication is late or not by its own day, whenever the project manager comes to it."""
    with on("2026-11-17"):
        sweep()
        pause = earlier(pipeline, run)
    with on(closed_on):
        runs.withdraw(run, by=pipeline.provider)
    with on("2026-12-10"):
        client.force_login(manager)
        assert pause in client.get(reverse("desk:desk")).context["decisions"][0]
        page = client.get(reverse("desk:service", args=["kielikahvila"])).content.decode()
        assert f'id="syy-{pause.pk}"' in page
        address = reverse("desk:pause", args=["kielikahvila", pause.pk, "accept"])
        client.post(address)
        run.refresh_from_db()
        assert (run.overdue_from is None) is undone
        assert not client.get(reverse("desk:desk")).context["decisions"]


def test_a_reason_that_makes_no_difference_any_more_is_not_asked_about(
    pipeline: Pipeline, run: Run, manager: User
) -> None:
    with on("2026-11-10"):
        earlier(pipeline, run)
        assert waiting.pauses_to_decide(manager).count() == 1
        runs.withdraw(run, by=pipeline.provider)
        assert waiting.pauses_to_decide(manager).count() == 0


def test_that_the_provider_owes_something_is_said_by_a_return_alone(pipeline: Pipeline) -> None:
    run = pipeline.submit()
    with pytest.raises(ValidationError, match="Palauta sisältö"):
        pauses.pause(run, by=pipeline.partner, reason=Reason.PROVIDER, text="Odotamme.")
    runs.return_to_provider(run, by=pipeline.partner, reason="Kerro paikka.")
    assert pipeline.run.pauses.get().reason == Reason.PROVIDER
