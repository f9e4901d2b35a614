"""Answers that processes share through the database: right or not there at all."""

import datetime
from collections.abc import Callable, Iterable
from typing import Any

import psycopg
import pytest
import time_machine
from django.db import connection

from orgs import clock
from orgs.models import Organisation
from services import tasks
from services.answers.keys import Key
from services.answers.layer import PublicAnswers
from services.answers.release import release
from services.answers.rows import Rows
from services.answers.serving import day_ends, personal_cookies, where
from services.answers.store import Store
from services.models import KeptAnswer, PublishedChange, PublishedService, Term
from tests import factories
from tests.moment import NOW
from tests.services.wsgi import Application, Said, ask

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/fi/palvelut/kielikahvila/"
LIST = "/fi/palvelut/"
_NEXT_DAY = NOW.date() + datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _published(transactional_db: None) -> None:
    factories.reference_data()
    factories.published()


def now() -> str:
    """Return what the database sees now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])


def process(
    application: Application,
    *,
    of: str = "a",
    heard: Callable[[], str | None] = now,
    today: Callable[[], datetime.date] = clock.today,
    connect: Callable[[], dict[str, Any]] = where,
) -> PublicAnswers:
    """Return the layer of a process that has just started."""
    return PublicAnswers(
        application,
        Store(10_000_000),
        personal=personal_cookies(),
        heard=heard,
        day_ends=day_ends,
        rows=Rows(of, connect=connect, today=today),
    )


def asleep(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    raise AssertionError("this process had to make the page itself")


def is_read(path: str, **of: Any) -> bool:
    """Tell whether a process that has just started finds a page made."""
    try:
        ask(process(asleep, **of), path)
    except AssertionError:
        return False
    return True


def comparable(said: Said) -> tuple[str, dict[str, str], bytes]:
    return said.status, said.headers, said.body


@pytest.mark.parametrize("path", [PAGE, LIST, "/fi/", "/sv/tjanster/", "/fi/organisaatiot/"])
@pytest.mark.parametrize("encoding", ["", "br"])
def test_what_one_process_made_the_next_one_reads(path: str, encoding: str, django: Application) -> None:
    made = ask(process(django), path, HTTP_ACCEPT_ENCODING=encoding)
    read = ask(process(asleep), path, HTTP_ACCEPT_ENCODING=encoding)
    assert comparable(read) == comparable(made)
    assert read.status == "200 OK"
    assert ask(process(asleep), path, "HEAD").body == b""
    assert ask(process(asleep), path, HTTP_IF_NONE_MATCH=made.headers["etag"]).status == "304 Not Modified"


def test_a_process_keeps_what_it_read_and_knows_the_parameters(django: Application) -> None:
    ask(process(django), LIST)
    layer = process(asleep)
    for _time in range(2):
        assert ask(layer, LIST).status == "200 OK"
    assert ask(layer, f"{LIST}?utm_source=a").status == "200 OK"
    assert (layer.hits, layer.misses) == (2, 1)


@pytest.mark.parametrize("path", [f"{LIST}?q=kahvila", "/fi/account/login/", "/fi/ei-ole/"])
def test_what_content_does_not_bound_or_no_view_declared_has_no_row(path: str, django: Application) -> None:
    ask(process(django), path)
    assert not KeptAnswer.objects.exists()


def test_a_part_of_a_page_has_no_row(django: Application) -> None:
    ask(process(django), LIST, HTTP_HX_REQUEST="true")
    assert not KeptAnswer.objects.exists()


@pytest.mark.parametrize(
    "of", [{"of": "b"}, {"today": lambda: _NEXT_DAY}, {"connect": lambda: where() | {"port": 1}}]
)
def test_another_release_another_day_or_another_database_has_rows_of_its_own(
    of: dict[str, Any], django: Application
) -> None:
    ask(process(django), PAGE)
    assert is_read(PAGE)
    assert not is_read(PAGE, **of)


def test_another_host_and_scheme_have_rows_of_their_own(django: Application) -> None:
    ask(process(django), PAGE)
    for headers in ({"HTTP_HOST": "localhost"}, {"HTTP_X_FORWARDED_PROTO": "https"}):
        with pytest.raises(AssertionError):
            ask(process(asleep), PAGE, **headers)


def _service() -> None:
    PublishedService.objects.filter(slug="kielikahvila").update(boost=3)


def _other_service() -> None:
    factories.published("tyonhakuvalmennus")


def _word() -> None:
    Term.objects.all()[0].save()


def _organisation() -> None:
    Organisation.objects.all()[0].save()


def _all() -> None:
    PublishedChange.note(PublishedChange.ALL)


@pytest.mark.parametrize(
    ("change", "page_stays", "list_stays"),
    [
        (_service, False, False),
        (_other_service, True, False),
        (_word, False, False),
        (_organisation, False, False),
        (_all, False, False),
    ],
)
def test_a_change_of_what_it_shows_ends_a_row(
    change: Callable[[], None], page_stays: bool, list_stays: bool, django: Application
) -> None:
    for path in (PAGE, LIST):
        ask(process(django), path)
    change()
    assert (is_read(PAGE), is_read(LIST)) == (page_stays, list_stays)
    ask(process(django), PAGE)
    assert is_read(PAGE)


def test_a_page_made_beside_a_change_that_is_not_committed_ends_with_it(django: Application) -> None:
    with psycopg.connect(**where()) as other:
        other.execute("UPDATE services_publishedservice SET boost = 5")
        ask(process(django), PAGE)
        assert is_read(PAGE)  # right until the change is there
    assert not is_read(PAGE)


def test_for_what_no_view_declares_a_row_is_looked_for_once(django: Application) -> None:
    layer = process(django)
    assert layer.rows
    looked: list[str] = []
    find = layer.rows.get
    layer.rows.get = lambda key: looked.append(key.path) or find(key)  # type: ignore[method-assign, func-returns-value]
    later = "/fi/palvelut/tulossa/"
    for path in ("/health/", "/fi/account/login/", later) * 2:
        ask(layer, path)
    # Of what leads nowhere nothing is remembered, so that made-up addresses fill no memory.
    assert looked == ["/health/", "/fi/account/login/", later, later]
    factories.published("tulossa")
    for _time in range(2):
        assert ask(layer, later).status == "200 OK"
    assert layer.hits == 1


def test_a_process_that_has_not_heard_of_a_change_yet_gives_others_nothing(django: Application) -> None:
    before = now()
    _word()
    ask(process(django, heard=lambda: before), PAGE)
    assert not is_read(PAGE)
    ask(process(django, heard=lambda: None), LIST)
    assert not is_read(LIST)


def test_without_the_database_of_rows_pages_are_made_as_ever(
    django: Application, caplog: pytest.LogCaptureFixture
) -> None:
    layer = process(django, connect=lambda: where() | {"port": 1})
    assert ask(layer, PAGE).status == "200 OK"
    assert "Kept answers can't be reached" in caplog.text


def test_a_connection_that_was_lost_is_made_anew(django: Application) -> None:
    layer = process(django)
    ask(layer, PAGE)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE query LIKE '%%services_keptanswer%%' AND pid <> pg_backend_pid()"
        )
    layer.store.clear()
    layer.application = asleep
    assert ask(layer, PAGE).status == "200 OK"


def test_a_release_is_told_by_what_it_consists_of(settings: Any) -> None:
    same = release()
    assert release() == same
    settings.SHARED_CACHE_SECONDS = 77
    assert release() != same


def test_answers_of_days_past_are_cleared_away(django: Application) -> None:
    ask(process(django), PAGE)
    ask(process(django, today=lambda: _NEXT_DAY), LIST)
    with time_machine.travel(NOW + datetime.timedelta(days=1), tick=False):
        tasks.clear_away()
    assert [one.day for one in KeptAnswer.objects.all()] == [_NEXT_DAY]


def test_keys_of_parts_and_queries_are_never_looked_up() -> None:
    rows = Rows("a", connect=lambda: pytest.fail("nobody had to be asked"), today=clock.today)
    assert rows.get(Key(False, "a", "/fi/", True, "")) is None
    assert rows.get(Key(False, "a", "/fi/", False, "q=a")) is None
