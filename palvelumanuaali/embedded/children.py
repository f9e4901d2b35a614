"""Child processes that do not outlive the one who started them."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from palvelumanuaali.embedded.errors import StartError
from palvelumanuaali.embedded.places import Account

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Child:
    """A server of ours, running in a process group of its own."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path | None  # None: it prints to where we print
    stop_signal: signal.Signals = signal.SIGTERM
    hurry_signal: signal.Signals = signal.SIGKILL

    def runs(self) -> bool:
        """Tell whether the process is alive."""
        return self.process.poll() is None

    def last_lines(self, count: int = 15) -> list[str]:
        """Return the end of the log."""
        try:
            return [] if self.log is None else self.log.read_text(errors="replace").splitlines()[-count:]
        except OSError:
            return []


def start_child(
    name: str,
    command: Sequence[str],
    *,
    log: Path | None,
    env: Mapping[str, str],
    cwd: Path,
    account: Account | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
    hurry_signal: signal.Signals = signal.SIGKILL,
    config: bytes | None = None,
) -> Child:
    """Start a server; `config` goes to its standard input.

    The session of its own keeps the terminal's Ctrl-C from it: the one who started it stops it.
    """
    try:
        with open_log(log) as output:
            process = subprocess.Popen(  # noqa: S603  our own command; no threads here
                command,
                stdin=subprocess.DEVNULL if config is None else subprocess.PIPE,
                stdout=output,
                stderr=None if output is None else subprocess.STDOUT,
                env=env,
                cwd=cwd,
                start_new_session=True,
                preexec_fn=tether(stop_signal),  # noqa: PLW1509
                **account_arguments(account),
            )
    except OSError as error:
        raise StartError(f"{name} can't be started: {error}") from error
    if config is not None and process.stdin:
        with suppress(BrokenPipeError):  # it died at once: whoever waits for it will say so
            process.stdin.write(config)
            process.stdin.close()
    return Child(name, process, log, stop_signal, hurry_signal)


def open_log(log: Path | None) -> AbstractContextManager[IO[bytes] | None]:
    """Open `log` anew; where it is None, a child prints to where we print."""
    return nullcontext() if log is None else log.open("wb")


def account_arguments(account: Account | None) -> dict[str, Any]:
    """Return the arguments that make subprocess run something as `account`."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def tether(stop_signal: signal.Signals) -> Callable[[], None]:
    """Return what a child does before it runs: ask for `stop_signal` at the death of its parent.

    Then even `kill -9` of the parent leaves nothing behind, on Linux. It has to come after the
    change of user, which would undo it; subprocess runs a preexec_fn after that.
    """
    parent = os.getpid()

    def ask() -> None:
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask


def stop_children(
    children: Sequence[Child], *, seconds: float, hurried: Callable[[], bool] = lambda: False
) -> None:
    """Stop all, at once and in good order; harder where that takes longer than `seconds`."""
    for child in children:
        if child.runs():
            child.process.send_signal(child.stop_signal)
    if not _all_end(children, seconds, hurried):
        for child in children:
            if child.runs():
                child.process.send_signal(child.hurry_signal)
        _all_end(children, 2, lambda: False)
    for child in children:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.process.pid, signal.SIGKILL)  # what is left of its group
        child.process.wait()


def _all_end(children: Sequence[Child], seconds: float, hurried: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while any(child.runs() for child in children):
        if hurried() or time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def free_port() -> int:
    """Return a port of the loopback address that no one listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
