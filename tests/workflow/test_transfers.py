"""Responsibility moves to another partner: rights, pairs, reviews, history and mail follow, and come back."""

import datetime
from typing import Any

import pytest
from celery import current_app
from django.core.exceptions import PermissionDenied, ValidationError

from orgs import clock
from orgs.models import Notice, Organisation, User
from orgs.refused import Refused
from orgs.roles import Capability
from services import access, responsibility, transfers
from services.models import (
    PublishedService,
    Responsibility,
    Service,
    Transfer,
    partner_on,
    responsible_on,
)
from services.tasks import refresh_pages
from services.transfer_effects import Plan, of
from tests import factories
from tests.workflow.conftest import Pipeline, at, on
from workflow.actions import reviewing
from workflow.desk.events import events_of
from workflow.models import Event, Updater
from workflow.sweep import sweep

DECISION = "Ohjausryhmä 1/2026 § 4"
D = datetime.date


@pytest.fixture
def vantaa() -> Organisation:
    return factories.OrganisationFactory(kind="partner", external_id="vantaa", name={"fi": "Vantaa"})


@pytest.fixture
def manager() -> User:
    factories.OrganisationFactory(kind="project", external_id="hanke", name={"fi": "Hanke"})
    marja = at("hanke", "project_manager")
    marja.full_name = "Marja Mallinen"
    marja.save()
    return marja


def plan(service: Service, partner: Organisation, day: datetime.date, **more: str) -> Plan:
    said = {"basis": "thematic", "decision": DECISION} | more
    return Plan([service], partner, said["basis"], day, said["decision"])


def halves(service: Service) -> dict[str, str]:
    rows = Updater.objects.filter(service=service, ends_on=None).select_related("user")
    return {row.half: row.user.full_name for row in rows}


def told(kind: str) -> dict[str, bool]:
    """Return who was told, and whether as the one who takes the service over."""
    rows = Notice.objects.filter(kind=kind).select_related("recipient")
    return {row.recipient.full_name: row.context["takes"] for row in rows if row.recipient}


def test_from_its_day_on_the_new_partner_publishes_and_its_half_is_empty(
    pipeline: Pipeline, vantaa: Organisation, manager: User
) -> None:
    service, reviewer = pipeline.service, at("vantaa", "producer")
    transfers.make(plan(service, vantaa, clock.today()), by=manager)
    service.refresh_from_db()
    assert service.responsible_partner == vantaa
    assert "partner" not in halves(service)
    assert "provider" in halves(service)
    assert service.named_halves == 1
    assert not access.may(pipeline.partner, Capability.PUBLISH, service)
    assert access.may(reviewer, Capability.PUBLISH, service)


def test_a_day_to_come_changes_nothing_until_it_comes(
    pipeline: Pipeline, vantaa: Organisation, manager: User
) -> None:
    with on("2026-01-07"):
        transfers.make(plan(pipeline.service, vantaa, D(2026, 2, 1)), by=manager)
    assert "partner" in halves(pipeline.service)
    with on("2026-02-01"):
        responsibility.follow()
    assert "partner" not in halves(pipeline.service)


def test_both_partners_and_the_updater_who_no_longer_is_are_told(
    pipeline: Pipeline, vantaa: Organisation, manager: User
) -> None:
    gives, takes = at("espoo", "main_user"), at("vantaa", "main_user")
    transfers.make(plan(pipeline.service, vantaa, clock.today()), by=manager)
    names = {gives.full_name: False, pipeline.partner.full_name: False, takes.full_name: True}
    assert told("responsibility_moved") == names


def test_what_a_reviewer_had_taken_is_free_for_the_new_partner(
    pipeline: Pipeline, vantaa: Organisation, manager: User
) -> None:
    reviewing.take(pipeline.submit(), by=pipeline.partner)
    transfers.make(plan(pipeline.service, vantaa, clock.today()), by=manager)
    assert pipeline.run.taken_by is None
    assert pipeline.run.state == "in_review"


def test_the_history_says_who_moved_it_to_whom_from_when_and_why(
    pipeline: Pipeline, vantaa: Organisation, manager: User
) -> None:
    with on("2026-01-07"):
        transfers.make(plan(pipeline.service, vantaa, D(2026, 2, 1)), by=manager)
    told = events_of(pipeline.service, internal=False)
    newest = next(one for one in told if "vastuun" in one.sentence)
    assert newest.sentence == (
        "Marja Mallinen siirsi vastuun palvelusta: Vantaa vastaa siitä 1.2.2026 alkaen."
    )
    assert newest.words == DECISION


def test_who_wrote_the_instructions_on_the_earlier_partners_word_no_longer_does(
    pipeline: Pipeline, vantaa: Organisation, manager: User
) -> None:
    writer = at("espoo", "expert")
    until = clock.today() + datetime.timedelta(days=30)
    access.delegate(pipeline.service, writer, by=at("espoo", "main_user"), until=until, internal=True)
    transfers.make(plan(pipeline.service, vantaa, clock.today()), by=manager)
    assert [row.permission.codename for row in access.delegations_of(pipeline.service)] == [access.DELEGATED]
    pipeline.service.refresh_from_db()
    assert not access.may(writer, Capability.WRITE_INTERNAL, pipeline.service)


class TestUndoing:
    """Within a day, once, and only where nothing else was decided since."""

    def test_brings_partner_and_pair_back_and_tells_them(
        self, pipeline: Pipeline, vantaa: Organisation, manager: User
    ) -> None:
        main_user = at("espoo", "main_user")
        before = halves(pipeline.service)
        made = transfers.make(plan(pipeline.service, vantaa, clock.today()), by=manager)
        transfers.undo(made, by=manager)
        pipeline.service.refresh_from_db()
        assert pipeline.service.responsible_partner == main_user.memberships.get().organisation
        assert halves(pipeline.service) == before
        assert told("responsibility_kept")[main_user.full_name] is False
        assert Event.objects.filter(service=pipeline.service).latest("pk").kind == "move_undone"

    def test_says_again_what_held_on_each_day(
        self, pipeline: Pipeline, vantaa: Organisation, manager: User
    ) -> None:
        service, days = pipeline.service, [D(2025, 12, 31), D(2026, 1, 1), D(2026, 3, 1)]
        before = [(row.partner_id, row.basis) for day in days if (row := responsible_on(service, day))]
        with on("2026-01-07"):
            made = transfers.make(plan(service, vantaa, D(2026, 1, 1)), by=manager)
            assert responsible_on(service, D(2026, 1, 1)).partner == vantaa  # type: ignore[union-attr]
            transfers.undo(made, by=manager)
        after = [(row.partner_id, row.basis) for day in days if (row := responsible_on(service, day))]
        assert after == before

    @pytest.mark.parametrize("when", ["2026-01-08 12:00", "2026-02-01 08:00"])
    def test_is_refused_after_a_day(
        self, pipeline: Pipeline, vantaa: Organisation, manager: User, when: str
    ) -> None:
        with on("2026-01-07"):
            made = transfers.make(plan(pipeline.service, vantaa, clock.today()), by=manager)
        day, hour = when.split()
        with on(day, int(hour[:2])), pytest.raises(Refused, match="vuorokauden"):
            transfers.undo(made, by=manager)

    def test_is_refused_where_something_else_was_decided_since(
        self, pipeline: Pipeline, vantaa: Organisation, manager: User
    ) -> None:
        made = transfers.make(plan(pipeline.service, vantaa, clock.today()), by=manager)
        again = plan(pipeline.service, vantaa, clock.today(), decision="Ohjausryhmä 2/2026 § 1")
        transfers.make(again, by=manager)
        with pytest.raises(Refused):
            transfers.undo(made, by=manager)
        made.refresh_from_db()
        assert made.undone_at is None

    def test_happens_once(self, pipeline: Pipeline, vantaa: Organisation, manager: User) -> None:
        made = transfers.make(plan(pipeline.service, vantaa, clock.today()), by=manager)
        transfers.undo(made, by=manager)
        rows = Responsibility.objects.count()
        with pytest.raises(Refused):
            transfers.undo(made, by=manager)
        assert Responsibility.objects.count() == rows


@pytest.mark.parametrize(("organisation", "role"), [("espoo", "main_user"), ("vantaa", "main_user")])
def test_only_the_project_moves_and_undoes(
    pipeline: Pipeline, vantaa: Organisation, manager: User, organisation: str, role: str
) -> None:
    someone = at(organisation, role)
    with pytest.raises(PermissionDenied):
        transfers.make(plan(pipeline.service, vantaa, clock.today()), by=someone)
    made = transfers.make(plan(pipeline.service, vantaa, clock.today()), by=manager)
    with pytest.raises(PermissionDenied):
        transfers.undo(made, by=someone)


def test_a_plan_that_can_t_be_is_refused_in_words_and_writes_nothing(
    pipeline: Pipeline, vantaa: Organisation, manager: User
) -> None:
    today = clock.today()
    provider = Organisation.objects.get(external_id="kielisilta")
    wrong = {
        "decision": plan(pipeline.service, vantaa, today, decision=" "),
        "basis": plan(pipeline.service, vantaa, today, basis=""),
        "partner": plan(pipeline.service, provider, today),
        "starts_on": plan(pipeline.service, vantaa, D(2062, 1, 1)),
        "__all__": Plan([], vantaa, "thematic", today, DECISION),
    }
    for field, one in wrong.items():
        with pytest.raises(ValidationError) as refused:
            transfers.make(one, by=manager)
        assert field in getattr(refused.value, "error_dict", {"__all__": ()})
    assert not Transfer.objects.exists()


def test_what_is_so_already_is_refused_and_of_many_only_what_changes_is_written(
    pipeline: Pipeline, vantaa: Organisation, manager: User
) -> None:
    other, today = factories.service("toinen"), clock.today()
    transfers.make(plan(other, vantaa, today), by=manager)
    with pytest.raises(ValidationError):
        transfers.make(plan(other, vantaa, today), by=manager)
    both = Plan([other, pipeline.service], vantaa, "thematic", today, DECISION)
    made = transfers.make(both, by=manager)
    assert [row.service for row in made.rows.all()] == [pipeline.service]


def test_the_preview_tells_of_reviews_of_pairs_and_of_delays_that_stay(
    pipeline: Pipeline, vantaa: Organisation
) -> None:
    with on("2026-01-07"):
        pipeline.submit()
    with on("2026-01-30"):
        sweep()
        effects = of(plan(pipeline.service, vantaa, D(2026, 2, 1)))
    said = {effect.text: effect.touched for effect in effects if "tapau" not in effect.text}
    assert said == {
        "1 palvelun julkinen sivu kertoo uuden kumppanin 1.2.2026 alkaen.": True,
        "1 julkaisu on kesken: Vantaa tarkistaa sen 1.2.2026 alkaen. Määräpäivät pysyvät.": True,
        "1 palvelu jää 1.2.2026 ilman kumppanin päivittäjää, ja Vantaa nimeää uuden.": True,
        "1 julkaisu oli myöhässä ennen 1.2.2026: viive jää aiemmalle kumppanille.": False,
    }


def test_the_pages_of_many_services_follow_in_a_worker_and_a_reader_of_few_waits(
    manager: User, vantaa: Organisation, vocabulary: object, monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    asked: list[tuple[str, list[list[int]]]] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args: asked.append((name, args)))
    many = [factories.published(f"palvelu-{number}").service for number in range(transfers.PAGES_AT_ONCE + 1)]
    shown = PublishedService.objects.filter(service__in=many, language="fi")
    with on("2026-03-02"), django_capture_on_commit_callbacks(execute=True):
        made = transfers.make(Plan(many, vantaa, "thematic", clock.today(), DECISION), by=manager)
    numbers = [service.pk for service in many]
    assert asked == [("services.tasks.refresh_pages", [numbers])]
    assert not Service.objects.exclude(responsible_partner=vantaa).exists(), "who answers is so at once"
    assert "vantaa" not in {row.document["responsible_partner"]["id"] for row in shown.all()}
    assert asked[0][0] in current_app.tasks
    refresh_pages(numbers)
    assert {row.document["responsible_partner"]["id"] for row in shown.all()} == {"vantaa"}
    asked.clear()
    with on("2026-03-02"), django_capture_on_commit_callbacks(execute=True):
        transfers.undo(made, by=manager)
    assert asked == [("services.tasks.refresh_pages", [numbers])]


def test_a_query_asks_each_row_for_the_partner_of_its_own_day(
    pipeline: Pipeline, vantaa: Organisation, manager: User
) -> None:
    with on("2026-01-07"):
        transfers.make(plan(pipeline.service, vantaa, D(2026, 2, 1)), by=manager)
    rows = Responsibility.objects.order_by("pk").annotate(then=partner_on("starts_on", "service"))
    assert [row.then == row.partner_id for row in rows] == [True, True]
    at_end = Service.objects.annotate(then=partner_on(D(2026, 1, 31))).get(pk=pipeline.service.pk)
    assert at_end.then != vantaa.pk
