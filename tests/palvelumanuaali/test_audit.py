"""`make audit` says that all is well only where it could ask about the packages."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

WELL = "No known vulnerabilities found\n"
FOUND = "Found 2 known vulnerabilities in 1 package\nName Version ID\n"
UNKNOWN = "paketti Dependency not found and could not be audited: paketti (1.0)\n"


def audit(folder: Path, says: str, *more: str) -> Any:
    """Run it with an auditor that says this."""
    (folder / "pip-audit").write_text(f"#!/bin/sh\ncat <<'END'\n{says}END\n")
    (folder / "pip-audit").chmod(0o755)
    command = ["make", "--no-print-directory", "-o", ".venv/dev-installed", "audit"]
    command += [f"BIN={folder}", f"AUDIT={folder / 'audit'}", *more]
    return subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("says", "well", "words"),
    [
        (WELL, True, "could not be asked about: 0 packages"),
        (WELL + 5 * UNKNOWN, True, "could not be asked about: 5 packages"),
        (WELL + 6 * UNKNOWN, False, "too many to say that all is well"),
        (FOUND, False, "Found 2 known vulnerabilities"),
        ("Connection refused\n", False, "nobody answered"),
        ("", False, "nobody answered"),
    ],
)
def test_what_it_says_and_how_it_ends(tmp_path: Path, says: str, well: bool, words: str) -> None:
    done = audit(tmp_path, says)
    assert (done.returncode == 0) is well
    assert words in done.stdout + done.stderr


@pytest.mark.parametrize(("says", "well"), [(WELL + 80 * UNKNOWN, True), ("", True), (FOUND, False)])
def test_where_nobody_can_be_asked_only_what_is_found_fails(tmp_path: Path, says: str, well: bool) -> None:
    assert (audit(tmp_path, says, "MOST_UNKNOWN=1000").returncode == 0) is well
