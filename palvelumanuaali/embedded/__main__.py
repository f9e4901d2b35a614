"""python -m palvelumanuaali.embedded [--throwaway] -- CMD ARGS...

Runs CMD with DATABASE_URL and REDIS_URL set, starting the servers that they do not name.
"""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Sequence

from palvelumanuaali.embedded.children import tether
from palvelumanuaali.embedded.errors import StartError
from palvelumanuaali.embedded.servers import Servers
from palvelumanuaali.embedded.stop_signals import StopAsked, StopSignals


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m palvelumanuaali.embedded", description=__doc__)
    parser.add_argument(
        "--throwaway", action="store_true", help="use an empty database, thrown away at the end"
    )
    parser.add_argument("command", nargs="+", metavar="CMD")
    options = parser.parse_args(arguments)
    signals = StopSignals()
    signals.install()
    servers = Servers(throwaway=options.throwaway, pause=signals.pause)
    try:
        servers.start_postgres()
        servers.start_valkey()
        return run(options.command, servers.environment, signals)
    except StartError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except StopAsked:
        return 128 + (signals.received or 0)
    finally:
        servers.stop(lambda: signals.hurried)


def run(command: Sequence[str], environment: dict[str, str], signals: StopSignals) -> int:
    """Run `command` to its end, handing on the signals, and return its exit status."""
    signals.check()
    try:
        process = subprocess.Popen(  # noqa: S603  the caller's command
            command,
            env=os.environ | environment,
            preexec_fn=tether(signal.SIGTERM),  # noqa: PLW1509  no threads here
        )
    except OSError as error:
        raise StartError(f"{command[0]} can't be run: {error.strerror}.") from error
    signals.forward_to(process)
    status = process.wait()
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
