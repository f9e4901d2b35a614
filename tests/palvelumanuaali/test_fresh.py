"""What is published is seen in every web process within a second, under load, a thousand times in a row."""

import http.client
import itertools
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests.conftest import copy_database, drop_database

ROUNDS = 1000
PAGE, LIST = "/fi/palvelut/kielikahvila-tyonhakijoille/", "/fi/palvelut/?q=kielikahvila"
LOAD = (
    *(
        "/fi/",
        "/sv/",
        "/en/",
        "/fi/palvelut/",
        "/sv/tjanster/",
        "/fi/kunnat/",
        "/fi/tyonantajat/",
        PAGE,
        LIST,
    ),
    *("/fi/palvelut/?need=job_search", "/en/services/?q=training", "/fi/organisaatiot/"),
)


@pytest.fixture(scope="module")
def database(manual_database: str, django_db_blocker: Any) -> Iterator[str]:
    """Copy the demo content: other processes serve it, and it is really changed."""
    name = f"{manual_database}_fresh"
    with django_db_blocker.unblock():
        copy_database(manual_database, name)
        yield name
        drop_database(name)


@pytest.fixture(scope="module")
def parts(database: str, django_db_blocker: Any) -> dict[str, Any]:
    """Return what psycopg needs to connect to it."""
    with django_db_blocker.unblock():
        given = connection.get_connection_params()
    return {name: given[name] for name in ("host", "port", "user", "password")} | {"dbname": database}


@dataclass
class Worker:
    """A web process of its own, and a connection to it."""

    port: int
    process: subprocess.Popen[bytes]

    def ask(self, path: str, **headers: str) -> tuple[int, bytes]:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            asked.request("GET", path, headers=headers)
            answer = asked.getresponse()
            return answer.status, answer.read()
        finally:
            asked.close()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def started(environment: dict[str, str], log: Path) -> Worker:
    port = free_port()
    command = [sys.executable, "-m", "granian", "palvelumanuaali.wsgi:application", "--interface", "wsgi"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "4"]
    with log.open("wb") as file:
        process = subprocess.Popen(
            [*command, "--no-ws"], env=environment, cwd=settings.BASE_DIR, stdout=file, stderr=file
        )
    return Worker(port, process)


def wait_for(ready: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.05)


def answers(worker: Worker) -> bool:
    assert worker.process.poll() is None, "the process ended"
    try:
        return worker.ask("/fi/")[0] == 200
    except OSError:
        return False


@pytest.fixture(scope="module")
def environment(parts: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return what processes in front of the demo content need to know."""
    url = "postgres://{user}:{password}@{host}:{port}/{dbname}".format(**parts)
    return os.environ | {
        "DATABASE_URL": url,
        "STATIC_ROOT": str(tmp_path_factory.mktemp("static")),
        "LOG_LEVEL": "WARNING",
        "SECRET_KEY": "only-for-checks",
    }


@pytest.fixture(scope="module")
def workers(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Worker]]:
    """Start two web processes in front of the demo content."""
    folder = tmp_path_factory.mktemp("logs")
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(collect, check=True, env=environment, cwd=settings.BASE_DIR)
    found = [started(environment, folder / f"worker-{number}.log") for number in range(2)]
    try:
        for worker in found:
            wait_for(lambda worker=worker: answers(worker), 60)  # type: ignore[misc]
        yield found
    finally:
        for worker in found:
            worker.process.terminate()
        for worker in found:
            worker.process.wait(20)


@pytest.fixture
def under_load(workers: list[Worker]) -> Iterator[list[int]]:
    """Have readers ask for pages all the time; yields the statuses they got."""
    stop, statuses = threading.Event(), []

    def read(worker: Worker, seed: int) -> None:
        choose = random.Random(seed)
        while not stop.is_set():
            statuses.append(worker.ask(choose.choice(LOAD))[0])
            time.sleep(0.02)

    threads = [threading.Thread(target=read, args=(worker, seed)) for seed, worker in enumerate(workers)]
    for thread in threads:
        thread.start()
    yield statuses
    stop.set()
    for thread in threads:
        thread.join()


def test_what_is_published_is_seen_in_every_process_within_a_second(
    workers: list[Worker], parts: dict[str, Any], under_load: list[int]
) -> None:
    slow = []
    with psycopg.connect(**parts, autocommit=True) as database:
        for number in range(ROUNDS):
            summary = f"Tiivistelmä numero {number}."
            database.execute(
                "UPDATE services_publishedservice"
                " SET document = jsonb_set(document, '{texts,summary,text}', to_jsonb(%s::text))"
                " WHERE slug = 'kielikahvila-tyonhakijoille' AND language = 'fi'",
                [summary],
            )
            begun = time.monotonic()
            for worker, path in itertools.product(workers, (PAGE, LIST) if number % 50 == 0 else (PAGE,)):
                while summary.encode() not in worker.ask(path)[1]:
                    assert time.monotonic() - begun < 1, f"{path} is behind in round {number}"
                    time.sleep(0.002)
            slow.append(time.monotonic() - begun)
    assert set(under_load) == {200}
    assert sorted(slow)[ROUNDS * 99 // 100] < 0.5


CHANGES = (
    ("Term.objects.get(vocabulary='need', key='job_search')", "label", "/fi/"),
    ("Organisation.objects.get(external_id='espoo')", "name", "/fi/organisaatiot/"),
)


@pytest.mark.parametrize(("which", "column", "path"), CHANGES)
def test_a_changed_word_is_seen_in_every_process(
    workers: list[Worker], environment: dict[str, str], which: str, column: str, path: str
) -> None:
    for worker in workers:
        assert worker.ask(path)[0] == 200
    change = (
        "from services.models import Term; from orgs.models import Organisation;"
        f"one = {which}; one.{column}['fi'] = 'Aivan uusi sana'; one.save()"
    )
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", change]
    subprocess.run(command, check=True, env=environment, cwd=settings.BASE_DIR)
    begun = time.monotonic()
    for worker in workers:
        while b"Aivan uusi sana" not in worker.ask(path)[1]:
            assert time.monotonic() - begun < 1
            time.sleep(0.01)
