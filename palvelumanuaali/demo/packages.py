"""python packages.py FILE: install the packages that FILE pins, and say how far it is.

Runs by its path, before anything but Python and pip is there.
"""

import re
import subprocess
import sys
import time
from pathlib import Path

_PIN = re.compile(r"^[\w.-]+(\[[\w,-]+\])?==", re.MULTILINE)
_LOOKED_AT = ("Collecting ", "Requirement already satisfied", "Ignoring ")
_PIP = ("-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off")


def main(pins: Path) -> int:
    """Install, and return pip's status; what pip said is told only where it failed."""
    began, total, seen, said = time.monotonic(), len(_PIN.findall(pins.read_text())), 0, 0
    told: list[str] = []
    _say(f"· installing {total} Python packages ({pins}) …")
    command = [sys.executable, *_PIP, "--require-hashes", "-r", str(pins)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:  # noqa: S603
        for line in pip.stdout or ():
            told.append(line)
            seen += line.startswith(_LOOKED_AT)
            if (tenth := 10 * seen // max(total, 1)) > said:
                said = tenth
                _say(f" {10 * tenth} %")
            elif line.startswith("Installing collected packages"):
                _say(", putting them in place …")
    _say(f" {time.monotonic() - began:.0f} s\n" if pip.returncode == 0 else "\n" + "".join(told))
    return pip.returncode


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
