"""The proxy that docs/running.md asks for, as `deploy/nginx.conf` has it, before a real web process."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import settings

from palvelumanuaali.embedded.children import free_port
from tests.palvelumanuaali.test_slow_clients import head, opened
from tests.palvelumanuaali.web_processes import Worker, serving, wait_for


@pytest.fixture(autouse=True)
def _fixed_clock() -> None:
    """Real processes live in real time."""


@pytest.fixture(scope="module")
def proxy(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    nginx = shutil.which("nginx")
    if nginx is None:
        if os.environ.get("CI") == "true":
            pytest.fail("nginx is not installed")
        pytest.skip("nginx is not installed: the proxy in front is not tried")
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    folder.chmod(0o755)
    with serving(environment, folder, 1) as (behind,):
        given = (settings.BASE_DIR / "deploy" / "nginx.conf").read_text()
        given = given.replace("127.0.0.1:8000", f"127.0.0.1:{behind.port}")
        given = given.replace("listen 8080", f"listen 127.0.0.1:{port}")
        given = given.replace("/tmp/palvelumanuaali-nginx", f"{folder}/nginx")
        (folder / "nginx.conf").write_text(given)
        command = [nginx, "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
        before = Worker(port, process)
        try:
            wait_for(before.answers, 20)
            yield before
        finally:
            process.terminate()
            process.wait(20)


def test_slow_bodies_end_at_the_proxy(proxy: Worker) -> None:
    slow = head("POST", "/fi/kirjaudu/", "Content-Length: 500") + b"abc"
    with ExitStack() as held:
        sockets = [held.enter_context(opened(proxy, slow)) for _ in range(60)]
        with opened(proxy, head("POST", "/fi/kirjaudu/", "Content-Length: 3") + b"abc") as other:
            other.settimeout(5)
            assert other.recv(12) == b"HTTP/1.1 404", "whoever sends all of it is heard"
        began = time.monotonic()
        sockets[0].settimeout(20)
        assert b"404" not in sockets[0].recv(100)
        assert time.monotonic() - began < 15


def test_one_address_has_a_bound_on_its_connections(proxy: Worker) -> None:
    slow = head("POST", "/fi/kirjaudu/", "Content-Length: 500") + b"abc"
    with ExitStack() as held:
        sockets = [held.enter_context(opened(proxy, slow)) for _ in range(100)]
        sockets[-1].settimeout(20)
        assert sockets[-1].recv(12) == b"HTTP/1.1 503"
    wait_for(lambda: proxy.ask("/fi/")[0] == 200, 30)


def asked_by(proxy: Worker, header: str) -> bytes:
    return proxy.ask("/fi/palvelut/", said={header: "true"})[1]


def test_headers_with_underscores_are_dropped(proxy: Worker) -> None:
    whole = proxy.ask("/fi/palvelut/")[1]
    assert asked_by(proxy, "HX_Request") == whole
    assert asked_by(proxy, "HX-Request") != whole


def test_the_proxys_bounds_are_ours() -> None:
    given = (Path(settings.BASE_DIR) / "deploy" / "nginx.conf").read_text()
    assert f"client_max_body_size {settings.LARGEST_BODY // 1_000_000}m;" in given
