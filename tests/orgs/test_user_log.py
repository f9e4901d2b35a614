"""The user log: structured, without secrets, readable by ICT, kept for a set time."""

import datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from orgs import clock, tasks, user_log
from orgs.models import LogEntry
from orgs.user_log import Event
from tests import factories
from tests.clients import Client

pytestmark = pytest.mark.django_db


def events() -> list[str]:
    return list(LogEntry.objects.order_by("pk").values_list("event", flat=True))


def test_signing_in_and_out_and_failing_to_are_logged_without_the_password(client: Client) -> None:
    user = factories.member("partner", "expert", email="aino@espoo.example")
    client.post("/fi/account/login/", {"login": user.email, "password": "vaara-salasana"})
    client.post("/fi/account/login/", {"login": "ei-ole@espoo.example", "password": "vaara-salasana"})
    client.post("/fi/account/login/", {"login": user.email, "password": factories.PASSWORD})
    client.post(reverse("account_logout"))
    assert events() == ["sign_in_failed", "sign_in_failed", "signed_in", "signed_out"]
    first, second = LogEntry.objects.filter(event="sign_in_failed").order_by("pk")
    assert (first.subject, second.subject, first.ip) == (user, None, "127.0.0.1")
    everything = str(list(LogEntry.objects.values()))
    assert "salasana" not in everything
    assert factories.PASSWORD not in everything
    assert "ei-ole@" not in everything


def test_a_visitor_can_not_fill_the_log(client: Client) -> None:
    client.get(reverse("site:instructions", args=["x"]))
    assert events() == []


def test_an_entry_stands_or_falls_with_the_change_it_tells_of() -> None:
    def half_done() -> None:
        with transaction.atomic():
            user_log.record(Event.ROLE_GIVEN)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_done()
    assert events() == []


def test_the_database_refuses_to_change_an_entry() -> None:
    user_log.record(Event.EXPORTED)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        LogEntry.objects.update(event="signed_in")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM orgs_logentry",
        "TRUNCATE orgs_logentry",
        "TRUNCATE services_serviceversion CASCADE",
        "TRUNCATE workflow_event",
    ],
)
def test_the_database_refuses_to_empty_what_is_only_ever_added_to(statement: str) -> None:
    user_log.record(Event.EXPORTED)
    with pytest.raises(DatabaseError, match=r"Cannot (update or delete|truncate)"), transaction.atomic():
        connection.cursor().execute(f"SET CONSTRAINTS ALL IMMEDIATE; {statement}")


def test_entries_are_kept_for_a_set_time(settings: Any) -> None:
    settings.USER_LOG_DAYS = 30
    for days in (29, 31):
        LogEntry.objects.create(at=clock.now() - datetime.timedelta(days=days), event="exported")
    tasks.forget_old_log()
    assert LogEntry.objects.count() == 1


def test_ict_reads_filters_and_takes_it_along(client: Client) -> None:
    client.force_login(factories.member("project", "ict_specialist", full_name="Otso Kytkin"))
    user_log.record(Event.EXPORTED, actor=factories.UserFactory(email="aino@espoo.example", full_name="Aino"))
    user_log.record(Event.REFUSED, actor=factories.UserFactory(full_name="Onni"))
    page = reverse("orgs:log")
    text = client.get(page, {"event": "exported"}).content.decode()
    assert "<td>Aino" in text
    assert "<td>Onni" not in text
    text = client.get(page, {"who": "AINO@"}).content.decode()
    assert "<td>Aino" in text
    assert "<td>Otso" not in text
    lines = client.get(page, {"format": "csv", "event": "refused"}).content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "Onni" in lines[1]


@pytest.mark.parametrize("sought", [{"who": "\x00"}, {"event": "\x00"}, {"event": "keksitty"}, {"page": "٣"}])
def test_what_makes_no_sense_narrows_nothing(client: Client, sought: dict[str, str]) -> None:
    ict = factories.member("project", "ict_specialist")
    client.force_login(ict)
    user_log.record(Event.SIGNED_IN, actor=ict)
    answer = client.get(reverse("orgs:log"), sought)
    assert answer.status_code == 200
    assert answer.context["page"].paginator.count >= 1
