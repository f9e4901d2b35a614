"""The servers that the environment does not name, started and stopped together."""

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from palvelumanuaali.embedded.children import Child, stop_children
from palvelumanuaali.embedded.errors import StartError
from palvelumanuaali.embedded.places import reachable, servers_folder, try_lock, wait_for_lock
from palvelumanuaali.embedded.postgres import start_postgres
from palvelumanuaali.embedded.valkey import start_valkey

DATABASE = "database"  # the folder of the one that is kept
# What a throw-away run leaves behind only when it is killed; the next one clears it away.
THROWAWAY = "throwaway-"


class Servers:
    """PostgreSQL and Valkey, and what to put into the environment of those who use them."""

    def __init__(self, *, throwaway: bool, pause: Callable[[], None]) -> None:
        self.environment: dict[str, str] = {}
        self.children: list[Child] = []
        self._throwaway = throwaway
        self._pause = pause
        self._folder: Path | None = None
        self._lock: IO[str] | None = None

    def start_postgres(self) -> None:
        """Start PostgreSQL, unless DATABASE_URL names one."""
        if not os.environ.get("DATABASE_URL"):
            folder = self._own_folder()
            child, url = start_postgres(folder, throwaway=self._throwaway, pause=self._pause)
            self.children.append(child)
            self.environment["DATABASE_URL"] = url

    def start_valkey(self) -> None:
        """Start Valkey, unless REDIS_URL names one."""
        if not os.environ.get("REDIS_URL"):
            child, url = start_valkey(self._own_folder(), pause=self._pause)
            self.children.append(child)
            self.environment["REDIS_URL"] = url

    def stop(self, hurried: Callable[[], bool] = lambda: False) -> None:
        """Stop what was started and throw away what is to be thrown away."""
        stop_children(self.children, seconds=15, hurried=hurried)
        self.children.clear()
        if self._folder and self._throwaway:
            shutil.rmtree(self._folder, ignore_errors=True)
        if self._lock:
            self._lock.close()
        self._folder = self._lock = None

    def _own_folder(self) -> Path:
        """Return the folder of these servers, locked against everyone else."""
        if self._folder is None:
            try:
                if self._throwaway:
                    self._folder, self._lock = _throwaway_folder(servers_folder())
                else:
                    self._folder, self._lock = _kept_folder(servers_folder())
            except OSError as error:
                raise StartError(
                    f"The servers' folder can't be used: {error}. Start over with: make demo-reset"
                ) from error
        return self._folder


def _kept_folder(servers: Path) -> tuple[Path, IO[str]]:
    folder = reachable(servers / DATABASE)
    held = try_lock(folder / "lock")
    if held is None:
        raise StartError(
            f"The database in {folder} is in use by another command, maybe make demo. Stop that first."
        )
    return folder, held


def _throwaway_folder(servers: Path) -> tuple[Path, IO[str]]:
    # Made and locked in one go, so that no other run takes it for a leftover in between.
    with wait_for_lock(servers / "throwaway.lock"):
        for leftover in servers.glob(f"{THROWAWAY}*/"):
            if held := try_lock(leftover / "lock"):
                shutil.rmtree(leftover, ignore_errors=True)
                held.close()
        folder = reachable(Path(tempfile.mkdtemp(prefix=THROWAWAY, dir=servers)))
        own = try_lock(folder / "lock")
        if own is None:
            raise StartError(f"The folder {folder} was taken at once by another program. Try again.")
        return folder, own
