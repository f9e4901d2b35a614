"""Web processes of their own, as they run in production."""

import http.client
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

from palvelumanuaali.embedded.children import free_port


@dataclass
class Worker:
    """A web process of its own, and a connection to it."""

    port: int
    process: subprocess.Popen[bytes]

    def ask(
        self, path: str, timeout: float = 20, *, method: str = "GET", said: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Return status and body; `said` are headers."""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            asked.request(method, path, headers=dict(said or {}))
            answer = asked.getresponse()
            return answer.status, answer.read()
        finally:
            asked.close()

    def answers(self) -> bool:
        assert self.process.poll() is None, "the process ended"
        try:
            return self.ask("/fi/")[0] == 200
        except OSError:
            return False


def manage(environment: Mapping[str, str], *arguments: str) -> None:
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, check=True, env=environment, cwd=settings.BASE_DIR)


@contextmanager
def serving(environment: Mapping[str, str], folder: Path, count: int) -> Iterator[list[Worker]]:
    """Run so many web processes, once they answer; `folder` is where their logs go."""
    manage(environment, "collectstatic", "--noinput", "--verbosity", "0")
    found = [_started(environment, folder / f"worker-{number}.log") for number in range(count)]
    try:
        for worker in found:
            wait_for(worker.answers, 60)
        yield found
    finally:
        for worker in found:
            worker.process.terminate()
        for worker in found:
            worker.process.wait(20)


def _started(environment: Mapping[str, str], log: Path) -> Worker:
    port = free_port()
    command = [sys.executable, "-m", "palvelumanuaali.serve", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "1"]
    with log.open("wb") as file:
        process = subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR, stdout=file, stderr=file)
    return Worker(port, process)


def wait_for(ready: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.05)


def publish(database: psycopg.Connection[Any], summary: str) -> None:
    """Change what is published of a service, as publishing does in its own transaction."""
    database.execute(
        "UPDATE services_publishedservice"
        " SET document = jsonb_set(document, '{texts,summary,text}', to_jsonb(%s::text))"
        " WHERE slug = 'kielikahvila-tyonhakijoille' AND language = 'fi'",
        [summary],
    )
