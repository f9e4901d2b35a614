"""The sweep: what is due is done once, with its own date, however late or often it runs."""

import datetime
import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from orgs import clock, jobs, people
from orgs.models import Agreement, Job, Notice
from services.exchange.importing import import_file
from services.models import PublishedService, Service, ServiceVersion, Term, WorkingCopy
from tests import factories
from tests.thoroughness import THOROUGH
from tests.workflow.conftest import Pipeline, at, on
from workflow import reminders, telling, waiting
from workflow.actions import lifecycle, pauses, reviewing, runs
from workflow.models import Absence, Confirmation, Event, Pause, Reminder, Run, Updater
from workflow.sweep import Swept, sweep
from workflow.sweep import _tell_due_soon as telling_of_sweep
from workflow.tasks import sweep_all

D = datetime.date


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


def swept_on(*days: datetime.date) -> None:
    """Sweep in the morning and the evening of each day."""
    for day in days:
        for hour in (9, 18):
            with on(day.isoformat(), hour):
                sweep()


def every_day(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    return [first + datetime.timedelta(days=number) for number in range((last - first).days + 1)]


def test_a_sweep_that_comes_late_takes_one_step_and_the_next_counts_from_there(pipeline: Pipeline) -> None:
    """Published on 23.11.2026; months pass without a sweep, then there is one a day."""
    late = D(2027, 6, 30)
    swept_on(*every_day(late, late + datetime.timedelta(days=100)))
    steps = [(row.kind, row.due_on, clock.day_of(row.sent_at)) for row in Reminder.objects.order_by("pk")]
    assert steps == [
        ("first", FIRST, late),
        ("second", D(2027, 7, 15), D(2027, 7, 15)),
        ("outdated", D(2027, 7, 30), D(2027, 7, 30)),
        ("archived", D(2027, 9, 30), D(2027, 9, 30)),
    ]
    assert Event.objects.get(kind="outdated").day == D(2027, 7, 30)


def test_sweeps_of_every_day_and_of_one_late_day_differ_only_by_the_ladders(
    pipeline: Pipeline,
) -> None:
    """A run that becomes overdue and content that nobody confirms, swept daily and once after forty days."""

    def left_behind(days: list[datetime.date]) -> tuple[set[Any], set[Any]]:
        with transaction.atomic():
            with on("2027-03-15"):
                pipeline.submit()
            swept_on(*days)
            runs_and_flags: set[Any] = set(Run.objects.values_list("overdue_from", "target_on", "due_on"))
            runs_and_flags |= set(Event.objects.filter(kind="overdue").values_list("kind", "day"))
            steps = set(Reminder.objects.values_list("kind", "counted_from", "due_on"))
            transaction.set_rollback(True)
        return runs_and_flags, steps

    first, last = D(2027, 3, 16), D(2027, 4, 25)
    daily, daily_steps = left_behind(every_day(first, last))
    late, late_steps = left_behind([last])
    assert daily == late == {(D(2027, 3, 31), D(2027, 3, 22), D(2027, 3, 30)), ("overdue", D(2027, 3, 31))}
    base = D(2026, 11, 23)
    # Content that waits for the partner's review does not become outdated meanwhile.
    assert daily_steps == {("first", base, FIRST), ("second", base, SECOND)}
    assert late_steps == {("first", base, FIRST)}


def test_a_service_that_comes_with_a_publication_of_long_ago_has_its_whole_time(
    vocabulary: dict[tuple[str, str], Term],
) -> None:
    factories.agreement()
    old = {"number": 3, "at": "2024-11-20T10:00:00+00:00"}
    items = [
        factories.exchange_service("vanha", published=old),
        factories.exchange_service("vanhentunut", published=old, status="outdated"),
    ]
    import_file(factories.exchange_file(*items))
    today = clock.today()
    swept_on(today)
    assert list(Reminder.objects.values_list("service__external_id", "kind")) == [("vanha", "first")]
    swept_on(*every_day(today + datetime.timedelta(days=1), today + datetime.timedelta(days=29)))
    statuses = dict(Service.objects.values_list("external_id", "status"))
    assert statuses == {"vanha": Service.Status.PUBLISHED, "vanhentunut": Service.Status.OUTDATED}
    swept_on(today + datetime.timedelta(days=30))
    assert Service.objects.get(external_id="vanha").status == Service.Status.OUTDATED


def test_a_reminder_names_the_day_on_which_the_service_really_leaves(pipeline: Pipeline) -> None:
    late = D(2027, 6, 30)
    swept_on(late)
    assert Notice.objects.get(kind="reminder_first").context["outdates"] == "2027-07-30"
    with on("2027-07-01"):
        assert [one.outdates_on for one in waiting.stale_of(pipeline.provider)] == [D(2027, 7, 30)]


def test_what_was_published_or_confirmed_since_is_not_stale(pipeline: Pipeline) -> None:
    swept_on(FIRST)
    with on("2027-03-24"):
        assert [one.service for one in waiting.stale_of(pipeline.provider)] == [pipeline.service]
        lifecycle.confirm_valid(pipeline.service, by=pipeline.provider)
        assert waiting.stale_of(pipeline.provider) == []


def test_one_that_fails_leaves_the_others_done_and_is_tried_again(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [factories.published(f"muu-{number}").service for number in range(3)]
    take = telling.outdated
    broken = others[1].pk

    def tell(service: Service, **more: Any) -> Any:
        if service.pk == broken:
            raise RuntimeError("rikki")
        return take(service, **more)

    swept_on(FIRST, SECOND)
    monkeypatch.setattr(telling, "outdated", tell)
    with on(OUT.isoformat()), jobs.running("sweep"):
        swept = sweep()
    assert len(swept.reminded) == 3
    assert swept.failed == ["freshness: muu-1 (RuntimeError: rikki)"]
    assert Service.objects.get(pk=broken).status == Service.Status.PUBLISHED, "nothing is half done"
    job = Job.objects.get(name="sweep")
    assert job.failures == [{"step": "freshness", "thing": "muu-1", "error": "RuntimeError: rikki"}]
    monkeypatch.undo()
    with on(OUT.isoformat(), 12), jobs.running("sweep"):
        assert sweep().reminded == ["muu-1 (outdated)"]
    assert Job.objects.get(name="sweep").failures == []


MANY = 1000 if THOROUGH else 100


def copied(service: Service, count: int) -> list[Service]:
    """Return services with the same contents and the same version, made without the usual way."""
    made = Service.objects.bulk_create(
        Service(
            external_id=f"kopio-{number:04}", slug=f"kopio-{number:04}", status=Service.Status.PUBLISHED,
            version_number=1, names=service.names, responsible_partner_id=service.responsible_partner_id,
        )
        for number in range(count)
    )  # fmt: skip
    models: tuple[tuple[Any, dict[str, Any]], ...] = ((WorkingCopy, {}), (ServiceVersion, {"pk": None}))
    for model, columns in models:
        original = model.objects.get(service=service)
        values = {field.attname: getattr(original, field.attname) for field in model._meta.concrete_fields}
        model.objects.bulk_create(model(**values | columns | {"service_id": one.pk}) for one in made)
    return made


def test_of_a_thousand_the_one_that_fails_is_the_only_one_that_is_not_done(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.MASS_SHARE = 100
    others = copied(pipeline.service, MANY)
    broken = others[MANY // 2]
    take = telling.reminded

    def tell(service: Service, *more: Any) -> Any:
        if service.pk == broken.pk:
            Service.objects.raw("SELECT 1/0 AS id")[0]
        return take(service, *more)

    monkeypatch.setattr(telling, "reminded", tell)
    with on(FIRST.isoformat()):
        swept = sweep()
    assert len(swept.reminded) == MANY
    assert len(swept.failed) == 1
    assert "division by zero" in swept.failed[0]
    assert not Reminder.objects.filter(service=broken).exists()


def test_nothing_is_locked_or_asked_for_each_service_where_nothing_is_due(pipeline: Pipeline) -> None:
    Agreement.objects.update(end_told=7)
    with on("2026-12-01"), CaptureQueriesContext(connection) as few:
        assert sweep() == Swept()
    for number in range(5):
        factories.published(f"muu-{number}")
    for _number in range(5):
        factories.member("partner", "expert")
    with on("2026-12-01"), CaptureQueriesContext(connection) as many:
        assert sweep() == Swept()
    assert len(few) == len(many)
    assert not any("FOR UPDATE" in query["sql"] for query in many)


def test_a_standstill_is_told_to_the_project_manager_and_takes_nothing_to_its_end(pipeline: Pipeline) -> None:
    manager = factories.member("project", "project_manager")
    others = [factories.published(f"muu-{number}").service for number in range(5)]
    with on("2027-03-21", 8):
        Job.objects.filter(name="sweep").update(finished_at=clock.now())
    for hour in (9, 10, 12):
        with on("2027-03-21", hour):
            sweep_all()
    assert not Notice.objects.filter(kind="jobs_stood_still").exists()
    back = D(2027, 3, 21) + datetime.timedelta(days=40)
    with on(back.isoformat()):
        sweep_all()
        sweep_all()
    (told_of,) = Notice.objects.filter(kind="jobs_stood_still")
    assert told_of.recipient == manager
    assert told_of.context == {"first": "2027-03-21", "last": "2027-04-30"}
    assert {one.status for one in Service.objects.all()} == {Service.Status.PUBLISHED}
    assert Reminder.objects.filter(kind="first").count() == 1 + len(others)


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
    swept_on(FIRST, SECOND, OUT)
    with on("2027-06-01"):
        pipeline.write()
    with on("2027-12-01"):
        assert sweep().archived == []
        runs.withdraw(pipeline.run, by=pipeline.provider)
    with on("2028-02-01"):
        assert sweep().archived == ["kielikahvila"]


def test_a_revived_service_is_reminded_of_again(pipeline: Pipeline) -> None:
    swept_on(FIRST, SECOND, OUT)
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


def test_a_due_date_is_told_of_once_though_two_sweeps_found_it_untold(pipeline: Pipeline) -> None:
    with on("2026-11-02"):
        pipeline.submit()
    with on("2026-11-13"):
        found = [pipeline.run, pipeline.run]  # as two sweeps read it, before either has told
        assert [telling_of_sweep(run) for run in found] == ["kielikahvila", None]
    assert Notice.objects.filter(kind="run_due_soon").count() == 1


def test_a_run_that_left_review_after_the_sweep_found_it_is_not_told_of(pipeline: Pipeline) -> None:
    with on("2026-11-02"):
        pipeline.submit()
    with on("2026-11-13"):
        found = pipeline.run
        runs.withdraw(pipeline.run, by=pipeline.provider)
        assert telling_of_sweep(found) is None
    assert not Notice.objects.filter(kind="run_due_soon").exists()
