"""A locked row: those who save it are told within seconds, keep what they typed, and nobody else waits."""

import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from palvelumanuaali import database_bounds
from palvelumanuaali.database_bounds import JOB, PAGE, SAVE, Bounds
from services import working_copy
from services.fields import Group
from services.models import Service, Term
from services.site import errors
from tests.browser_forms import as_a_browser_sends
from tests.clients import Client
from tests.workflow.conftest import whole, writer
from tests.workflow.desk_forms import address, posted

__all__ = ["whole", "writer"]


@pytest.fixture
def bounded() -> Iterator[None]:
    """Have this thread's connection bound as one that saves, with a shorter wait."""
    connection.close()
    database_bounds.hold(Bounds(lock=1, statement=2, idle=60))
    yield
    database_bounds.hold(Bounds(lock=0, statement=0, idle=0))
    connection.close()


def other() -> psycopg.Connection[Any]:
    parts = connection.get_connection_params()
    return psycopg.connect(**{name: parts[name] for name in ("host", "port", "user", "password", "dbname")})


@pytest.mark.django_db(transaction=True)
def test_a_save_of_a_locked_service_is_told_at_once_and_sent_again_from_the_same_page(
    vocabulary: dict[tuple[str, str], Term],
    whole: Service,
    writer: Client,
    bounded: None,
) -> None:
    url = address(whole, Group.TIME_AND_PLACE.value)
    page = writer.get(url)
    data = posted(page)
    name = next(name for name, value in data.items() if "10 viikkoa" in value)
    data[name] = "12 viikkoa, ja kahvi kuuluu hintaan"
    with other() as held:
        held.execute("SELECT FROM services_service WHERE id = %s FOR UPDATE", [whole.pk])
        began, writer.raise_request_exception = time.monotonic(), False
        refused = writer.post(url, data)
        assert time.monotonic() - began < 3
        held.rollback()
    assert refused.status_code == 503
    assert refused.headers["Retry-After"]
    assert "Joku toinen tallentaa juuri nyt samaa kohdetta." in refused.text
    again = writer.post(url, as_a_browser_sends(refused.content, of="uudelleen"))
    assert again.status_code == 302
    assert "12 viikkoa, ja kahvi kuuluu hintaan" in str(working_copy.read(whole))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("bounded")
def test_a_question_that_takes_too_long_is_ended() -> None:
    with pytest.raises(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(30)")


def test_a_page_waits_less_than_a_save_and_a_save_less_than_a_job() -> None:
    for less, more in ((PAGE, SAVE), (SAVE, JOB)):
        assert (less.lock, less.statement) < (more.lock, more.statement)


def answered(request: HttpRequest) -> HttpResponse:
    try:
        raise OperationalError from psycopg.errors.LockNotAvailable()  # noqa: TRY301
    except OperationalError:
        return errors.server_error(request)


def test_files_are_named_since_they_must_be_chosen_again(rf: RequestFactory) -> None:
    given = {"name": "Kielikahvila", "file": SimpleUploadedFile("esite.pdf", b"%PDF")}
    page = answered(rf.post("/fi/jotain/", given)).content.decode()
    assert 'value="Kielikahvila"' in page
    assert "esite.pdf" in page


@pytest.mark.parametrize("name", ["password", "new_password1", "code"])
def test_secrets_are_never_written_into_a_page(rf: RequestFactory, name: str) -> None:
    page = answered(rf.post("/fi/tili/", {"login": "aino@espoo.example", name: "salaisuus"})).content.decode()
    assert "salaisuus" not in page
    assert "aino@espoo.example" not in page
