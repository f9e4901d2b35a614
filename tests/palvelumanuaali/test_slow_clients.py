"""The web server under slow senders, slow readers and silent connections."""

import http.client
import itertools
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from palvelumanuaali.entrance import LEAVING, READING, SENDING
from palvelumanuaali.serve import THREADS
from tests.palvelumanuaali.web_processes import Worker, serving, wait_for

PAGES = ("/fi/", "/fi/palvelut/")
_NUMBERS = itertools.count()


@pytest.fixture(autouse=True)
def _fixed_clock() -> None:
    """Real processes live in real time."""


@pytest.fixture(scope="module")
def worker(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    with serving(environment, tmp_path_factory.mktemp("logs"), 1) as (one,):
        wait_for(lambda: all(one.ask(path)[0] == 200 for path in PAGES), 20)
        yield one


def opened(worker: Worker, said: bytes = b"", receives: int | None = None) -> socket.socket:
    made = socket.socket()
    if receives:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receives)
    made.connect(("127.0.0.1", worker.port))
    made.sendall(said)
    return made


def head(method: str, path: str, *lines: str) -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *lines, "", ""]).encode()


def seconds_of(worker: Worker, path: str) -> float:
    began = time.monotonic()
    assert worker.ask(path)[0] == 200
    return time.monotonic() - began


def never_asked() -> str:
    """Return the address of a page that is not kept: Django makes it."""
    return f"/fi/palvelut/?q=uusi{next(_NUMBERS)}"


def test_slow_bodies_hold_up_no_page_and_when_they_leave_others_are_heard(worker: Worker) -> None:
    slow = head("POST", "/fi/kirjaudu/", "Content-Length: 500") + b"abc"
    whole = head("POST", "/fi/kirjaudu/", "Content-Length: 3") + b"abc"

    def answered() -> bytes:
        with opened(worker, whole) as other:
            other.settimeout(20)
            return other.recv(12)

    with ExitStack() as held:

        def refused_among_more() -> bool:
            # A place that the last try had, while others were refused, is taken by one who comes now.
            held.enter_context(opened(worker, slow))
            return answered() == b"HTTP/1.1 503"

        for _ in range(SENDING - 1):
            held.enter_context(opened(worker, slow))
        assert max(seconds_of(worker, path) for path in (*PAGES, never_asked())) < 2
        assert answered() == b"HTTP/1.1 404", "a dozen, and even some dozens, keep nobody from posting"
        for _ in range(50):
            held.enter_context(opened(worker, slow))
        wait_for(refused_among_more, 20)
        assert max(seconds_of(worker, path) for path in (*PAGES, never_asked())) < 2
    wait_for(lambda: answered() == b"HTTP/1.1 404", 10)


def test_silent_connections_hold_up_nothing_and_are_ended(worker: Worker) -> None:
    with ExitStack() as held:
        sockets = [held.enter_context(opened(worker)) for _ in range(1500)]
        assert max(seconds_of(worker, path) for path in (*PAGES, never_asked())) < 5
        sockets[0].settimeout(30)
        assert sockets[0].recv(1000) == b""


def test_slow_readers_of_files_hold_up_nothing(worker: Worker, environment: dict[str, str]) -> None:
    style = next(Path(environment["STATIC_ROOT"]).glob("**/*.css"))
    path = f"/static/{style.relative_to(environment['STATIC_ROOT'])}"
    with ExitStack() as held:
        for _ in range(100):
            held.enter_context(opened(worker, head("GET", path), receives=1024)).recv(10)
        assert max(seconds_of(worker, path) for path in (*PAGES, never_asked())) < 2


def test_a_page_comes_whole_with_its_length_and_a_head_without_body(worker: Worker) -> None:
    for path in ("/fi/", never_asked(), "/fi/ei-ole/"):
        whole = worker.ask(path)[1]
        asked = http.client.HTTPConnection("127.0.0.1", worker.port, timeout=20)
        asked.request("HEAD", path)
        answer = asked.getresponse()
        assert answer.read() == b""
        assert answer.headers["Content-Length"] == str(len(whole))


def test_whatever_waits_there_are_threads_left_for_kept_pages() -> None:
    assert SENDING + READING + LEAVING < THREADS
