"""A Valkey of a test's own, that it can stop and start."""

import time
from collections.abc import Callable
from pathlib import Path

import redis

from palvelumanuaali.embedded.children import Child, free_port, start_child, stop_children
from palvelumanuaali.embedded.programs import valkey_program


class OwnValkey:
    """A server that can be stopped, and started again at the same address."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._port = folder, free_port()
        self._child: Child | None = None
        self.url = f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._child = start_child(
            "Valkey",
            [str(valkey_program()), "-"],
            log=self._folder / "valkey.log",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            cwd=self._folder,
            config=f'port {self._port}\nbind 127.0.0.1\nsave ""\n'.encode(),
        )
        assert eventually(self._answers), self._child.last_lines()

    def _answers(self) -> bool:
        try:
            return bool(redis.Redis.from_url(self.url).ping())
        except redis.ConnectionError:
            return False

    def stop(self) -> None:
        """Stop it; everything it held is gone."""
        if self._child:
            stop_children([self._child], seconds=10, hurried=lambda: False)
            self._child = None


def eventually(holds: Callable[[], bool]) -> bool:
    """Wait up to fifteen real seconds: the worker runs in a thread of its own."""
    for _ in range(300):
        if holds():
            return True
        time.sleep(0.05)
    return False
