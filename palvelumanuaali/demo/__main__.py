"""python -m palvelumanuaali.demo [reset]: run the demo, or delete its data."""

import io
import sys
from collections.abc import Sequence

from palvelumanuaali.demo.folder import reset
from palvelumanuaali.demo.progress import say, step
from palvelumanuaali.demo.supervisor import Demo
from palvelumanuaali.embedded.errors import StartError
from palvelumanuaali.embedded.stop_signals import StopAsked, StopSignals


def main(arguments: Sequence[str]) -> int:
    """Do what is asked and return the exit status."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # for a terminal without UTF-8
    if list(arguments) not in ([], ["reset"]):
        sys.stderr.write("Usage: python -m palvelumanuaali.demo [reset]\n")
        return 1
    try:
        if not arguments:
            return run()
        deleted = reset()
        for path in deleted:
            say(f"Deleted {path}\n")
        if not deleted:
            say("There is nothing to delete.\n")
    except StartError as error:
        if error.args:  # without, the step that failed has told why
            sys.stderr.write(f"{error}\n")
        return 1
    return 0


def run() -> int:
    """Run the demo until a signal asks to stop."""
    signals = StopSignals()
    signals.install()
    demo = Demo(signals)
    try:
        demo.start()
        demo.watch()
    except StopAsked:
        with step("stopping"):
            demo.stop()
        return 0
    finally:
        demo.stop()  # after an error; stopping twice does no harm


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
