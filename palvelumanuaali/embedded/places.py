"""Where the servers' programs and data are kept, and whose they are."""

import fcntl
import hashlib
import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from palvelumanuaali.embedded.errors import StartError

CLONE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Account:
    """A user of this machine."""

    uid: int
    gid: int


def server_account() -> Account | None:
    """Return who runs PostgreSQL: `nobody` for root, which it refuses, else None for ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError as error:
        raise StartError(
            "PostgreSQL does not run as root and there is no user 'nobody' to run it as. "
            "Run this as an ordinary user, or name a database in DATABASE_URL."
        ) from error
    return Account(entry.pw_uid, entry.pw_gid)


def data_folder() -> Path:
    """Return the folder that holds all that the demo and the servers keep."""
    return Path(os.environ.get("PALVELUMANUAALI_DATA") or CLONE / ".data").resolve()


def servers_folder() -> Path:
    """Return the folder of the servers' programs and data, made where it is missing.

    Another user than root can't be sure to reach the clone, so root's is elsewhere, one a clone.
    """
    return reachable(data_folder() / "servers" if os.geteuid() != 0 else roots_servers_folder())


def roots_servers_folder() -> Path:
    """Return where the servers of this clone are when root runs them."""
    digest = hashlib.sha256(str(data_folder()).encode()).hexdigest()[:10]
    return Path(f"/var/tmp/palvelumanuaali-{digest}")  # noqa: S108  owner and kind are checked


def made(folder: Path) -> Path:
    """Make `folder` where it is missing and return it; refuse one that is not ours."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        status = folder.lstat()
    except OSError as error:
        raise StartError(
            f"The folder {folder} can't be used ({error.strerror}). Remove what is in its place, "
            "or name another data folder in PALVELUMANUAALI_DATA."
        ) from error
    if folder.is_symlink() or status.st_uid != os.geteuid():
        raise StartError(
            f"The folder {folder} belongs to someone else. "
            "Remove it, or name another data folder in PALVELUMANUAALI_DATA."
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise StartError(f"The folder {folder} can't be written to. Run: chmod u+rwx {folder}")
    return folder


def reachable(folder: Path) -> Path:
    """Make `folder` where it is missing and return it, open to whoever runs PostgreSQL."""
    made(folder)
    if os.geteuid() == 0:
        folder.chmod(0o755)  # whatever root's umask is
    return folder


def empty_folder(folder: Path, account: Account | None) -> Path:
    """Make `folder` anew, empty and for `account` alone."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    if account:
        os.chown(folder, account.uid, account.gid)
    return folder


def try_lock(path: Path) -> IO[str] | None:
    """Take the lock `path`, held until the file returned is closed; None where another has it."""
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def wait_for_lock(path: Path) -> IO[str]:
    """Take the lock `path`, held until the file returned is closed."""
    file = path.open("a+")
    fcntl.flock(file, fcntl.LOCK_EX)
    return file
