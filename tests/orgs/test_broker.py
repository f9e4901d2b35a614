"""The broker stops while things happen, and comes back."""

import time
from collections.abc import Iterator

import pytest
import time_machine
from celery.contrib.testing.worker import start_worker
from django.core.mail import EmailMessage
from django.db import connections
from kombu import pools

from orgs import notices, tasks
from orgs.models import Notice, User
from palvelumanuaali import celery_app
from palvelumanuaali.celery import QUEUES
from tests import factories
from tests.moment import NOW
from tests.valkey import OwnValkey, eventually

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _running_clock(_fixed_clock: None) -> Iterator[None]:
    """Let time pass: the worker's own waiting needs it."""
    with time_machine.travel(NOW, tick=True):
        yield


def use(url: str) -> None:
    """Have tasks go through the broker at `url`; connections to another one are forgotten."""
    celery_app.conf.broker_url = url
    celery_app._pool = celery_app.amqp._producer_pool = None
    pools.reset()  # type: ignore[no-untyped-call]  # kombu has no types here


@pytest.fixture
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnValkey]:
    made = OwnValkey(tmp_path_factory.mktemp("v"))
    made.start()
    before = celery_app.conf.broker_url
    use(made.url)
    yield made
    use(before)
    made.stop()


def told(person: User) -> Notice:
    return notices.tell("security_change", person, what="password")


def all_sent() -> bool:
    connections["default"].ensure_connection()
    return not Notice.objects.exclude(state=Notice.State.SENT).exists()


def test_with_the_broker_gone_nothing_is_lost_and_each_notice_goes_out_once_when_it_is_back(
    broker: OwnValkey, mailoutbox: list[EmailMessage]
) -> None:
    person = factories.UserFactory()
    with start_worker(celery_app, perform_ping_check=False, pool="solo", loglevel="ERROR", queues=QUEUES):
        told(person)
        assert eventually(all_sent), "with the broker there the worker sends at once"
    broker.stop()
    began = time.monotonic()
    for _ in range(3):
        told(person)
    assert time.monotonic() - began < 3, "a page does not wait for a broker that is gone"
    assert Notice.objects.filter(state=Notice.State.WAITING).count() == 3
    assert len(mailoutbox) == 1
    broker.start()
    with start_worker(celery_app, perform_ping_check=False, pool="solo", loglevel="ERROR", queues=QUEUES):
        # What the scheduler does each minute; twice, as after a gap.
        tasks.deliver_due.delay()
        tasks.deliver_due.delay()
        assert eventually(all_sent)
    assert len(mailoutbox) == 4
    assert len({mail.extra_headers["Message-ID"] for mail in mailoutbox}) == 4
