"""A Valkey server of our own, on the loopback address only. It keeps nothing."""

import secrets
import socket
import time
from collections.abc import Callable
from pathlib import Path

from palvelumanuaali.embedded.children import Child, free_port, start_child, stop_children
from palvelumanuaali.embedded.errors import StartError
from palvelumanuaali.embedded.programs import valkey_program

START_SECONDS = 15


def start_valkey(folder: Path, *, pause: Callable[[], None]) -> tuple[Child, str]:
    """Start a server and return it and its URL; `folder` is where its log goes."""
    program = valkey_program()
    password = secrets.token_urlsafe(24)
    deadline = time.monotonic() + START_SECONDS
    while True:
        port = free_port()
        # Through standard input, so that the password is on no list of processes.
        config = (
            f"port {port}\nbind 127.0.0.1\nrequirepass {password}\n"
            f'save ""\nappendonly no\nloglevel warning\ndir "{folder}"\n'
        )
        child = start_child(
            "Valkey",
            [str(program), "-"],
            log=folder / "valkey.log",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            cwd=folder,
            config=config.encode(),
        )
        try:
            while child.runs() and time.monotonic() < deadline:
                if _answers(port, password):
                    return child, f"redis://:{password}@127.0.0.1:{port}/0"
                pause()
        except BaseException:
            stop_children([child], seconds=2)
            raise
        said = child.last_lines()
        stop_children([child], seconds=2)
        if "in use" not in "\n".join(said) or time.monotonic() > deadline:
            raise StartError(
                f"Valkey does not start ({(said or ['it said nothing'])[-1].strip()}). "
                "Put that right, or name a Redis in REDIS_URL."
            )


def _answers(port: int, password: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\n") < 2:
                part = connection.recv(100)
                if not part:
                    return False
                answer += part
            return answer == b"+OK\r\n+PONG\r\n"
    except OSError:
        return False
