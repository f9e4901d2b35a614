"""The change feed: everything that becomes of published services, once, in order, whoever commits last."""

import datetime
import random
import re
import threading
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction

from orgs.models import Organisation, User
from services import public_changes, working_copy
from services.api import changes
from services.models import Service, ServiceChange
from tests import factories
from tests.clients import Client
from tests.moment import NOW
from workflow.actions import lifecycle

pytestmark = pytest.mark.django_db(transaction=True)
FEED = "/jsonapi/changes"


@pytest.fixture
def ict() -> User:
    factories.reference_data()
    factories.agreement()
    return factories.member("project", "ict_specialist")


class Follower:
    """Another system that follows the feed; it keeps its cursor only when it has done what was told."""

    def __init__(self) -> None:
        self.next = path_of(asked(FEED))
        self.seen: list[tuple[str, str, str]] = []

    def read(self, *, crash: bool = False) -> list[tuple[str, str]]:
        """Read one page; where it crashes, everything that it did is undone."""
        page = asked(self.next)
        told = [
            (one["id"], one["attributes"]["field_external_id"], one["attributes"]["kind"])
            for one in page["data"]
        ]
        if crash:
            return []
        self.seen += told
        self.next = path_of(page)
        return [(key, kind) for _number, key, kind in told]

    def read_all(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        while page := self.read():
            found += page
        return found


def asked(path: str, status: int = 200) -> Any:
    answer = Client().get(path)
    assert answer.status_code == status, answer.content
    assert answer.headers["Cache-Control"] == "private, no-store"
    return answer.json()


def path_of(page: Any) -> str:
    address: str = page["links"]["next"]["href"]
    return address.removeprefix("http://127.0.0.1:8000")


def publish(service: Service, name: str) -> None:
    document = working_copy.read(service)
    document["public"]["texts"]["fi"]["name"] = name
    factories.write(service, document)
    factories.publish(service, "fi")


def test_the_life_of_a_service_is_told_step_by_step(ict: User) -> None:
    follower = Follower()
    service = factories.service()
    assert follower.read_all() == [], "a draft is nobody's to hear of"
    factories.publish(service)
    assert follower.read_all() == [("kielikahvila", "published")]
    publish(service, "Uusi nimi")
    assert follower.read_all() == [("kielikahvila", "changed")]
    document = working_copy.read(service)
    document["internal"]["texts"]["fi"]["guidance"] = "<p>Uusi ohje</p>"
    factories.write(service, document)
    factories.publish(service, "fi")
    assert follower.read_all() == [], "instructions are not public"
    service.refresh_from_db()
    lifecycle.outdate(service, by=ict)
    assert follower.read_all() == [("kielikahvila", "outdated")]
    partner = Organisation.objects.get(external_id="espoo")
    lifecycle.confirm_valid(service, by=factories.member("partner", "producer", partner))
    assert follower.read_all() == [("kielikahvila", "published")]
    lifecycle.outdate(service, by=ict)
    lifecycle.archive(service, by=ict)
    lifecycle.restore(service, by=ict)
    assert [kind for _key, kind in follower.read_all()] == ["outdated", "archived", "outdated"]


def test_an_archived_draft_is_not_told(ict: User) -> None:
    follower = Follower()
    service = factories.service()
    lifecycle.archive(service, by=ict)
    assert follower.read_all() == []
    assert not ServiceChange.objects.exists()


def test_a_change_leads_to_its_service(ict: User) -> None:
    follower = Follower()
    factories.published()
    (one,) = asked(follower.next)["data"]
    related = one["relationships"]["service"]
    address = related["links"]["related"]["href"].removeprefix("http://127.0.0.1:8000")
    assert asked_service(address)["id"] == related["data"]["id"]


def asked_service(address: str) -> Any:
    answer = Client().get(address)
    assert answer.status_code == 200
    return answer.json()["data"]


def test_pages_are_bounded_and_lead_on(ict: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "MOST", 2)
    follower = Follower()
    for number in range(5):
        factories.published(f"palvelu-{number}")
    pages = []
    while page := follower.read():
        pages.append(len(page))
    assert pages == [2, 2, 1]
    assert [key for _number, key, _kind in follower.seen] == [f"palvelu-{number}" for number in range(5)]


def test_what_is_committed_out_of_order_is_not_missed(ict: User) -> None:
    """One publication begins first and ends last; another begins and ends between."""
    slow, quick = factories.service("hidas"), factories.service("nopea")
    follower = Follower()
    begun, go_on = threading.Event(), threading.Event()

    def publish_slowly() -> None:
        try:
            with transaction.atomic():
                factories.publish(slow)
                begun.set()
                go_on.wait(timeout=20)
        finally:
            connection.close()

    beside = threading.Thread(target=publish_slowly)
    beside.start()
    assert begun.wait(timeout=20)
    factories.publish(quick)
    before = follower.read_all()
    go_on.set()
    beside.join(timeout=20)
    assert sorted(before + follower.read_all()) == [("hidas", "published"), ("nopea", "published")]


def test_a_follower_that_crashes_and_comes_back_misses_nothing_and_sees_nothing_twice(ict: User) -> None:
    services = [factories.published(f"palvelu-{number}").service for number in range(3)]
    follower, times = Follower(), 6
    done = threading.Event()

    def publisher(number: int) -> None:
        try:
            chance = random.Random(number)
            for round_ in range(times):
                with transaction.atomic():
                    mine = {services[number].pk, chance.choice(services).pk}
                    rows = Service.objects.select_for_update().filter(pk__in=mine).order_by("pk")
                    for service in list(rows):
                        publish(service, f"{service.external_id} {number} {round_}")
        finally:
            connection.close()

    def follow() -> None:
        try:
            chance = random.Random(7)
            while not done.is_set():
                follower.read(crash=chance.random() < 0.5)
        finally:
            connection.close()

    publishers = [threading.Thread(target=publisher, args=[number]) for number in range(3)]
    following = threading.Thread(target=follow)
    for thread in (following, *publishers):
        thread.start()
    for thread in publishers:
        thread.join(timeout=60)
        assert not thread.is_alive()
    done.set()
    following.join(timeout=20)
    follower.read_all()
    noted = ServiceChange.objects.filter(kind="changed")
    numbers = [int(number) for number, _key, _kind in follower.seen]
    assert len(numbers) == len(set(numbers)), "nothing twice"
    assert set(numbers) == set(noted.values_list("pk", flat=True)), "nothing missed"
    assert len(follower.seen) >= 3 * times
    for service in services:
        own = [int(number) for number, key, _kind in follower.seen if key == service.external_id]
        assert own == sorted(own), "a service's changes come in the order in which they were made"


# Cursors


def test_a_cursor_that_is_too_old_leads_to_the_whole_list(ict: User) -> None:
    follower = Follower()
    factories.published()
    with time_machine.travel(NOW + public_changes.KEPT, tick=False):
        assert asked(follower.next)["data"]
    with time_machine.travel(NOW + public_changes.KEPT + datetime.timedelta(seconds=1), tick=False):
        (error,) = asked(follower.next, 410)["errors"]
        assert error["links"]["about"].endswith("/jsonapi/node/service")
        assert "90" in error["detail"]


def test_who_asks_on_time_never_has_an_old_cursor(ict: User) -> None:
    follower = Follower()
    for days in range(0, 400, 80):
        with time_machine.travel(NOW + datetime.timedelta(days=days), tick=False):
            assert follower.read_all() == []


@pytest.mark.parametrize(
    "since",
    ["", "0", "1:1:~~0", "1:1:~~0~x", "2:1:~~0~1", "1:3:2,2~~0~1", "1:3:3~~0~1", "9" * 30 + ":1:~~0~1"],
)
def test_what_is_no_cursor_is_refused(since: str) -> None:
    (error,) = asked(f"{FEED}?since={since}", 400)["errors"]
    assert error["source"] == {"parameter": "since"}
    asked(f"{FEED}?sinse=1:1:~~0~1", 400)


def test_changes_are_cleared_away_when_no_cursor_leads_to_them(ict: User) -> None:
    factories.published()
    ServiceChange.objects.update(at=NOW - public_changes.KEPT)
    public_changes.clear()
    assert ServiceChange.objects.count() == 1
    ServiceChange.objects.update(at=NOW - public_changes.KEPT - datetime.timedelta(seconds=1))
    public_changes.clear()
    assert not ServiceChange.objects.exists()


def test_a_cursor_says_nothing_but_a_place_and_a_time() -> None:
    assert re.fullmatch(r"\d+:\d+:[\d,]*~~0~\d+", asked(FEED)["meta"]["cursor"])


def test_a_cursor_of_another_database_leads_to_the_whole_list(ict: User) -> None:
    seen = public_changes.now()
    later = seen._replace(end=seen.end + 10**9)
    asked(f"{FEED}?since={later}~~0~{int(NOW.timestamp())}", 410)
