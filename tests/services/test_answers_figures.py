"""What ICT sees of public answers, and having them made anew by hand."""

import datetime
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from orgs.models import LogEntry, User
from services import tasks
from services.answers import figures
from services.models import AnswerFigures, PublishedChange
from tests import factories
from tests.clients import Client
from tests.moment import NOW
from tests.services.test_answers_layer import layer_before, saying
from tests.services.wsgi import ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def ict(client: Client, vocabulary: object) -> User:
    factories.agreement()
    person = factories.member("project", "ict_specialist")
    client.force_login(person)
    return person


def counted(**more: Any) -> AnswerFigures:
    """Write the figures of a process."""
    names = ("hits", "unchanged", "read", "made", "passed", "entries", "bytes", "evicted", "dropped")
    given = dict.fromkeys(names, 0) | {"capacity": 1_000_000, "started_at": NOW, "at": NOW} | more
    return AnswerFigures.objects.create(process=str(len(AnswerFigures.objects.all())), **given)


def test_a_process_writes_what_it_counted_every_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = 100.0
    monkeypatch.setattr("services.answers.figures.time.monotonic", lambda: seconds)
    layer = layer_before(saying(body=b"sivu" * 1000))
    for path, headers in (("/fi/", {}), ("/fi/", {}), ("/fi/", {"HTTP_IF_NONE_MATCH": "*"}), ("/sv/", {})):
        ask(layer, path, **headers)
    ask(layer, "/fi/", HTTP_COOKIE="sessionid=a")
    write = figures.writer(layer)
    write()
    (one,) = figures.living()
    assert (one.hits, one.unchanged, one.read, one.made, one.passed) == (2, 1, 0, 2, 1)
    assert (one.entries, one.bytes, one.capacity) == (2, layer.store.bytes, 10_000_000)
    ask(layer, "/fi/")
    seconds += 9
    write()
    assert figures.living() == [one]
    assert figures.living()[0].hits == 2
    seconds += 1
    write()
    assert figures.living()[0].hits == 3


def test_what_no_view_declares_public_is_no_public_page() -> None:
    layer = layer_before(saying(declare=False))
    ask(layer, "/static/css/app.css")
    ask(layer, "/fi/", HTTP_COOKIE="sessionid=a")
    figures.writer(layer)()
    (one,) = figures.living()
    assert (one.hits, one.made, one.passed) == (0, 0, 2)


def test_shares_are_of_the_public_pages_that_were_asked_for() -> None:
    found = figures.sums([counted(hits=900, read=60, made=30, passed=500), counted(hits=5, read=3, made=2)])
    assert (found.asked, found.from_memory, found.without_django) == (1000, 90.5, 96.8)
    nothing = figures.sums([])
    assert (nothing.asked, nothing.from_memory) == (0, 0.0)


def test_a_process_that_ended_is_not_shown_and_cleared_away() -> None:
    counted(at=NOW - datetime.timedelta(seconds=31))
    alive = counted(at=NOW - datetime.timedelta(seconds=29))
    assert figures.living() == [alive]
    with time_machine.travel(NOW, tick=False):
        tasks.clear_away()
    assert list(AnswerFigures.objects.all()) == [alive]


def test_ict_sees_each_process_and_the_shares(client: Client, ict: User) -> None:
    counted(hits=1_234_567, read=100, made=12, entries=1, bytes=2_000)
    page = client.get(reverse("answers:answers")).content.decode()
    assert "1\xa0234\xa0567" in page
    assert "100,0 %" in page
    assert "1 sivu" in page


def test_without_figures_the_page_says_so(client: Client, ict: User) -> None:
    page = client.get(reverse("answers:answers")).content.decode()
    assert "puoleen minuuttiin" in page


def test_all_pages_are_made_anew_by_hand_and_the_log_tells_who_wanted_it(client: Client, ict: User) -> None:
    answer = client.post(reverse("answers:purge"), follow=True)
    assert "tehdään uudelleen" in answer.content.decode()
    assert PublishedChange.objects.filter(kind=PublishedChange.ALL).exists()
    entry = LogEntry.objects.latest("pk")
    assert (entry.event, entry.actor) == ("answers_purged", ict)
    log = client.get(reverse("orgs:log")).content.decode()
    assert "kaikki julkiset sivut" in log
