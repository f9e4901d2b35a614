"""A PostgreSQL server of our own, on the loopback address only."""

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from palvelumanuaali.embedded.children import (
    Child,
    account_arguments,
    free_port,
    start_child,
    stop_children,
)
from palvelumanuaali.embedded.errors import StartError
from palvelumanuaali.embedded.places import empty_folder, server_account
from palvelumanuaali.embedded.programs import postgres_programs

MAJOR_VERSION = "18"
NAME = "palvelumanuaali"  # of the database and of its owner
START_SECONDS = 60  # long, since a database that was killed repairs itself first
SETTINGS = (
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    "scram_iterations=100",  # the password is random: guessing it needs no slowing down
    "jit=off",
)
# What is thrown away needs no safety from a power cut.
THROWAWAY_SETTINGS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_wal_size=4GB",
)
HOST_RULES = "host all all 127.0.0.1/32 scram-sha-256\n"


def start_postgres(folder: Path, *, throwaway: bool, pause: Callable[[], None]) -> tuple[Child, str]:
    """Start the database kept in `folder`, made at first use; return it and its URL.

    The caller holds a lock on `folder`, so whatever else runs on its data is a leftover.
    """
    data = folder / "data"
    if data.exists():
        _check_version(data)
    programs = postgres_programs()
    if not data.exists():
        _create(programs, folder, throwaway=throwaway)
    pause()
    _end_leftover(data, pause)
    settings = SETTINGS + (THROWAWAY_SETTINGS if throwaway else ())
    deadline = time.monotonic() + START_SECONDS
    while True:
        port = free_port()
        child = _run(programs, folder, (*settings, f"port={port}"))
        try:
            if _becomes_ready(child, data, deadline, pause):
                password = (folder / "password").read_text()
                return child, f"postgres://{NAME}:{password}@127.0.0.1:{port}/{NAME}"
        except BaseException:
            stop_children([child], seconds=5)
            raise
        if not _may_be_tried_again(child) or time.monotonic() > deadline:
            stop_children([child], seconds=5)
            raise StartError(_failure(child, data))
        pause()


def damaged(folder: Path, reason: str) -> StartError:
    """Return the error for data that no server can use."""
    return StartError(f"The data folder {folder} is damaged ({reason}). Start over with: make demo-reset")


def _environment(programs: Path, folder: Path) -> dict[str, str]:
    # Nothing of ours is passed on: a PGDATA or PGPORT would lead the programs elsewhere.
    return {
        "HOME": str(folder),
        "LC_ALL": "C",
        "LD_LIBRARY_PATH": str(programs / "lib"),  # a library in there looks for another one there
        "PATH": "/usr/bin:/bin",
    }


def _create(programs: Path, folder: Path, *, throwaway: bool) -> None:
    """Make the data folder, under another name until it is whole."""
    unfinished = empty_folder(folder / "data.unfinished", server_account())
    password = secrets.token_urlsafe(24)
    secret = folder / "password"
    secret.unlink(missing_ok=True)
    with os.fdopen(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(password)
    command: list[str | Path] = [programs / "bin" / "initdb", "-D", unfinished, "-U", NAME]
    # The builtin locale is the same everywhere; those of the system may be missing.
    command += ["-E", "UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command += ["--auth=trust", "--no-instructions"]
    if throwaway:
        command += ["--no-sync", "--no-data-checksums"]
    _setup(programs, folder, command, "")
    # No server runs yet: the owner's password is set before anyone can connect.
    statements = f"CREATE DATABASE {NAME};\nALTER ROLE {NAME} PASSWORD '{password}';\n"
    command = [programs / "bin" / "postgres", "--single", "-D", unfinished, "postgres"]
    _setup(programs, folder, command, statements)
    (unfinished / "pg_hba.conf").write_text(HOST_RULES)
    unfinished.rename(folder / "data")


def _setup(programs: Path, folder: Path, command: list[str | Path], statements: str) -> None:
    try:
        result = subprocess.run(  # noqa: S603  our own command
            command,
            input=statements,
            env=_environment(programs, folder),
            cwd=folder,
            capture_output=True,
            text=True,
            start_new_session=True,
            timeout=120,
            check=False,
            **account_arguments(server_account()),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StartError(f"PostgreSQL can't make a database in {folder}: {error}") from error
    if result.returncode:
        said = result.stderr.strip().splitlines() or ["no reason given"]
        raise StartError(
            f"PostgreSQL can't make a database in {folder} ({said[-1]}). "
            "Put that right, or name a database in DATABASE_URL."
        )


def _check_version(data: Path) -> None:
    try:
        version = (data / "PG_VERSION").read_text().strip()
    except (OSError, UnicodeDecodeError):
        raise damaged(data, "it holds no PostgreSQL database") from None
    if version != MAJOR_VERSION:
        raise damaged(data, f"it is of PostgreSQL {version}, not {MAJOR_VERSION}")
    if not (data.parent / "password").exists():
        raise damaged(data.parent, "the password of the database is missing")


def _run(programs: Path, folder: Path, settings: tuple[str, ...]) -> Child:
    command = [str(programs / "bin" / "postgres"), "-D", str(folder / "data")]
    for setting in settings:
        command += ["-c", setting]
    return start_child(
        "PostgreSQL",
        command,
        log=folder / "postgresql.log",
        env=_environment(programs, folder),
        cwd=folder,
        account=server_account(),
        stop_signal=signal.SIGINT,  # "fast": ends its connections and writes all down
        hurry_signal=signal.SIGQUIT,  # "immediate": repairs itself at the next start
    )


def _becomes_ready(child: Child, data: Path, deadline: float, pause: Callable[[], None]) -> bool:
    while child.runs() and time.monotonic() < deadline:
        lines = _pid_file(data)
        if len(lines) > 7 and lines[0] == str(child.process.pid) and lines[7].strip() == "ready":
            return True
        pause()
    return False


def _pid_file(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text(errors="replace").splitlines()
    except OSError:
        return []


def _may_be_tried_again(child: Child) -> bool:
    """Tell whether another took the port, or the leftovers of a killed server are still ending."""
    said = "\n".join(child.last_lines())
    return "could not bind" in said or "shared memory block" in said


def _failure(child: Child, data: Path) -> str:
    lines = [line for line in child.last_lines() if "FATAL" in line or "PANIC" in line]
    said = (lines or child.last_lines() or ["it said nothing"])[0 if lines else -1]
    return f"The database in {data} does not start ({said.strip()}). Start over with: make demo-reset"


def _end_leftover(data: Path, pause: Callable[[], None]) -> None:
    """Stop a server that outlived who started it, and take away the mark of one that is gone."""
    lines = _pid_file(data)
    pid = int(lines[0]) if lines and lines[0].strip().isdigit() else 0
    deadline = time.monotonic() + 10
    while pid and _is_server_of(pid, data):
        os.kill(pid, signal.SIGINT if time.monotonic() < deadline else signal.SIGQUIT)
        pause()
    # Left standing, it would stop the start where another process has its number by now.
    (data / "postmaster.pid").unlink(missing_ok=True)


def _is_server_of(pid: int, data: Path) -> bool:
    proc = Path("/proc") / str(pid) / "cmdline"
    if proc.parent.parent.joinpath("self").exists():
        try:
            return str(data) in proc.read_bytes().decode(errors="replace").split("\0")
        except OSError:
            return False
    ps = shutil.which("ps") or "/bin/ps"
    command = [ps, "-p", str(pid), "-o", "command="]
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return str(data) in result.stdout
