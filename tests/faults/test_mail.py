"""The mail server hangs, refuses, hangs up: mail waits, nothing else does, and nothing is lost."""

import datetime
import re
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection, connections
from django.urls import reverse

from orgs import delivery, notices, tasks
from orgs.models import Job, LogEntry, Notice
from tests import factories
from tests.clients import Client
from tests.faults.mail_server import DROPS, HANGS, REFUSES, WELL, MailServer, mail_server
from tests.moment import NOW
from tests.valkey import eventually

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with mail_server() as made:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", made.port, 0.3
        yield made


def told(count: int = 1) -> list[Notice]:
    person = factories.UserFactory()
    return [notices.tell("security_change", person, what="password") for _ in range(count)]


def states() -> set[str]:
    return set(Notice.objects.values_list("state", flat=True))


def at(moment: datetime.datetime) -> Any:
    return time_machine.travel(moment, tick=False)


def test_a_hanging_server_costs_a_round_one_try_and_all_goes_out_once_it_answers(server: MailServer) -> None:
    server.mood = HANGS
    told(3)
    began = time.monotonic()
    tasks.deliver_due()
    assert time.monotonic() - began < 2
    assert (server.connections, states()) == (1, {"waiting"})
    (failure,) = Job.objects.get(name="outbox").failures
    assert "timed out" in failure["error"]
    server.mood = WELL
    with at(NOW + HOUR):
        tasks.deliver_due()
        tasks.deliver_due()
    assert (len(server.taken), states()) == (3, {"sent"})
    assert Job.objects.get(name="outbox").failures == []


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_server_thinks(server: MailServer) -> None:
    server.mood = HANGS
    (notice,) = told()

    def send() -> None:
        delivery.deliver(notice.pk)
        connections.close_all()

    sender = threading.Thread(target=send)
    sender.start()
    assert eventually(lambda: server.connections == 1)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
        )
        assert cursor.fetchone() == (0,)
    assert states() == {"sending"}, "and whoever comes meanwhile sees that it is being sent"
    assert delivery.deliver(notice.pk) is None
    sender.join()
    assert server.connections == 1


def test_single_notices_leave_a_server_in_peace_that_did_not_answer(server: MailServer) -> None:
    server.mood = HANGS
    first, second = told(2)
    delivery.deliver_one(first.pk)
    delivery.deliver_one(second.pk)
    assert server.connections == 1


def test_who_dies_while_sending_holds_a_notice_for_ten_minutes_only(server: MailServer) -> None:
    (notice,) = told()
    delivery._take(Notice.objects.filter(pk=notice.pk))  # and is killed
    with at(NOW + delivery.HOLD - datetime.timedelta(seconds=1)):
        tasks.deliver_due()
    assert (server.taken, states()) == ([], {"sending"})
    with at(NOW + delivery.HOLD):
        tasks.deliver_due()
    assert (len(server.taken), states()) == (1, {"sent"})


def test_who_held_a_notice_for_too_long_does_not_take_it_from_the_next(server: MailServer) -> None:
    (notice,) = told()
    (slow,) = delivery._take(Notice.objects.filter(pk=notice.pk))
    with at(NOW + delivery.HOLD):
        tasks.deliver_due()
        delivery._try_again(slow, TimeoutError())
    assert states() == {"sent"}


def test_a_server_that_hangs_up_gets_the_same_message_under_the_same_name(server: MailServer) -> None:
    server.mood = DROPS
    told()
    tasks.deliver_due()
    assert states() == {"waiting"}
    server.mood = WELL
    with at(NOW + HOUR):
        tasks.deliver_due()
    names = [re.findall(r"^Message-ID: (.*)$", one, re.MULTILINE) for one in server.taken]
    assert (len(names), len({name for (name,) in names}), states()) == (2, 1, {"sent"})


def test_a_message_says_that_a_machine_sent_it_and_its_name_is_used_nowhere_else(server: MailServer) -> None:
    (notice,) = told()
    tasks.deliver_due()
    (message,) = server.taken
    assert "\nAuto-Submitted: auto-generated\n" in message
    (name,) = re.findall(r"^Message-ID: (.*)$", message, re.MULTILINE)
    assert re.fullmatch(rf"<notice-{notice.pk}\.[0-9a-f]{{32}}@127\.0\.0\.1>", name)
    assert notice.token != told()[0].token


def test_what_waited_for_a_week_has_its_full_three_days_from_the_first_try_on(server: MailServer) -> None:
    server.mood = REFUSES
    told()
    week_later = NOW + 7 * 24 * HOUR
    with at(week_later):
        tasks.deliver_due()
    assert states() == {"waiting"}
    with at(week_later + delivery.GIVE_UP_AFTER - datetime.timedelta(seconds=1)):
        tasks.deliver_due()
    assert states() == {"waiting"}
    with at(week_later + delivery.GIVE_UP_AFTER + delivery.LONGEST_WAIT):
        tasks.deliver_due()
    assert states() == {"failed"}


def test_a_refusal_does_not_end_the_round(server: MailServer) -> None:
    server.mood = REFUSES
    told(3)
    tasks.deliver_due()
    assert server.connections == 3


def test_ict_sees_what_holds_mail_up_and_sends_all_that_was_given_up_at_once(
    server: MailServer, client: Client
) -> None:
    server.mood = REFUSES
    told(3)
    ict = factories.member("project", "ict_specialist")
    client.force_login(ict)
    tasks.deliver_due()
    assert "450" in client.get(reverse("orgs:outbox")).text
    with at(NOW + delivery.GIVE_UP_AFTER):
        tasks.deliver_due()
    assert states() == {"failed"}
    assert "Lähetä uudelleen kaikki 3" in client.get(reverse("orgs:outbox")).text
    page = client.post(reverse("orgs:send_all_again"), follow=True).text
    assert "3 viestiä lähetetään uudelleen" in page
    assert LogEntry.objects.get(event="notices_sent_again").detail == {"count": 3}
    server.mood = WELL
    tasks.deliver_due()
    assert (len(server.taken), states()) == (3, {"sent"})
    assert "Ei ollut mitään" in client.post(reverse("orgs:send_all_again"), follow=True).text
