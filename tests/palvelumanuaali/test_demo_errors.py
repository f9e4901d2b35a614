"""make demo: what can't be done is one line that says what to do, and nothing is half-started."""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from palvelumanuaali.demo.folder import LOCK, MARK
from palvelumanuaali.embedded.children import free_port
from palvelumanuaali.embedded.places import roots_servers_folder, try_lock
from tests.palvelumanuaali.processes import data, run, start

__all__ = ["data"]
MODULE = "palvelumanuaali.demo"


@pytest.fixture(autouse=True)
def _fixed_clock() -> None:
    """Real processes live in real time."""


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def error_of(*arguments: str, port: int | str = 0) -> str:
    """Run the demo, check that it fails in one line without starting a server, and return the line."""
    status, out, err = run(MODULE, *arguments, PORT=str(port or free_port()))
    assert status == 1
    assert err.count("\n") == 1
    assert "starting" not in out
    return err.strip()


def no_servers(data: Path) -> bool:
    return not (roots_servers_folder() if os.geteuid() == 0 else data / "servers").exists()


def test_a_taken_port(data: Path, taken_port: int) -> None:
    error = error_of(port=taken_port)
    assert error.startswith(
        f"Port {taken_port} is taken by another program. Stop it, or run: make demo PORT="
    )
    assert no_servers(data)


@pytest.mark.parametrize("port", ["abc", "-1", "65536", "80 80", "٣"])
def test_a_port_that_is_none(data: Path, port: str) -> None:
    assert error_of(port=port).startswith(f"PORT={port} is not a port: give a number from 1 to 65535")
    assert not data.exists()


def test_a_file_where_the_data_folder_should_be(data: Path) -> None:
    data.write_text("mine")
    assert "can't be used (Not a directory). Remove what is in its place" in error_of()
    assert data.read_text() == "mine"


def test_a_folder_of_someone_elses(data: Path) -> None:
    (data / "demo").mkdir(parents=True)
    (data / "demo" / "letter").touch()
    assert "holds something that is not the demo's" in error_of()
    assert "was not made by make demo" in error_of("reset")
    assert (data / "demo" / "letter").exists()


def test_a_demo_that_runs_already(data: Path) -> None:
    (data / "demo").mkdir(parents=True)
    (data / "demo" / MARK).touch()
    (data / "demo" / LOCK).write_text("http://127.0.0.1:8000/\n")
    held = try_lock(data / "demo" / LOCK)
    assert held
    with held:
        assert error_of().startswith("The demo runs already, at http://127.0.0.1:8000/ Stop it")
        assert "Stop the demo first" in error_of("reset")
    assert (data / "demo" / MARK).exists()


def test_a_reset_deletes_the_demos_folder_only(data: Path) -> None:
    (data / "demo").mkdir(parents=True)
    (data / "demo" / MARK).touch()
    (data / "other").mkdir()
    status, out, _err = run(MODULE, "reset")
    assert (status, out) == (0, f"Deleted {data / 'demo'}\n")
    assert (data / "other").exists()
    assert run(MODULE, "reset") == (0, "There is nothing to delete.\n", "")


def test_a_database_that_does_not_answer(data: Path) -> None:
    port = free_port()
    named = {
        "DATABASE_URL": f"postgres://me:secret@127.0.0.1:{port}/mine",
        "REDIS_URL": f"redis://127.0.0.1:{port}",
    }
    status, _out, err = run(MODULE, PORT=str(free_port()), **named)
    assert status == 1
    assert err.startswith("The database does not answer (connection failed")
    assert err.endswith("Check DATABASE_URL.\n")
    assert err.count("\n") == 1
    assert "secret" not in err


def test_a_stop_while_it_starts(data: Path) -> None:
    process = start(MODULE, PORT=str(free_port()))
    assert process.stdout
    assert "starting PostgreSQL" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")
    assert "is running at" not in out
    held = try_lock(data / "demo" / LOCK)
    assert held
    held.close()
