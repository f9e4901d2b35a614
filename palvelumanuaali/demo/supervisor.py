"""Starts everything that the demo is made of, watches over it and stops it."""

import http.client
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

from palvelumanuaali.celery import QUEUES
from palvelumanuaali.demo.checks import check_port, check_tools, chosen_port
from palvelumanuaali.demo.environment import application_url, demo_environment
from palvelumanuaali.demo.folder import DemoFolder
from palvelumanuaali.demo.progress import SAID_WHY, say, step
from palvelumanuaali.embedded.children import Child, start_child, stop_children
from palvelumanuaali.embedded.errors import StartError
from palvelumanuaali.embedded.places import CLONE
from palvelumanuaali.embedded.servers import Servers
from palvelumanuaali.embedded.stop_signals import StopSignals

READY_SECONDS = 90
UNHEALTHY_SECONDS = 10  # for one that answers, but not well
STOP_SECONDS = 10
# One that ends by itself is started again, but not for ever: so many times in so many seconds.
RESTARTS, RESTARTS_SECONDS = 3, 60


class Demo:
    """The running demo: servers, preparation, web, worker and scheduler."""

    def __init__(self, signals: StopSignals) -> None:
        self._signals = signals
        self._folder = DemoFolder()
        self._servers = Servers(throwaway=False, pause=signals.pause)
        self._children: list[Child] = []
        self._again: dict[str, Callable[[], None]] = {}
        self._restarts: list[float] = []

    def start(self) -> None:
        """Start everything, and say where it runs once it answers."""
        check_tools()
        port = chosen_port()
        address = f"http://127.0.0.1:{port}/"
        self._folder.take(address)
        check_port(port)
        with step("starting PostgreSQL"):
            self._servers.start_postgres()
        with step("starting Valkey"):
            self._servers.start_valkey()
        environment = demo_environment(self._folder, address, self._servers.environment)
        sign_ins = self._folder.path / "sign-ins.txt"
        owned = self._servers.environment.get("DATABASE_URL")
        application = application_url(owned, self._folder.database_password()) if owned else ""
        self._prepare(sign_ins, environment | {"APPLICATION_DATABASE_URL": application})
        if application:
            environment |= {"DATABASE_URL": application}
        with step("starting the web server, the workers and the scheduler"):
            check_port(port)  # again: someone may have taken it meanwhile
            for name, command in commands(port).items():
                self._start(name, command, environment)
            self._wait_until_ready(port)
        say(f"Palvelumanuaali is running at {address}\n")
        say(sign_ins.read_text())

    def _prepare(self, sign_ins: Path, environment: Mapping[str, str]) -> None:
        """Run the preparation, which prints its own steps."""
        command = [sys.executable, "-m", "palvelumanuaali.demo.prepare", str(sign_ins)]
        child = start_child("the preparation", command, log=None, env=environment, cwd=CLONE)
        self._children.append(child)
        while child.runs():
            self._signals.pause()
        self._children.remove(child)
        if child.process.returncode == SAID_WHY:
            raise StartError
        if child.process.returncode:
            raise StartError("The demo was not started: see above.")

    def _start(self, name: str, command: list[str], environment: Mapping[str, str]) -> None:
        log = self._folder.log(name)
        self._children.append(start_child(name, command, log=log, env=environment, cwd=CLONE))
        self._again[name] = lambda: self._start(name, command, environment)

    def _wait_until_ready(self, port: int) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while (status := health_status(port)) != http.HTTPStatus.OK:
            self._check_children()
            if status:
                deadline = min(deadline, time.monotonic() + UNHEALTHY_SECONDS)
            if time.monotonic() > deadline:
                answer = f"answers {status} at /health/" if status else "does not answer"
                raise StartError(f"The web server {answer}. See why in {self._folder.log('web')}")
            self._signals.pause(0.1)

    def watch(self) -> NoReturn:
        """Keep watching until a signal asks to stop, or a process dies that can't be started again."""
        while True:
            self._restart_ended()
            self._check_children()
            self._signals.pause(0.2)

    def _restart_ended(self) -> None:
        """Start again what ended by itself; not the servers below, nor what ends again and again."""
        for child in [child for child in self._children if not child.runs()]:
            now = time.monotonic()
            self._restarts = [moment for moment in self._restarts if now - moment < RESTARTS_SECONDS]
            if len(self._restarts) == RESTARTS:
                return
            self._restarts.append(now)
            self._children.remove(child)
            say(f"{child.name} ended by itself and is started again; see why in {child.log}\n")
            self._again[child.name]()

    def _check_children(self) -> None:
        for child in (*self._children, *self._servers.children):
            if not child.runs():
                end = "".join(f"\n    {line}" for line in child.last_lines())
                raise StartError(
                    f"The demo stops: {child.name} ended by itself. The end of {child.log}:{end}"
                )

    def stop(self) -> None:
        """Stop everything that was started: first those who use the database, then the database."""

        def hurried() -> bool:
            return self._signals.hurried

        stop_children(self._children, seconds=STOP_SECONDS, hurried=hurried)
        self._children.clear()
        self._servers.stop(hurried)
        self._folder.release()


def commands(port: int) -> dict[str, list[str]]:
    """Return the commands of the processes, by the names of their logs."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "--app", "palvelumanuaali"]
    worker = [*celery, "worker", "--concurrency", "1", "--loglevel", "INFO"]
    workers = {
        f"worker-{queue}": [*worker, "--queues", queue, "--hostname", f"{queue}@%h"] for queue in QUEUES
    }
    return {
        "web": [*python, "palvelumanuaali.serve", "--host", "127.0.0.1", "--port", str(port)],
        **workers,
        "scheduler": [*celery, "beat", "--pidfile=", "--loglevel", "INFO"],
    }


def health_status(port: int) -> int:
    """Return the status of the web server's word on its health; 0 where there is none yet."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
