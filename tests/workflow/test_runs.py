"""A run's way through the pipeline: who may do what when, and what it leaves behind."""

import ast
import datetime
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from orgs import clock
from orgs.models import Notice, Organisation
from orgs.refused import NotNow, Refused
from services import working_copy
from services.models import PublishedService, Responsibility, Service
from services.publishing import ChangedMeanwhile, Incomplete
from tests import factories
from tests.workflow.conftest import SUMMARY, Pipeline, at, on
from workflow import actions, editing
from workflow.actions import pauses, responsible, reviewing, runs
from workflow.actions.reviewing import Unconfirmed
from workflow.models import Event, Pause, Run
from workflow.states import Step

State = Run.State


def public_summary(pipeline: Pipeline) -> str:
    row = PublishedService.objects.get(service=pipeline.service, language="fi")
    return str(row.document["texts"]["summary"]["text"])


def kinds(pipeline: Pipeline) -> list[str]:
    return list(pipeline.service.events.order_by("pk").values_list("kind", flat=True))


def told(kind: str) -> set[str]:
    return {notice.recipient.full_name for notice in Notice.objects.filter(kind=kind) if notice.recipient}


def test_a_change_goes_the_whole_way_and_the_old_version_is_read_until_the_new_one_is_out(
    pipeline: Pipeline,
) -> None:
    before = public_summary(pipeline)
    run = pipeline.submit()
    assert run.state == State.IN_REVIEW
    runs.return_to_provider(run, by=pipeline.partner, reason="Kerro myös paikka.")
    pipeline.write("Puhut suomea torstaisin kirjastossa.")
    run = runs.submit(pipeline.run, by=pipeline.provider)
    assert public_summary(pipeline) == before
    pipeline.publish()
    assert public_summary(pipeline) == "Puhut suomea torstaisin kirjastossa."
    run = pipeline.run
    assert run.state == State.PUBLISHED
    assert run.version
    assert run.version.number == pipeline.fresh.version_number == 2
    assert [kind for kind in kinds(pipeline) if kind != "section_confirmed"] == [
        "published", "opened", "submitted", "returned", "resubmitted", "published",
    ]  # fmt: skip


def test_the_right_half_is_told_at_each_step(pipeline: Pipeline) -> None:
    run = pipeline.submit()
    assert told("run_submitted") == {pipeline.partner.full_name}
    assert Notice.objects.get(kind="run_submitted").context["fields"] == ["summary"]
    runs.return_to_provider(run, by=pipeline.partner, reason="Kerro myös paikka.")
    assert told("run_returned") == {pipeline.provider.full_name}
    runs.submit(pipeline.run, by=pipeline.provider)
    pipeline.publish()
    assert told("run_published") == {pipeline.provider.full_name}


def test_the_clock_starts_at_the_first_submission_and_stands_while_the_provider_mends(
    pipeline: Pipeline,
) -> None:
    with on("2026-11-02"):
        run = pipeline.submit()
        assert (run.target_on, run.due_on) == (datetime.date(2026, 11, 9), datetime.date(2026, 11, 16))
    with on("2026-11-05"):
        run = runs.return_to_provider(run, by=pipeline.partner, reason="Kerro myös paikka.")
        assert run.due_on is None
    with on("2026-11-10"):
        run = runs.submit(pipeline.run, by=pipeline.provider)
        assert (run.target_on, run.due_on) == (datetime.date(2026, 11, 14), datetime.date(2026, 11, 23))
        assert run.submitted_at
        assert clock.day_of(run.submitted_at) == datetime.date(2026, 11, 2)


def test_a_new_service_has_the_longer_terms(new_pipeline: Pipeline) -> None:
    with on("2026-11-02"):
        run = runs.open_run(new_pipeline.service, by=new_pipeline.provider)
        run = runs.submit(run, by=new_pipeline.provider)
    assert run.kind == Run.Kind.NEW
    assert (run.target_on, run.due_on) == (datetime.date(2026, 11, 16), datetime.date(2026, 11, 23))


def test_nothing_changed_is_nothing_to_review(pipeline: Pipeline) -> None:
    run = runs.open_run(pipeline.service, by=pipeline.provider)
    with pytest.raises(Refused):
        runs.submit(run, by=pipeline.provider)
    assert pipeline.run.state == State.DRAFTING


def test_content_that_lacks_something_is_not_submitted(pipeline: Pipeline) -> None:
    run = pipeline.write("")
    with pytest.raises(Incomplete) as refused:
        runs.submit(run, by=pipeline.provider)
    assert [item.field.name for item in refused.value.lacking] == ["summary"]


def test_a_run_carries_the_languages_whose_texts_changed(pipeline: Pipeline) -> None:
    values = {(*SUMMARY[:2], "sv", name): "Språkcafé" for name in ("name", "summary")}
    texts = ("target_group", "participation", "requirements", "execution")
    values |= {(*SUMMARY[:2], "sv", name): "<p>Ja.</p>" for name in texts}
    editing.save(pipeline.service, values, by=pipeline.provider, base=pipeline.revision)
    assert runs.submit(pipeline.run, by=pipeline.provider).languages == ["sv"]


def test_a_return_needs_a_reason_and_opens_one_pause(pipeline: Pipeline) -> None:
    run = pipeline.submit()
    with pytest.raises(ValidationError):
        runs.return_to_provider(run, by=pipeline.partner, reason="  ")
    runs.return_to_provider(run, by=pipeline.partner, reason="Kerro myös paikka.")
    pause = Pause.objects.get()
    assert (pause.reason, pause.text, pause.until) == ("provider", "Kerro myös paikka.", None)
    runs.submit(pipeline.run, by=pipeline.provider)
    assert Pause.objects.get().until == clock.today()


def test_the_reviewer_may_take_a_run_back_without_waiting(pipeline: Pipeline) -> None:
    run = runs.return_to_provider(pipeline.submit(), by=pipeline.partner, reason="Kerro myös paikka.")
    run = runs.recall(run, by=pipeline.partner)
    assert run.state == State.IN_REVIEW
    assert not run.pauses.filter(until=None).exists()


def test_withdrawing_makes_the_working_copy_what_is_published(pipeline: Pipeline) -> None:
    published = working_copy.read(pipeline.service)
    run = pipeline.submit()
    runs.withdraw(run, by=pipeline.provider)
    assert working_copy.read(pipeline.service) == published
    assert pipeline.run.state == State.WITHDRAWN
    assert told("run_withdrawn") == {pipeline.partner.full_name}
    assert pipeline.revision == 3, "the history shows what was given up"


def test_a_draft_that_was_never_published_is_kept_when_its_run_is_withdrawn(new_pipeline: Pipeline) -> None:
    run = new_pipeline.write("Tästä tulee vielä jotain.")
    runs.withdraw(run, by=new_pipeline.provider)
    texts = working_copy.read(new_pipeline.service)["public"]["texts"]
    assert texts["fi"]["summary"] == "Tästä tulee vielä jotain."


def test_a_provider_never_publishes_or_returns(pipeline: Pipeline) -> None:
    run = pipeline.submit()
    for step in (
        lambda: reviewing.publish(run, by=pipeline.provider, revision=pipeline.revision),
        lambda: runs.return_to_provider(run, by=pipeline.provider, reason="x"),
        lambda: runs.recall(run, by=pipeline.provider),
    ):
        with pytest.raises(PermissionDenied):
            step()
    assert pipeline.run.state == State.IN_REVIEW


def test_strangers_touch_nothing(pipeline: Pipeline) -> None:
    run = pipeline.submit()
    for stranger in (at("espoo", "expert"), at("espoo", "communications_lead")):
        with pytest.raises(PermissionDenied):
            runs.withdraw(run, by=stranger)
        with pytest.raises(PermissionDenied):
            runs.open_run(pipeline.service, by=stranger)


def test_what_is_closed_stays_closed(pipeline: Pipeline) -> None:
    run = pipeline.submit()
    pipeline.publish()
    with pytest.raises(NotNow):
        runs.withdraw(run, by=pipeline.provider)
    with pytest.raises(NotNow):
        runs.submit(run, by=pipeline.provider)


def test_publishing_waits_for_every_internal_section(pipeline: Pipeline) -> None:
    run = pipeline.submit()
    with pytest.raises(Unconfirmed) as refused:
        reviewing.publish(run, by=pipeline.partner, revision=pipeline.revision)
    assert refused.value.groups
    pipeline.confirm()
    pipeline.write("Puhut suomea perjantaisin.", by=pipeline.partner)
    with pytest.raises(Unconfirmed):
        reviewing.publish(pipeline.run, by=pipeline.partner, revision=pipeline.revision)
    pipeline.publish()
    assert public_summary(pipeline) == "Puhut suomea perjantaisin."


def test_who_reviewed_an_older_revision_publishes_nothing(pipeline: Pipeline) -> None:
    run = pipeline.submit()
    pipeline.confirm()
    with pytest.raises(ChangedMeanwhile):
        reviewing.publish(run, by=pipeline.partner, revision=pipeline.revision - 1)
    assert pipeline.run.state == State.IN_REVIEW


def test_publication_at_a_set_time_is_cancelled_when_the_content_changes(pipeline: Pipeline) -> None:
    run = pipeline.submit()
    pipeline.confirm()
    later = clock.now() + datetime.timedelta(hours=5)
    reviewing.schedule(run, by=pipeline.partner, at=later, revision=pipeline.revision)
    assert Run.objects.filter(publish_at=later).exists()
    pipeline.write("Puhut suomea perjantaisin.")
    assert not Run.objects.filter(publish_at__isnull=False).exists()
    assert told("run_unscheduled") == {pipeline.partner.full_name}


def test_a_set_time_is_still_to_come(pipeline: Pipeline) -> None:
    run = pipeline.submit()
    pipeline.confirm()
    with pytest.raises(ValidationError):
        reviewing.schedule(run, by=pipeline.partner, at=clock.now(), revision=pipeline.revision)


def test_the_database_refuses_a_second_open_run_and_a_changed_event(pipeline: Pipeline) -> None:
    pipeline.write()
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.create(
            service=pipeline.service, kind="update", languages=["fi"],
            opened_at=clock.now(), opened_by=pipeline.provider,
        )  # fmt: skip
    with pytest.raises(DatabaseError, match=r"Cannot (update|delete)"), transaction.atomic():
        Event.objects.update(kind="published")


def test_an_archived_service_is_restored_before_it_is_written(pipeline: Pipeline) -> None:
    Service.objects.filter(pk=pipeline.service.pk).update(status="archived")
    with pytest.raises(NotNow):
        pipeline.write()


def acting_functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield the public functions of the actions that change a run or a pause, with their code."""
    for module in pkgutil.iter_modules(actions.__path__):
        tree = ast.parse((Path(actions.__path__[0]) / f"{module.name}.py").read_text())
        for one in tree.body:
            if isinstance(one, ast.FunctionDef) and not one.name.startswith("_"):
                kinds = {
                    ast.unparse(argument.annotation) for argument in one.args.args if argument.annotation
                }
                if kinds & {"Run", "Pause"}:
                    yield f"{module.name}.{one.name}", one


# What actions share with each other after they have asked, and what only reads.
AFTER_ASKING = {
    "steps.begin", "runs.close", "reviewing.unconfirmed",
    "reviewing.written_by_others", "reviewing.take_approval_back", "run_languages.is_for_others",
    "runs.go_on_with", "steps.may_take",
}  # fmt: skip


def test_no_action_on_a_run_passes_by_the_table_of_steps() -> None:
    found = dict(acting_functions())
    asking = {
        name
        for name, code in found.items()
        if any(isinstance(node, ast.Call) and ast.unparse(node.func) == "begin" for node in ast.walk(code))
    }
    assert set(found) - asking == AFTER_ASKING
    assert {step.name for step in Step} == {
        node.attr
        for code in found.values()
        for node in ast.walk(code)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Step"
    }


def test_a_draft_that_was_never_submitted_is_not_passed_on(new_pipeline: Pipeline) -> None:
    espoo = Organisation.objects.get(external_id="espoo")
    vantaa = factories.OrganisationFactory(kind="partner", external_id="vantaa")
    Responsibility.objects.create(
        service=new_pipeline.service, partner=espoo, starts_on=clock.today(), set_at=clock.now(),
        set_by=new_pipeline.provider,
    )  # fmt: skip
    run = new_pipeline.write()
    with pytest.raises(NotNow):
        responsible.pass_on(run, vantaa, by=new_pipeline.partner)
    assert not Notice.objects.filter(kind="run_submitted").exists()
    runs.submit(run, by=new_pipeline.provider)
    responsible.pass_on(run, vantaa, by=new_pipeline.partner)


def test_the_longer_terms_are_refused_while_the_run_is_reviewed(pipeline: Pipeline) -> None:
    manager = factories.member("project", "project_manager")
    run = pipeline.submit()
    pauses.lengthen(run, by=pipeline.partner, reason="Etuusohje.")
    runs.withdraw(run, by=pipeline.provider)
    with pytest.raises(NotNow):
        pauses.refuse_longer(run, by=manager, reason="Ei.")


def test_publishing_reads_what_is_written_and_what_was_published_once(
    pipeline: Pipeline, django_assert_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    pipeline.submit()
    pipeline.confirm()
    run, revision = pipeline.run, pipeline.revision
    with django_assert_num_queries(43) as asked:
        reviewing.publish(run, by=pipeline.partner, revision=revision)
    read = [query["sql"] for query in asked.captured_queries if query["sql"].startswith("SELECT")]
    for table in ("services_workingcopy", "services_serviceversion"):
        assert sum(f'FROM "{table}"' in sql for sql in read) == 1, table
    assert sum("FOR UPDATE" in sql and 'FROM "services_service"' in sql for sql in read) == 1
