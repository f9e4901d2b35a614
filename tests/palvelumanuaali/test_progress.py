"""make demo and make test say how far they are where it takes long."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from palvelumanuaali.demo.prepare import _Applied
from palvelumanuaali.demo.progress import step

PACKAGES = Path(settings.BASE_DIR) / "palvelumanuaali" / "demo" / "packages.py"


def installing(tmp_path: Path, pins: str) -> "subprocess.CompletedProcess[str]":
    """Run the installation of pins without looking anywhere for packages."""
    path = tmp_path / "pins.txt"
    path.write_text(pins)
    return subprocess.run(
        [sys.executable, "-I", PACKAGES, path],
        env={"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": "/dev/null", "PATH": ""},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def pin_of(name: str) -> str:
    """Return the lines that pin a package in our own requirements, with its hashes."""
    lines = (Path(settings.BASE_DIR) / "requirements" / "demo.txt").read_text().splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith(f"{name}=="))
    last = next(number for number in range(first, len(lines)) if not lines[number].endswith("\\"))
    return "\n".join(lines[first : last + 1])


def test_what_is_installed_already_is_counted(tmp_path: Path) -> None:
    done = installing(tmp_path, "\n".join(pin_of(name) for name in ("sqlparse", "asgiref")))
    assert done.returncode == 0, done.stdout
    assert "installing 2 Python packages" in done.stdout
    assert " 50 % 100 %" in done.stdout


def test_where_it_fails_what_was_said_is_shown(tmp_path: Path) -> None:
    done = installing(tmp_path, f"no-such-package==1.0 --hash=sha256:{'0' * 64}")
    assert done.returncode != 0
    assert "No matching distribution found for no-such-package==1.0" in done.stdout


@pytest.mark.parametrize(("total", "said"), [(4, "20 % 50 % 70 % 100 % "), (1, "100 % ")])
def test_each_tenth_of_the_tables_is_said_once(
    capsys: pytest.CaptureFixture[str], total: int, said: str
) -> None:
    applied = _Applied(total)
    with step("making the database's tables"):
        for number in range(total):
            applied.write(f"  Applying orgs.{number:04}...")
            applied.write(" OK\n")
    assert f"tables … {said}" in capsys.readouterr().out


def test_many_steps_say_no_more_than_ten_tenths(capsys: pytest.CaptureFixture[str]) -> None:
    applied = _Applied(97)
    for _number in range(97):
        applied.write(" OK\n")
    assert capsys.readouterr().out == " ".join(f"{ten} %" for ten in range(10, 101, 10)) + " "
