"""The folder where the demo keeps its mail, files, logs and secret key."""

import os
import secrets
import shutil
from pathlib import Path
from typing import IO

from palvelumanuaali.embedded.errors import StartError
from palvelumanuaali.embedded.places import data_folder, made, servers_folder, try_lock
from palvelumanuaali.embedded.servers import DATABASE

# Only a folder with this file in it is the demo's to delete.
MARK = "made-by-make-demo"
LOCK = "lock"


class DemoFolder:
    """The demo's own folder, held by one demo at a time."""

    def __init__(self) -> None:
        self.path = data_folder() / "demo"
        self._lock: IO[str] | None = None

    def take(self, address: str) -> None:
        """Make the folder where it is missing and hold it for the demo at `address`."""
        made(self.path)
        mark = self.path / MARK
        try:
            if not mark.exists():
                if any(self.path.iterdir()):
                    raise StartError(
                        f"The folder {self.path} holds something that is not the demo's. "
                        "Move it away, or name another data folder in PALVELUMANUAALI_DATA."
                    )
                mark.touch()
            self._hold(address)
            (self.path / "logs").mkdir(exist_ok=True)
        except OSError as error:
            raise StartError(
                f"The demo's data folder {self.path} is damaged ({error}). Start over with: make demo-reset"
            ) from error

    def _hold(self, address: str) -> None:
        self._lock = try_lock(self.path / LOCK)
        if self._lock is None:
            running = (self.path / LOCK).read_text().strip()
            raise StartError(f"The demo runs already, at {running} Stop it with Ctrl-C where it was started.")
        self._lock.truncate(0)
        self._lock.write(f"{address}\n")
        self._lock.flush()

    def release(self) -> None:
        """Let others have the folder."""
        if self._lock:
            self._lock.close()
            self._lock = None

    def log(self, name: str) -> Path:
        """Return where the log of a process goes."""
        return self.path / "logs" / f"{name}.log"

    def secret_key(self) -> str:
        """Return the secret key, made at first use, readable by its owner only."""
        return self._secret("secret-key")

    def database_password(self) -> str:
        """Return the password of the application's role in the database."""
        return self._secret("database-password")

    def _secret(self, name: str) -> str:
        path = self.path / name
        try:
            kept = path.read_text().strip()
        except FileNotFoundError:
            kept = ""
        if not kept:
            path.unlink(missing_ok=True)
            kept = secrets.token_urlsafe(50)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(kept)
        return kept


def reset() -> list[Path]:
    """Delete the demo's folder and its database; return what was deleted."""
    folder = data_folder() / "demo"
    if folder.exists() and not (folder / MARK).exists():
        raise StartError(f"The folder {folder} was not made by make demo. Delete it yourself.")
    if not folder.exists() and data_folder().exists() and not data_folder().is_dir():
        raise StartError(f"{data_folder()} is not a folder. Delete it yourself.")
    deleted = []
    for path, name in ((folder, LOCK), (servers_folder() / DATABASE, "lock")):
        if not path.exists():
            continue
        held = try_lock(path / name)
        if held is None:
            raise StartError("The demo's data is in use. Stop the demo first, with Ctrl-C where it runs.")
        with held:
            try:
                shutil.rmtree(path)
            except OSError as error:
                raise StartError(f"{path} can't be deleted: {error}") from error
        deleted.append(path)
    return deleted
