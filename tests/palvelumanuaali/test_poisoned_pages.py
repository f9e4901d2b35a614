"""Whatever a reader's request says of itself, the next reader gets what the address asks for."""

import itertools
from collections.abc import Iterator

import pytest

from tests.palvelumanuaali.web_processes import Worker, serving

_NUMBERS = itertools.count()
CHARSETS = ("utf-16", "utf-32", "utf-7", "latin-1", "cp037", "rot13", "idna", "base64", "no-such", "")


@pytest.fixture(autouse=True)
def _fixed_clock() -> None:
    """Real processes live in real time."""


@pytest.fixture(scope="module")
def worker(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    with serving(environment, tmp_path_factory.mktemp("logs"), 1) as (one,):
        yield one


def fresh() -> str:
    """Return the address of a search that nobody made before, with letters of several bytes."""
    return f"/fi/palvelut/?q=kurssi+ty%C3%B6{next(_NUMBERS)}"


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_charset_of_a_body_that_is_not_there_changes_no_page(
    worker: Worker, charset: str, method: str
) -> None:
    address = fresh()
    said = {"Content-Type": f"text/plain; charset={charset}"}
    status, poisoned = worker.ask(address, method=method, said=said)
    assert status == 200
    number = address.rpartition("%C3%B6")[2]
    asked_for = f"kurssi työ{number}".encode()
    if method == "GET":
        assert asked_for in poisoned
    assert asked_for in worker.ask(address)[1]


@pytest.mark.parametrize(
    "said",
    [
        {"HX_Request": "true"},
        {"X_Forwarded_Host": "paha.example"},
        {"X-Forwarded-Host": "paha.example"},
        {"X-HTTP-Method-Override": "POST"},
        {"Transfer-Encoding": "identity"},
        {"Accept-Language": "sv"},
        {"Content-Encoding": "gzip"},
    ],
    ids=lambda said: next(iter(said)),
)
def test_a_header_that_the_address_does_not_show_changes_no_page_for_the_next(
    worker: Worker, said: dict[str, str]
) -> None:
    address = fresh()
    worker.ask(address, said=said)
    page = worker.ask(address)[1]
    assert b"<html" in page
    assert b'lang="fi"' in page
    assert b"paha.example" not in page
