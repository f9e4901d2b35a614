"""Reading the texts of attachments, in the background, and giving them to the search."""

import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.db.models import F

from orgs import clock, jobs
from orgs.localised import reading
from services import files
from services.models import AttachmentText, Service, ServiceVersion
from services.texts.extracting import KINDS
from services.texts.tokens import Weighted

_SECONDS = 40  # by the clock, for one file
_MOST_TRIES = 3  # of a file whose time ran out: it may have been a bad moment
_WEIGHT = "D"
_CHUNK = 100


def weighted(items: Iterable[Mapping[str, Any]], language: str) -> list[Weighted]:
    """Return the texts of attachments, as far as they were read, each in the language of its title."""
    by_hash = {item["sha256"]: item for item in items}
    if not by_hash:
        return []
    texts = AttachmentText.objects.filter(sha256__in=by_hash).exclude(text="").order_by("sha256")
    return [(_WEIGHT, reading(by_hash[one.sha256]["title"], language).lang, one.text) for one in texts]


def read_missing(version: ServiceVersion) -> int:
    """Read the files of a version that were not read yet; return how many there were.

    One whose time ran out is tried again, at most _MOST_TRIES times. One that is lost or can't be opened
    is noted, and keeps none of the others from being read.
    """
    items = {item["sha256"]: item for item in attached(version)}
    known = AttachmentText.objects.filter(sha256__in=items).exclude(tries__range=(1, _MOST_TRIES - 1))
    done = set(known.values_list("sha256", flat=True))
    read = 0
    for item in items.values():
        if item["sha256"] not in done:
            with jobs.noting("read_file", item["filename"]):
                _keep(item)
                read += 1
    return read


def _keep(item: Mapping[str, Any]) -> None:
    text, problem, is_passing = _read(item)
    digest = item["sha256"]
    found = AttachmentText.objects.filter(pk=digest).first() or AttachmentText(pk=digest)
    found.text, found.problem, found.read_at = text, problem[:200], clock.now()
    found.tries = found.tries + 1 if is_passing else 0
    found.save()


def read_all() -> int:
    """Read the files of all published versions that were not read yet; return how many there were."""
    newest = ServiceVersion.objects.filter(
        number=F("service__version_number"), service__status=Service.Status.PUBLISHED
    )
    return sum(read_missing(version) for version in newest.order_by("pk").iterator(_CHUNK))


def attached(version: ServiceVersion) -> list[dict[str, Any]]:
    """Return the attachments of a version, public and internal, of kinds that have a text."""
    items = [*version.document["public"]["attachments"], *version.document["internal"]["attachments"]]
    return [item for item in items if _kind(item) in KINDS]


def _kind(item: Mapping[str, Any]) -> str:
    return PurePosixPath(item["filename"].lower()).suffix


def _read(item: Mapping[str, Any]) -> tuple[str, str, bool]:
    """Return the text of a file, or why it could not be read, and whether that may pass."""
    with files.open_stored(item["sha256"]) as content:
        given = content.read()
    program = [sys.executable, "-m", "services.texts.extracting", _kind(item)]
    try:
        done = subprocess.run(  # noqa: S603  our own program, a kind out of our own list
            program,
            input=given,
            capture_output=True,
            timeout=_SECONDS,
            cwd=settings.BASE_DIR,
            check=True,
            env={},
        )
    except subprocess.TimeoutExpired:
        return "", "time ran out", True
    except subprocess.CalledProcessError as error:
        last = error.stderr.decode(errors="replace").strip().splitlines()[-1:]
        # Killed from outside, as by a machine that is short of memory: not the file's own fault.
        return "", f"{error.returncode}: {' '.join(last)}", error.returncode < 0
    return done.stdout.decode(), "", False
