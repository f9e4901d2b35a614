"""One row that nothing can be done with never ends the rest of a loop, and is shown to ICT."""

import datetime
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from orgs import accounts, clock, delivery, notices
from orgs import tasks as orgs_tasks
from orgs.models import Job, Notice, Organisation, User
from services import publishing, read_model, responsibility
from services import tasks as services_tasks
from services.models import PublishedService, Responsibility, Service
from tests import factories
from tests.clients import Client
from tests.workflow.conftest import Pipeline, on, pipeline
from tests.workflow.test_sweep import FIRST, copied
from workflow import telling
from workflow.models import Reminder
from workflow.tasks import sweep_all

__all__ = ["pipeline"]
pytestmark = pytest.mark.django_db


def failing_for(real: Callable[..., Any], is_poison: Callable[..., bool]) -> Callable[..., Any]:
    """Return `real`, failing in the database itself for what is poison."""

    def tried(*given: Any, **named: Any) -> Any:
        if is_poison(*given):
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1/0")
        return real(*given, **named)

    return tried


def failures_of(job: str) -> list[str]:
    row = Job.objects.get(pk=job)
    assert row.finished_at
    return [one["error"] for one in row.failures]


def test_a_notice_that_no_words_fit_keeps_no_other_from_leaving(mailoutbox: list[EmailMessage]) -> None:
    people = [factories.UserFactory() for _three in range(3)]
    for person in people:
        notices.tell("security_change", person, what="password")
    Notice.objects.filter(recipient=people[0]).update(kind="role_given", context={"organisation": "ei-ole"})
    orgs_tasks.deliver_due()
    assert [mail.to for mail in mailoutbox] == [[one.email] for one in people[1:]]
    stuck = Notice.objects.get(recipient=people[0])
    assert (stuck.state, stuck.attempts) == ("waiting", 1)
    assert "DoesNotExist" in stuck.last_error
    client = Client()
    client.force_login(factories.member("project", "ict_specialist"))
    assert "DoesNotExist" in client.get(reverse("orgs:outbox")).text


def test_a_service_that_can_not_be_reminded_of_keeps_no_other_waiting(
    pipeline: Pipeline,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    poison = copied(pipeline.service, 5)[2]
    monkeypatch.setattr(
        telling, "reminded", failing_for(telling.reminded, lambda service, *_more: service == poison)
    )
    with on(FIRST.isoformat()):
        sweep_all()
    assert len(failures_of("sweep")) == 1
    assert Reminder.objects.count() == 5
    assert not Reminder.objects.filter(service=poison).exists()


def test_an_account_that_can_not_be_blocked_keeps_no_other_open(monkeypatch: pytest.MonkeyPatch) -> None:
    factories.agreement()
    yesterday = clock.today() - datetime.timedelta(days=1)
    people = [factories.member("partner", "expert") for _three in range(3)]
    for one in people:
        one.memberships.update(starts_on=yesterday, ends_on=yesterday)
    monkeypatch.setattr(
        accounts, "block", failing_for(accounts.block, lambda user, *_more: user == people[1])
    )
    sweep_all()
    assert [User.objects.get(pk=one.pk).is_active for one in people] == [False, True, False]
    assert len(failures_of("sweep")) == 1


def test_a_service_that_can_not_follow_its_partner_keeps_no_other_behind(
    vocabulary: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [factories.service(f"palvelu-{number}") for number in range(3)]
    vantaa = factories.OrganisationFactory(external_id="uusi", kind="partner")
    for one in found:
        Responsibility.objects.create(
            service=one,
            partner=vantaa,
            basis="regional",
            starts_on=clock.today(),
            decision="x",
            set_at=clock.now(),
            set_as="import",
        )
        Service.objects.filter(pk=one.pk).update(
            responsible_partner=Organisation.objects.get(external_id="espoo")
        )
    monkeypatch.setattr(
        responsibility, "_follow", failing_for(responsibility._follow, lambda service: service == found[1])
    )
    services_tasks.follow_responsibility()
    partners = [Service.objects.get(pk=one.pk).responsible_partner for one in found]
    assert [one == vantaa for one in partners] == [True, False, True]
    assert len(failures_of("responsibility")) == 1


def test_a_version_that_no_page_can_be_made_of_keeps_no_other_page_wrong(
    vocabulary: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [factories.published(f"palvelu-{number}").service for number in range(3)]
    PublishedService.objects.all().delete()
    monkeypatch.setattr(
        read_model, "resolve",
        failing_for(read_model.resolve, lambda identity, *_more: identity["id"] == "palvelu-1"),
    )  # fmt: skip
    services_tasks.rebuild_read_model()
    shown = set(PublishedService.objects.values_list("external_id", flat=True))
    assert shown == {"palvelu-0", "palvelu-2"}
    assert len(failures_of("read_model")) == 1
    with pytest.raises(CommandError, match="division by zero"):
        call_command("rebuild_published", stdout=io.StringIO())
    monkeypatch.undo()
    publishing.rebuild()
    assert PublishedService.objects.filter(service=found[1]).exists()


def test_what_failed_is_shown_to_ict(
    pipeline: Pipeline, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison = copied(pipeline.service, 1)[0]
    monkeypatch.setattr(
        telling, "reminded", failing_for(telling.reminded, lambda service, *_more: service == poison)
    )
    with on(FIRST.isoformat()):
        sweep_all()
        client.force_login(factories.member("project", "ict_specialist"))
        page = client.get(reverse("orgs:jobs")).text
    assert poison.external_id in page
    assert "division by zero" in page


def test_two_schedulers_at_once_leave_nothing_twice(
    pipeline: Pipeline, mailoutbox: list[EmailMessage]
) -> None:
    """Each asks for the same work within a minute: the second finds it done."""
    copied(pipeline.service, 3)
    with on(FIRST.isoformat()):
        for _scheduler in range(2):
            sweep_all()
            orgs_tasks.deliver_due()
            services_tasks.follow_responsibility()
            services_tasks.rebuild_read_model()
            services_tasks.look_at_files()
    told = Notice.objects.filter(kind="reminder_first").values_list("recipient", "context__service")
    assert len(told) == len(set(told)) > 0
    assert len(mailoutbox) == Notice.objects.filter(state="sent").count()
    assert delivery.due() == []
