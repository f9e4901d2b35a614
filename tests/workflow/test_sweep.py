"""The sweep: what is due is done once, with its own date, however late or often it runs."""

import datetime
import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from orgs import clock, people
from orgs.models import Notice
from services.models import PublishedService, Service
from tests.workflow.conftest import Pipeline, at, on
from workflow import reminders
from workflow.actions import lifecycle, pauses, reviewing, runs
from workflow.models import Absence, Confirmation, Event, Pause, Reminder, Run, Updater
from workflow.sweep import Swept, sweep

D = datetime.date


def rows() -> list[tuple[Any, ...]]:
    """Return what sweeps leave behind, without the hours."""
    return [
        *Event.objects.filter(actor_as="schedule").order_by("pk").values_list("kind", "day"),
        *Reminder.objects.order_by("due_on", "pk").values_list("kind", "counted_from", "due_on"),
        *Run.objects.order_by("pk").values_list("overdue_from", "due_soon_told_for"),
        *Service.objects.order_by("pk").values_list("external_id", "status"),
    ]


def told(kind: str) -> list[str]:
    return sorted(n.recipient.full_name for n in Notice.objects.filter(kind=kind) if n.recipient)


def test_a_run_is_flagged_the_day_after_it_was_due_and_once(pipeline: Pipeline) -> None:
    with on("2026-11-02"):
        pipeline.submit()
    with on("2026-11-16"):
        assert sweep().overdue == []
    with on("2026-11-17"):
        assert sweep().overdue == ["kielikahvila"]
        assert sweep() == Swept()
    event = Event.objects.get(kind="overdue")
    assert (event.day, event.actor, event.actor_as) == (D(2026, 11, 17), None, "schedule")
    assert told("run_overdue") == [pipeline.partner.full_name]


def test_a_sweep_after_ten_days_leaves_what_daily_ones_would_have(pipeline: Pipeline) -> None:
    with on("2026-11-02"):
        pipeline.submit()
    with on("2026-11-27"):
        sweep()
    assert Run.objects.get().overdue_from == D(2026, 11, 17)
    assert Event.objects.get(kind="overdue").day == D(2026, 11, 17)


def test_a_run_that_was_published_late_is_flagged_even_by_a_later_sweep(pipeline: Pipeline) -> None:
    with on("2026-11-02"):
        pipeline.submit()
    with on("2026-11-18"):
        pipeline.publish()
    with on("2026-11-20"):
        assert sweep().overdue == ["kielikahvila"]
    assert Run.objects.get().overdue_from == D(2026, 11, 17)
    assert told("run_overdue") == []


def test_a_run_that_waits_for_the_provider_is_never_flagged(pipeline: Pipeline) -> None:
    with on("2026-11-02"):
        runs.return_to_provider(pipeline.submit(), by=pipeline.partner, reason="Kerro paikka.")
    with on("2027-01-15"):
        assert sweep().overdue == []


def test_a_run_flagged_once_is_not_flagged_again_when_its_due_date_moves(pipeline: Pipeline) -> None:
    with on("2026-11-02"):
        run = pipeline.submit()
    with on("2026-11-18"):
        sweep()
        pauses.pause(
            run, by=pipeline.partner, reason=Pause.Reason.LEGAL, text="Juristi.",
            first_day=D(2026, 11, 3), until=D(2026, 11, 9),
        )  # fmt: skip
    with on("2026-12-15"):
        assert sweep().overdue == []
    assert Event.objects.filter(kind="overdue").count() == 1


def test_the_due_date_is_announced_three_days_before_it(pipeline: Pipeline) -> None:
    with on("2026-11-02"):
        pipeline.submit()
    with on("2026-11-12"):
        assert sweep().due_soon == []
    with on("2026-11-13"):
        assert sweep().due_soon == ["kielikahvila"]
        assert sweep().due_soon == []
    assert told("run_due_soon") == [pipeline.partner.full_name]


def test_a_set_time_publishes_in_the_name_of_who_approved_it(pipeline: Pipeline) -> None:
    run = pipeline.submit()
    pipeline.confirm()
    later = clock.now() + datetime.timedelta(hours=2)
    reviewing.schedule(run, by=pipeline.partner, at=later, revision=pipeline.revision)
    assert sweep().published == []
    with on("2026-11-24"):
        assert sweep().published == ["kielikahvila"]
    version = pipeline.service.versions.latest("number")
    assert (version.number, version.published_by) == (2, pipeline.partner)
    assert Event.objects.get(kind="published", run=run).actor == pipeline.partner


def test_nothing_is_published_in_the_name_of_someone_who_may_not_any_more(pipeline: Pipeline) -> None:
    run = pipeline.submit()
    pipeline.confirm()
    later = clock.now() + datetime.timedelta(hours=2)
    reviewing.schedule(run, by=pipeline.partner, at=later, revision=pipeline.revision)
    membership = pipeline.partner.memberships.get()
    membership.ends_on = clock.today()
    membership.save()
    with on("2026-11-24"):
        assert sweep().not_published == ["kielikahvila"]
    assert pipeline.run.state == Run.State.IN_REVIEW
    assert pipeline.run.publish_at is None
    assert pipeline.fresh.version_number == 1


# Freshness. The service of the fixture was published on Monday 23 November 2026.
FIRST, SECOND, OUT = D(2027, 3, 23), D(2027, 4, 7), D(2027, 4, 22)


def test_the_days_of_the_chain_are_those_of_the_agreement(pipeline: Pipeline) -> None:
    for day in ("2027-03-22", "2027-03-23", "2027-04-06", "2027-04-07", "2027-04-21", "2027-04-22"):
        with on(day):
            sweep()
            sweep()
    assert [(row.kind, row.due_on) for row in Reminder.objects.order_by("due_on")] == [
        ("first", FIRST), ("second", SECOND), ("outdated", OUT),
    ]  # fmt: skip
    assert pipeline.fresh.status == Service.Status.OUTDATED
    assert not PublishedService.objects.exists()
    assert told("reminder_first") == [pipeline.provider.full_name]
    both = sorted([pipeline.provider.full_name, pipeline.partner.full_name])
    assert told("reminder_second") == told("service_outdated") == both


def test_months_without_a_sweep_leave_the_same_rows_as_a_sweep_a_day(pipeline: Pipeline) -> None:
    with on("2027-06-30"):
        sweep()
    late = rows()
    Reminder.objects.all().delete()
    assert ("first", D(2026, 11, 23), FIRST) in late
    assert ("archived", OUT, D(2027, 6, 22)) in late
    assert ("archived", D(2027, 6, 22)) in late


def test_still_valid_starts_the_count_anew(pipeline: Pipeline) -> None:
    with on("2027-03-20"):
        lifecycle.confirm_valid(pipeline.service, by=pipeline.provider)
    with on("2027-04-30"):
        assert sweep().reminded == []
    assert Confirmation.objects.get().by == pipeline.provider
    assert reminders.counted_from(pipeline.service) == D(2027, 3, 20)


def test_a_missing_updater_never_stalls_a_reminder(pipeline: Pipeline) -> None:
    pipeline.provider.is_active = False
    pipeline.provider.save()
    with on("2027-03-23"):
        sweep()
    assert told("reminder_first") == [pipeline.partner.full_name]


def test_without_a_pair_the_main_users_are_reminded(pipeline: Pipeline) -> None:
    Updater.objects.update(ends_on=clock.today())
    main_user = at("kielisilta", "main_user")
    with on("2027-03-23"):
        sweep()
    assert told("reminder_first") == [main_user.full_name]


def test_a_deputy_is_told_in_the_place_of_who_is_away(pipeline: Pipeline) -> None:
    deputy = at("espoo", "producer")
    Absence.objects.create(
        user=pipeline.partner, deputy=deputy, first_day=D(2026, 11, 20), last_day=D(2026, 11, 30)
    )
    pipeline.submit()
    assert told("run_submitted") == [deputy.full_name]


def test_an_outdated_service_that_is_worked_on_is_not_archived(pipeline: Pipeline) -> None:
    with on("2027-05-01"):
        sweep()
    with on("2027-06-01"):
        pipeline.write()
    with on("2027-12-01"):
        assert sweep().archived == []
        runs.withdraw(pipeline.run, by=pipeline.provider)
    with on("2028-02-01"):
        assert sweep().archived == ["kielikahvila"]


def test_a_revived_service_is_reminded_of_again(pipeline: Pipeline) -> None:
    with on("2027-05-01"):
        sweep()
    with on("2027-05-10"):
        pipeline.submit()
        pipeline.publish()
    assert pipeline.fresh.status == Service.Status.PUBLISHED
    with on("2027-09-07"):
        assert sweep().reminded == ["kielikahvila (first)"]


def test_the_command_sweeps_as_of_a_day_and_says_what_it_did(pipeline: Pipeline) -> None:
    with on("2026-11-02"):
        pipeline.submit()
    out = io.StringIO()
    call_command("sweep", "--as-of", "2026-11-17", stdout=out)
    assert "overdue: kielikahvila" in out.getvalue()
    out = io.StringIO()
    call_command("sweep", "--as-of", "2026-11-17", stdout=out)
    assert out.getvalue() == "Mikään ei ollut erääntynyt.\n"
    with pytest.raises(CommandError):
        call_command("sweep", "--as-of", "eilen")


def test_someone_who_leaves_hands_over_before_anyone_is_reminded(pipeline: Pipeline) -> None:
    main_user, successor = at("kielisilta", "main_user"), at("kielisilta", "producer")
    organisation = main_user.memberships.get().organisation
    duty = f"updater:{Updater.objects.get(user=pipeline.provider).pk}"
    people.remove(pipeline.provider, organisation, by=main_user, successors={duty: successor.pk})
    with on("2027-03-23"):
        sweep()
    assert told("reminder_first") == [successor.full_name]
