"""A cache in front of us is told what to drop, and told again where it did not hear."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.management import CommandError, call_command

from services.answers.shared_cache import SharedCache, follower_of
from services.models import PublishedChange, PublishedService
from tests import factories

pytestmark = pytest.mark.django_db


class Front(HTTPServer):
    """A cache that writes down what it was told; `refusals` of its next answers are errors."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.told: list[tuple[str, str, str]] = []
        self.refusals = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/purge"


class _Handler(BaseHTTPRequestHandler):
    def _hear(self) -> None:
        front = self.server
        assert isinstance(front, Front)
        if front.refusals:
            front.refusals -= 1
            self.send_error(503)
            return
        tags = self.headers["Surrogate-Key"] or self.headers["xkey-purge"]
        front.told.append((self.command, self.headers.get("Fastly-Key", ""), tags))
        self.send_response(200)
        self.end_headers()

    do_POST = do_PURGE = _hear  # noqa: N815

    def log_message(self, *_what: object) -> None:
        """Say nothing."""


@pytest.fixture
def front() -> Iterator[Front]:
    server = Front()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_cache_drops_everything_first_and_then_what_changed(front: Front, vocabulary: object) -> None:
    follower = follower_of(
        SharedCache(front.url, method="POST", header="Surrogate-Key", more={"Fastly-Key": "a"})
    )
    follower.catch_up()
    assert front.told == [("POST", "a", "vocabulary")]
    version = factories.published()
    follower.catch_up()
    assert front.told[1:] == [("POST", "a", f"list service-{version.service_id}")]
    follower.catch_up()
    assert len(front.told) == 2


def test_what_a_cache_did_not_take_is_told_again(front: Front, vocabulary: object) -> None:
    version = factories.published()
    follower = follower_of(SharedCache(front.url, method="PURGE", header="xkey-purge", more={}))
    follower.catch_up()
    PublishedService.objects.update(boost=2)
    front.refusals = 1
    with pytest.raises(OSError, match="503"):
        follower.catch_up()
    PublishedChange.note(PublishedChange.ORGANISATION)
    follower.catch_up()
    assert front.told[1:] == [("PURGE", "", f"list organisation service-{version.service_id}")]


@pytest.mark.parametrize("given", [["file:///etc/passwd"], ["http://a.example", "--with", "no-value"]])
def test_what_makes_no_sense_is_refused(given: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("tell_shared_cache", *given)
