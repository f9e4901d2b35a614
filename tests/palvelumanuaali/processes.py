"""Help for tests that start the project's commands as processes of their own."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from palvelumanuaali.embedded.places import CLONE, roots_servers_folder

SECONDS = 30


def environment(**changes: str) -> dict[str, str]:
    """Return this process's environment without the servers that the test run uses."""
    unwanted = {"DATABASE_URL", "REDIS_URL", "PORT", "SECRET_KEY", "MAKEFLAGS", "MAKELEVEL"}
    return {name: value for name, value in os.environ.items() if name not in unwanted} | changes


def start(module: str, *arguments: str, **changes: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=CLONE,
        env=environment(**changes),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def run(module: str, *arguments: str, **changes: str) -> tuple[int, str, str]:
    """Run a module to its end and return its status and what it printed and complained."""
    process = start(module, *arguments, **changes)
    try:
        out, err = process.communicate(timeout=SECONDS)
    finally:
        process.kill()
    return process.returncode, out, err


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def is_gone(pid: int) -> bool:
    """Tell whether no living process has this number (one that only waits to be reaped is dead)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return Path("/proc").exists()


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the path of a data folder that does not exist yet; all that is made for it goes."""
    folder = tmp_path / "data"
    monkeypatch.setenv("PALVELUMANUAALI_DATA", str(folder))
    servers = roots_servers_folder()
    yield folder
    if os.geteuid() == 0:
        shutil.rmtree(servers, ignore_errors=True)
