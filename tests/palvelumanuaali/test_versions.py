"""One version of Python: tested, checked for, pinned for and put into the image."""

import re
import sys
import tomllib

from django.conf import settings


def test_the_image_runs_the_python_that_the_code_is_checked_for() -> None:
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())
    version = project["tool"]["mypy"]["python_version"]
    image = (settings.BASE_DIR / "Dockerfile").read_text()
    assert re.findall(r"^ARG PYTHON=(.*)$", image, re.MULTILINE) == [version]
    assert re.findall(r"^FROM python:(.*?)-slim", image, re.MULTILINE) == ["${PYTHON}"] * 2
    assert f"--python-version {version}" in (settings.BASE_DIR / "Makefile").read_text()
    assert sys.version_info >= tuple(int(part) for part in version.split("."))
