"""A fresh clone has no compiled words: what the demo writes for good is Finnish all the same."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings

ASKED = """
import django
django.setup()
from django.utils import translation
from django.utils.translation import gettext
with translation.override("sv"):
    before = gettext("Ledger")
    from palvelumanuaali.demo.prepare import compile_words
    compile_words()
    print(before, gettext("Ledger"))
"""


def test_words_that_were_looked_for_before_they_were_there_are_read_anew(tmp_path: Path) -> None:
    """In a folder with the code and its catalogues, but nothing compiled."""
    for name in ("orgs", "sanctions", "services", "workflow"):
        (tmp_path / name).symlink_to(settings.BASE_DIR / name)
    # The settings look for the rest beside themselves.
    left = shutil.ignore_patterns("content*", "__pycache__")
    shutil.copytree(settings.BASE_DIR / "palvelumanuaali", tmp_path / "palvelumanuaali", ignore=left)
    for source in (settings.BASE_DIR / "locale").rglob("*.po"):
        copy = tmp_path / source.relative_to(settings.BASE_DIR)
        copy.parent.mkdir(parents=True)
        copy.write_bytes(source.read_bytes())
    answer = subprocess.run(
        [sys.executable, "-c", ASKED], cwd=tmp_path, capture_output=True, text=True, check=True,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "palvelumanuaali.settings"},
    )  # fmt: skip
    assert answer.stdout.split() == ["Ledger", "Huvudbok"]
