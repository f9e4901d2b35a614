"""What has to be in order before anything of the demo is started."""

import errno
import importlib.util
import os
import socket
import sys

from palvelumanuaali.embedded.errors import StartError

DEFAULT_PORT = 8000
LAST_PORT = 65_535
NEEDED_MODULES = ("celery", "django", "environ", "granian", "psycopg", "redis")


def check_tools() -> None:
    """Refuse a Python that is too old or lacks the requirements."""
    if sys.version_info < (3, 11):  # noqa: UP036  make checks it too, but not everyone uses make
        raise StartError("Python 3.11 or newer is needed. Install it, then run: make demo")
    missing = [name for name in NEEDED_MODULES if importlib.util.find_spec(name) is None]
    if missing:
        raise StartError(f"Python packages are missing: {', '.join(missing)}. Run: make demo")


def chosen_port() -> int:
    """Return the port that PORT names."""
    text = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= LAST_PORT):
        raise StartError(
            f"PORT={text} is not a port: give a number from 1 to {LAST_PORT}, such as make demo PORT=8001"
        )
    return int(text)


def check_port(port: int) -> None:
    """Refuse a port that can't be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen()
        except OSError as error:
            raise StartError(_port_problem(port, error)) from error


def _port_problem(port: int, error: OSError) -> str:
    other = port + 1 if 1024 <= port < LAST_PORT else DEFAULT_PORT + 1
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program. Stop it, or run: make demo PORT={other}"
    return f"Port {port} can't be used ({error.strerror}). Run: make demo PORT={other}"
