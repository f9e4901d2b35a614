"""The layer before Django: what it answers by itself, to whom, and what it never keeps."""

import gzip
import threading
import time
from collections.abc import Iterable
from typing import Any

import brotli
import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from services.answers.answer import Answer, encoding_for
from services.answers.keys import Key, could_be_anyone, is_secure, key_of, query_of
from services.answers.layer import PublicAnswers
from services.answers.serving import day_ends, personal_cookies
from services.answers.store import Store
from services.models import PublishedService, ServiceVersion
from services.site.caching import DECLARED, Declared
from tests import factories
from tests.clients import Client
from tests.services.wsgi import Application, Said, ask, environ_of

PERSONAL = personal_cookies()
FRONT = "/fi/"
LIST = "/fi/palvelut/"
PAGE = "/fi/palvelut/kielikahvila/"
_HX = {"HTTP_HX_REQUEST": "true"}


def layer_before(application: Application, followed: bool = True) -> PublicAnswers:
    return PublicAnswers(
        application,
        Store(10_000_000),
        personal=PERSONAL,
        heard=lambda: "1:1:" if followed else None,
        day_ends=day_ends,
    )


# Which answer a request asks for


_WORD = st.text(st.sampled_from("ab=&%+ é"), max_size=5)


@given(
    st.booleans(), st.booleans(), st.sampled_from(["a.fi", "b.fi"]), st.sampled_from(["/fi/", "/sv/"]), _WORD
)
def test_what_tells_answers_apart_tells_keys_apart(
    secure: bool, part: bool, host: str, path: str, q: str
) -> None:
    def key(secure: bool, part: bool, host: str, path: str, q: str) -> Key | None:
        headers = {"HTTP_HOST": host} | (_HX if part else {})
        environ = environ_of(path, **headers) | {"wsgi.url_scheme": "https" if secure else "http"}
        return key_of(environ, query_of(f"utm={q}&q={q.encode().hex()}", ("q",)))

    own = key(secure, part, host, path, q)
    assert own == key(secure, part, host.upper(), path, q)
    others = (
        key(not secure, part, host, path, q),
        key(secure, not part, host, path, q),
        key(secure, part, "c.fi", path, q),
        key(secure, part, host, "/en/", q),
        key(secure, part, host, path, f"{q}x"),
    )
    assert own not in others


@pytest.mark.parametrize(
    ("told", "secure"), [("https", True), ("https, http", True), ("http", False), ("", False)]
)
def test_what_the_proxy_before_us_tells_of_https_is_read_as_django_reads_it(told: str, secure: bool) -> None:
    assert is_secure(environ_of(FRONT, HTTP_X_FORWARDED_PROTO=told)) == secure


@pytest.mark.parametrize(
    ("headers", "anyone"),
    [
        ({}, True),
        ({"HTTP_COOKIE": "csrftoken=a; theme=dark"}, True),
        ({"HTTP_COOKIE": "csrftoken=a; sessionid=b"}, False),
        ({"HTTP_COOKIE": "sessionid=b"}, False),
        ({"HTTP_COOKIE": 'messages="[...]"'}, False),
        ({"HTTP_COOKIE": "x=sessionid"}, True),
        ({"HTTP_COOKIE": "sessionid"}, False),
        ({"HTTP_AUTHORIZATION": "Bearer a"}, False),
        ({"REQUEST_METHOD": "POST"}, False),
        ({"SCRIPT_NAME": "/manuaali"}, False),
    ],
)
def test_only_requests_that_anyone_could_make_are_answered_from_memory(
    headers: dict[str, str], anyone: bool
) -> None:
    assert could_be_anyone(environ_of(FRONT, **headers), PERSONAL) == anyone


def test_a_query_that_is_too_long_is_answered_and_not_kept() -> None:
    assert query_of(f"q={'a' * 700}", ("q",)) is None
    assert query_of(f"muu={'a' * 700}", ("q",)) == ""
    assert key_of(environ_of(LIST), None) is None
    many = "&".join(f"a{number}=1" for number in range(2000))
    assert query_of(many, ("q",)) is None


# Encodings


@pytest.mark.parametrize(
    ("accept", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0.5, gzip;q=0.9", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("*", "br"),
        ("*;q=0", ""),
        ("identity, br;q=0.5", ""),
        ("", ""),
        ("br;q=abc", ""),
        ("BR", "br"),
    ],
)
def test_the_encoding_is_the_one_that_is_welcome(accept: str, encoding: str) -> None:
    assert encoding_for(accept) == encoding


@given(st.binary(max_size=3000))
def test_each_form_of_an_answer_reads_back_as_its_body(body: bytes) -> None:
    answer = Answer(body, [("Content-Type", "text/html")], frozenset())
    for name, unpack in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        form = answer.in_encoding(name)
        said = dict(form.headers)
        assert said["Content-Length"] == str(len(form.body))
        assert (unpack(form.body) if "Content-Encoding" in said else form.body) == body


# Django's own pages


@pytest.fixture
def published(vocabulary: object) -> ServiceVersion:
    return factories.published()


def test_a_page_is_made_once_and_answered_from_memory_like_django_does(
    published: ServiceVersion, django: Application
) -> None:
    layer = layer_before(django)
    for path in (FRONT, LIST, PAGE, f"{LIST}?q=kahvila&utm=x", "/sv/", "/robots.txt"):
        first, again, plain = ask(layer, path), ask(layer, path), ask(django, path)
        assert first.body == again.body == plain.body, path
        assert layer.hits == layer.misses, path
        assert first.headers == again.headers
        assert plain.headers.items() <= (again.headers | {"vary": plain.headers["vary"]}).items()
    assert (layer.misses, layer.hits) == (6, 6)


def test_unknown_parameters_make_no_entries_of_their_own(
    published: ServiceVersion, django: Application
) -> None:
    layer = layer_before(django)
    for number in range(5):
        ask(layer, f"{LIST}?utm_source={number}&q=")
    assert len(layer.store) == 1


def test_made_up_ports_make_no_entries_of_their_own(published: ServiceVersion, django: Application) -> None:
    layer = layer_before(django)
    for port in range(8000, 8005):
        assert ask(layer, LIST, HTTP_HOST=f"localhost:{port}").status == "200 OK"
    assert len(layer.store) == 1


@pytest.mark.parametrize("host", ["", "localhost:abc", "local host", "x" * 300, "localhost:80:80"])
def test_what_is_no_host_is_no_key(host: str) -> None:
    assert key_of(environ_of(LIST, HTTP_HOST=host), "") is None


def test_made_up_addresses_headers_and_queries_leave_nothing_behind(
    published: ServiceVersion, django: Application
) -> None:
    layer = layer_before(django)
    ask(layer, LIST)
    before = remembered(layer)
    for number in range(20):
        assert ask(layer, f"/fi/ei-ole-{number}/").status.startswith("404")
        ask(layer, f"{LIST}{'x' * 60_000}{number}/")
        ask(layer, f"{LIST}?q={'x' * 60_000}{number}")
        ask(layer, LIST, HTTP_ACCEPT_ENCODING=f"{'x' * 60_000}{number}")
        ask(layer, LIST, HTTP_HOST=f"{'x' * 60_000}{number}")
    assert remembered(layer) == before


def remembered(layer: PublicAnswers) -> tuple[int, ...]:
    return tuple(len(one) for one in (layer.store, layer._shapes, layer._queries, layer._encodings))


def test_a_part_of_a_page_is_an_answer_of_its_own(published: ServiceVersion, django: Application) -> None:
    layer = layer_before(django)
    whole, part = ask(layer, LIST), ask(layer, LIST, **_HX)
    assert b"<!doctype" in whole.body
    assert b"<!doctype" not in part.body
    assert ask(layer, LIST).body == whole.body
    assert ask(layer, LIST, **_HX).body == part.body
    assert ask(layer, LIST, **_HX, HTTP_HX_HISTORY_RESTORE_REQUEST="true").body == whole.body


def test_head_is_answered_like_get_without_a_body(published: ServiceVersion, django: Application) -> None:
    layer = layer_before(django)
    first, got, again = ask(layer, PAGE, "HEAD"), ask(layer, PAGE), ask(layer, PAGE, "HEAD")
    assert first.body == again.body == b""
    assert first.headers == again.headers == got.headers
    assert got.headers["content-length"] == str(len(got.body))


def test_a_browser_that_has_the_answer_is_told_so(published: ServiceVersion, django: Application) -> None:
    layer = layer_before(django)
    tag = ask(layer, PAGE).headers["etag"]
    had = ask(layer, PAGE, HTTP_IF_NONE_MATCH=f'"other", {tag}')
    assert (had.status, had.body) == ("304 Not Modified", b"")
    assert had.headers["etag"] == tag
    assert had.headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert ask(layer, PAGE, HTTP_IF_NONE_MATCH='"other"').status == "200 OK"
    assert ask(layer, PAGE, HTTP_IF_NONE_MATCH="*").status == "304 Not Modified"


def test_compressed_pages_read_like_the_plain_one(published: ServiceVersion, django: Application) -> None:
    layer = layer_before(django)
    plain = ask(layer, PAGE)
    packed = ask(layer, PAGE, HTTP_ACCEPT_ENCODING="gzip, br")
    assert packed.headers["content-encoding"] == "br"
    assert brotli.decompress(packed.body) == plain.body
    assert packed.headers["etag"] == plain.headers["etag"]
    assert len(packed.body) < len(plain.body) / 2
    assert layer.store.bytes > len(plain.body) + len(packed.body)


def test_a_signed_in_readers_page_is_neither_kept_nor_answered_from_memory(
    published: ServiceVersion, django: Application, client: Client
) -> None:
    layer = layer_before(django)
    reader = factories.member("partner", "expert", full_name="Aino Neuvonen")
    client.force_login(reader)
    cookie = {"HTTP_COOKIE": f"sessionid={client.cookies['sessionid'].value}"}
    assert "Aino Neuvonen" in ask(layer, LIST, **cookie).text
    assert "Aino Neuvonen" not in ask(layer, LIST).text
    assert "Aino Neuvonen" in ask(layer, LIST, **cookie).text
    assert len(layer.store) == 1


@pytest.mark.parametrize("path", ["/fi/palvelut/ei-ole/", "/fi/account/login/", "/health/", "/", "/fi/oma/"])
def test_what_no_view_declared_is_not_kept(published: ServiceVersion, django: Application, path: str) -> None:
    layer = layer_before(django)
    assert ask(layer, path).status == ask(layer, path).status
    assert len(layer.store) == 0


def test_a_page_that_is_gone_is_not_answered_from_memory(
    published: ServiceVersion, django: Application
) -> None:
    layer = layer_before(django)
    assert ask(layer, PAGE).status == "200 OK"
    PublishedService.objects.all().delete()
    layer.store.drop({f"service-{published.service_id}"})
    assert ask(layer, PAGE).status == "404 Not Found"
    assert ask(layer, PAGE, "HEAD").body == b""


def test_the_next_day_every_page_is_made_anew(published: ServiceVersion, django: Application) -> None:
    layer = layer_before(django)
    ask(layer, FRONT)
    with time_machine.travel("2026-11-23T21:59:59Z", tick=False):
        ask(layer, FRONT)
        assert layer.misses == 1
    with time_machine.travel("2026-11-23T22:00:00Z", tick=False):
        ask(layer, FRONT)
        assert layer.misses == 2, "in Helsinki it is the 24th"


def test_nothing_is_kept_while_changes_are_not_heard_of(
    published: ServiceVersion, django: Application
) -> None:
    layer = layer_before(django, followed=False)
    assert ask(layer, FRONT).body == ask(layer, FRONT).body
    assert (len(layer.store), layer.misses) == (0, 2)


# Applications that go wrong


def saying(*headers: tuple[str, str], body: bytes = b"sivu", declare: bool = True) -> Application:
    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if declare:
            environ[DECLARED] = Declared((), frozenset({"list"}))
        start_response("200 OK", [("Cache-Control", "public, max-age=0"), *headers])
        return [body]

    return application


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ((), 1),
        ((("Set-Cookie", "a=b"),), 0),
        ((("Vary", "Cookie, Accept-Language"),), 0),
        ((("Vary", "Cookie, HX-Request"),), 1),
        ((("Content-Security-Policy", "script-src 'nonce-abc'"),), 0),
        ((("Content-Encoding", "gzip"),), 0),
        ((("cache-control", "private, no-store"),), 0),
    ],
)
def test_an_answer_that_says_it_is_somebodys_own_is_not_kept(
    headers: tuple[tuple[str, str], ...], kept: int
) -> None:
    layer = layer_before(saying(*headers))
    assert ask_loosely(layer).body == b"sivu"
    assert len(layer.store) == kept


def ask_loosely(layer: PublicAnswers) -> Said:
    body = layer(environ_of(FRONT), lambda *_said: None)
    return Said("", {}, b"".join(body))


@pytest.mark.parametrize(
    "headers", [{}, {"HTTP_ACCEPT_ENCODING": "br"}, {"HTTP_IF_NONE_MATCH": "*"}, {"REQUEST_METHOD": "HEAD"}]
)
def test_the_server_gets_what_is_kept_in_one_piece(headers: dict[str, str]) -> None:
    """Granian sends a list as it is; asking another iterable for its parts costs it a fifth of its speed."""
    layer = layer_before(saying(body=b"sivu" * 500))
    ask_loosely(layer)
    assert isinstance(layer(environ_of(FRONT) | headers, lambda *_said: None), list)


def test_a_view_that_forgets_to_declare_its_answer_is_not_kept() -> None:
    layer = layer_before(saying(declare=False))
    ask(layer, FRONT)
    assert len(layer.store) == 0


def test_many_who_ask_at_once_have_a_page_made_once() -> None:
    made: list[int] = []
    go = threading.Event()

    def slow(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if made:
            go.wait(5)
        made.append(1)
        return saying()(environ, start_response)

    layer = layer_before(slow)
    ask(layer, FRONT)
    layer.store.clear()
    found: list[Said] = []
    threads = [threading.Thread(target=lambda: found.append(ask(layer, FRONT))) for _one in range(8)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 5
    while layer.waited < 7 and time.monotonic() < deadline:
        time.sleep(0.001)
    go.set()
    for thread in threads:
        thread.join()
    assert [one.body for one in found] == [b"sivu"] * 8
    assert len(made) == 2


def test_one_who_asks_after_a_change_does_not_get_what_was_begun_before_it() -> None:
    started, go, bodies = threading.Event(), threading.Event(), [b"ensin", b"vanha", b"uusi"]

    def slow(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = bodies.pop(0)
        if body == b"vanha":
            started.set()
            go.wait(5)
        return saying(body=body)(environ, start_response)

    layer = layer_before(slow)
    ask(layer, FRONT)
    layer.store.clear()
    early: list[Said] = []
    late: list[Said] = []
    first = threading.Thread(target=lambda: early.append(ask(layer, FRONT)))
    first.start()
    started.wait(5)
    second = threading.Thread(target=lambda: late.append(ask(layer, FRONT)))
    second.start()
    while layer.waited < 1:
        time.sleep(0.001)
    layer.store.drop({"list"})
    go.set()
    first.join()
    second.join()
    assert (early[0].body, late[0].body) == (b"vanha", b"uusi")
    assert ask(layer, FRONT).body == b"uusi"


def test_an_application_that_fails_lets_the_next_one_try() -> None:
    calls = []

    def failing(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError
        return saying()(environ, start_response)

    layer = layer_before(failing)
    ask(layer, FRONT)
    layer.store.clear()
    with pytest.raises(RuntimeError):
        ask(layer, FRONT)
    assert ask(layer, FRONT).body == b"sivu"


def test_reverse_gives_the_addresses_of_these_tests(vocabulary: object) -> None:
    assert (reverse("site:front"), reverse("site:services")) == (FRONT, LIST)
    assert reverse("site:service", args=["kielikahvila"]) == PAGE
