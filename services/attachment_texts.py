"""Reading the texts of attachments, in the background, and giving them to the search."""

import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import F

from orgs import clock
from orgs.localised import reading
from services import attachments
from services.models import AttachmentText, Service, ServiceVersion
from services.texts.extracting import KINDS
from services.texts.tokens import Weighted

_SECONDS = 40  # by the clock, for one file
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
    """Read the files of a version that were not read yet; return how many there were."""
    items = {item["sha256"]: item for item in attached(version)}
    known = set(AttachmentText.objects.filter(sha256__in=items).values_list("sha256", flat=True))
    missing = [
        item for digest, item in items.items() if digest not in known and attachments.is_stored(digest)
    ]
    for item in missing:
        text, problem = _read(item)
        AttachmentText.objects.update_or_create(
            sha256=item["sha256"], defaults={"text": text, "problem": problem[:200], "read_at": clock.now()}
        )
    return len(missing)


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


def _read(item: Mapping[str, Any]) -> tuple[str, str]:
    """Return the text of a file, or why it could not be read."""
    with default_storage.open(attachments.storage_name(item["sha256"])) as content:
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
        return "", "time ran out"
    except subprocess.CalledProcessError as error:
        last = error.stderr.decode(errors="replace").strip().splitlines()[-1:]
        return "", f"{error.returncode}: {' '.join(last)}"
    return done.stdout.decode(), ""
