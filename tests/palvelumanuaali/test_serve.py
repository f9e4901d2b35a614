"""The web server: its workers are copies of a process that has read everything, and share that memory."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.palvelumanuaali.web_processes import Worker, serving, wait_for

MOST = 250  # megabytes of a worker, of what it shares with others its part
ALONE = """
import threading
from palvelumanuaali.serve import preload
preload()
from django.db import connections
from services.texts import finnish
assert finnish._analyse.cache_info().currsize, "the dictionary was not read"
assert not any(one.connection for one in connections.all(initialized_only=True)), "a connection stayed"
assert threading.active_count() == 1, threading.enumerate()
"""


def test_nothing_that_a_copy_could_not_use_is_left_by_loading(environment: dict[str, str]) -> None:
    subprocess.run([sys.executable, "-c", ALONE], check=True, env=environment)


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="only Linux tells what is shared")
def test_a_worker_that_searched_in_each_language_takes_less_than_its_share(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with serving(environment, tmp_path, 1) as (worker,):
        for path in ("/fi/palvelut/?q=kielikurssit", "/sv/tjanster/?q=kurser", "/en/services/?q=courses"):
            assert worker.ask(path)[0] == 200
            assert worker.ask(path.replace("?q=", "?q=x"))[0] == 200
        sizes = [proportional(process) for process in copies_of(worker)]
    assert len(sizes) == 1
    assert sizes[0] < MOST


def test_a_worker_that_is_killed_is_replaced(environment: dict[str, str], tmp_path: Path) -> None:
    with serving(environment, tmp_path, 1) as (worker,):
        killed = copies_of(worker)
        os.kill(killed[0], signal.SIGKILL)
        wait_for(lambda: copies_of(worker) not in ([], killed) and worker.answers(), 20)


def copies_of(worker: Worker) -> list[int]:
    """Return the numbers of the processes that serve."""
    own = worker.process.pid
    return [int(one) for one in Path(f"/proc/{own}/task/{own}/children").read_text().split()]


def proportional(process: int) -> int:
    """Return the megabytes that a process takes, counting what it shares by its part."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
    (size,) = (int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return size // 1024
