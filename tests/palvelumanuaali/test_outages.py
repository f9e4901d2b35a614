"""Published pages go on being served while the database or Valkey is away, and none is wrong afterwards."""

import os
import random
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from palvelumanuaali.embedded.children import start_child, stop_children
from palvelumanuaali.embedded.places import empty_folder, server_account, servers_folder
from palvelumanuaali.embedded.postgres import start_postgres
from palvelumanuaali.embedded.programs import postgres_programs
from tests.palvelumanuaali.web_processes import Worker, publish, serving, wait_for
from tests.valkey import OwnValkey

AWAY = 10  # seconds
_ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/bin:/bin"}
CHANGED = "/fi/palvelut/kielikahvila-tyonhakijoille/"  # of a service that the tests change
PAGES = (CHANGED, "/fi/", "/sv/tjanster/", "/fi/palvelut/?q=kieli")  # read all the time


class Postgres:
    """A database server that can go away and come back at the same address."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._child, self.url = start_postgres(folder, throwaway=True, pause=lambda: time.sleep(0.05))
        self._command = list(map(str, self._child.process.args))  # type: ignore[arg-type]

    def fill(self, parts: dict[str, Any]) -> None:
        """Write into it what another server has in a database."""
        programs = postgres_programs()
        given = _ENVIRONMENT | {"LD_LIBRARY_PATH": str(programs / "lib"), "PGPASSWORD": parts["password"]}
        address = [f"--{name}={parts[name]}" for name in ("host", "port")]
        dump = [str(programs / "bin" / "pg_dump"), *address, f"--username={parts['user']}", parts["dbname"]]
        kept = subprocess.run([*dump, "--no-owner"], env=given, capture_output=True, check=True)
        write = [str(programs / "bin" / "psql"), "--quiet", "--set=ON_ERROR_STOP=1", self.url]
        subprocess.run(write, env=given, input=kept.stdout, stdout=subprocess.DEVNULL, check=True)

    def stop(self) -> None:
        stop_children([self._child], seconds=15)

    def start(self) -> None:
        programs = postgres_programs()
        self._child = start_child(
            "PostgreSQL",
            self._command,
            log=self._folder / "again.log",
            env=_ENVIRONMENT | {"LD_LIBRARY_PATH": str(programs / "lib")},
            cwd=self._folder,
            account=server_account(),
            stop_signal=signal.SIGINT,
        )

    def publish(self, summary: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as database:
            publish(database, summary)

    def answers(self) -> bool:
        try:
            psycopg.connect(self.url).close()
        except psycopg.OperationalError:
            return False
        return True


@pytest.fixture(autouse=True)
def _fixed_clock() -> None:
    """Real processes live in real time."""


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    folder = empty_folder(servers_folder() / f"outage-{os.getpid()}", server_account())
    server = Postgres(folder)
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnValkey]:
    server = OwnValkey(tmp_path_factory.mktemp("valkey"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def worker(
    postgres: Postgres,
    valkey: OwnValkey,
    parts: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Worker]:
    """Start a web process in front of the demo content, on servers of its own."""
    environment = os.environ | {
        "DATABASE_URL": postgres.url,
        "REDIS_URL": valkey.url,
        "MEDIA_ROOT": str(tmp_path_factory.mktemp("media")),
        "STATIC_ROOT": str(tmp_path_factory.mktemp("static")),
        "LOG_LEVEL": "ERROR",
        "SECRET_KEY": "only-for-checks",
    }
    postgres.fill(parts)
    with serving(environment, tmp_path_factory.mktemp("logs"), 1) as workers:
        yield workers[0]


@contextmanager
def under_load(worker: Worker) -> Iterator[list[tuple[str, int, bytes]]]:
    """Have readers ask for pages all the time; yields what was asked and what they got."""
    stop, got = threading.Event(), []

    def read(seed: int) -> None:
        choose = random.Random(seed)
        while not stop.is_set():
            path = choose.choice(PAGES)
            got.append((path, *worker.ask(path)))
            time.sleep(0.01)

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(3)]
    for thread in threads:
        thread.start()
    try:
        yield got
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_without_the_database_published_pages_are_served_as_they_were(
    worker: Worker, postgres: Postgres
) -> None:
    before = {path: worker.ask(path) for path in PAGES}
    assert {status for status, _body in before.values()} == {200}
    with under_load(worker) as got:
        postgres.stop()
        try:
            begun = time.monotonic()
            status, body = worker.ask("/sv/organisationer/")  # nobody asked for it before
            assert (status, b"<h1" in body) == (503, True)
            assert time.monotonic() - begun < 5
            wait_for(lambda: worker.ask("/health/")[0] != 200, AWAY)
            time.sleep(max(0.0, AWAY - (time.monotonic() - begun)))
        finally:
            postgres.start()
        wait_for(postgres.answers, 30)
        old = list(got)
        postgres.publish("Kirjoitettu heti katkon jälkeen.")
        begun = time.monotonic()
        while "Kirjoitettu heti katkon jälkeen.".encode() not in worker.ask(CHANGED)[1]:
            assert time.monotonic() - begun < 2, "the page is behind"
            time.sleep(0.01)
        got.clear()
        time.sleep(1)
    assert len(old) > 300
    assert all((status, body) == before[path] for path, status, body in old)
    assert {path for path, _status, _body in got} == set(PAGES)
    for path, status, body in got:
        assert status == 200
        assert path != CHANGED or "Kirjoitettu heti katkon jälkeen.".encode() in body
    wait_for(lambda: worker.ask("/health/")[0] == 200, 10)
    assert worker.ask("/sv/organisationer/")[0] == 200


def test_without_valkey_pages_are_served_and_what_is_published_is_seen(
    worker: Worker, postgres: Postgres, valkey: OwnValkey
) -> None:
    with under_load(worker) as got:
        valkey.stop()
        begun = time.monotonic()
        number = 0
        while time.monotonic() - begun < AWAY:
            number += 1
            summary = f"Ilman Valkeyta, {number}. kerran."
            postgres.publish(summary)
            published = time.monotonic()
            while summary.encode() not in worker.ask(CHANGED)[1]:
                assert time.monotonic() - published < 1, "the page is behind"
                time.sleep(0.01)
            assert worker.ask(f"/fi/palvelut/?q=sana{number}")[0] == 200
        valkey.start()
        time.sleep(1)
    assert number > 10
    assert {status for _path, status, _body in got} == {200}
