"""The private storage: each file lies under its own hash, whole or not at all."""

import datetime
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import SEEK_END, BufferedReader, BytesIO
from pathlib import Path
from typing import BinaryIO

import structlog
from django.core.files.storage import default_storage
from django.db import models
from django.utils.translation import gettext_lazy as _

from orgs import clock

_FOLDER = "attachments"
_ASIDE = "unfinished-"
_logger = structlog.get_logger(__name__)


class NotKept(Exception):
    """A file could not be written, as on a full disk; nothing of it is left behind."""


@dataclass(frozen=True)
class Named:
    """A file that some row names: its hash, its size in bytes where the row knows it, and where that is."""

    sha256: str
    size: int | None
    where: str


class Fault(models.TextChoices):
    """What may be wrong with a file in the storage."""

    MISSING = "missing", _("missing")
    CHANGED = "changed", _("not the file that was kept: cut off or changed")
    STRAY = "stray", _("named by nothing")


@dataclass(frozen=True)
class Finding:
    """Something that is wrong with a file; `where` names what shows it, empty for a stray."""

    fault: Fault
    sha256: str
    where: str = ""


_namings: dict[str, Callable[[], Iterable[Named]]] = {}


def register(room: str, naming: Callable[[], Iterable[Named]]) -> None:
    """Add what tells all files that a room's rows name, also those of the past; some may come twice."""
    _namings[room] = naming


def path_of(sha256: str) -> Path:
    """Return where the file with this hash lies."""
    return Path(default_storage.path(f"{_FOLDER}/{sha256[:2]}/{sha256}"))


def open_stored(sha256: str) -> BinaryIO:
    """Open a stored file for reading; raises FileNotFoundError where it is lost."""
    return path_of(sha256).open("rb")


def has_size(sha256: str, size: int | None) -> bool:
    """Tell whether the file is there with its size in bytes (any, where that is not known)."""
    path = path_of(sha256)
    return path.is_file() and size in (None, path.stat().st_size)


def measure(path: Path) -> tuple[str, int]:
    """Return the SHA-256 and the size in bytes of a file on disk."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest(), path.stat().st_size


def store(content: BufferedReader | BytesIO) -> tuple[str, int]:
    """Keep a file under its own hash and return the hash and the size in bytes.

    What lies there already is looked at, and counts as given now for `clear_strays`.
    Raises NotKept where the file can't be written whole.
    """
    sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    size = content.seek(0, SEEK_END)
    path = path_of(sha256)
    try:
        if not _is_itself(sha256):
            content.seek(0)
            _write(content, path, (sha256, size))
        now = clock.now().timestamp()
        os.utime(path, (now, now))
    except OSError as error:
        _logger.exception("file_not_kept", sha256=sha256, size=size)
        raise NotKept from error
    return sha256, size


def _write(content: BufferedReader | BytesIO, path: Path, measures: tuple[str, int]) -> None:
    """Write aside, look at what was written, and only then give it its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=_ASIDE, dir=path.parent)
    aside = Path(name)
    try:
        with os.fdopen(handle, "wb") as target:
            while part := content.read(1 << 20):
                target.write(part)
            target.flush()
            os.fsync(target.fileno())
        if measure(aside) != measures:
            raise OSError(f"{aside} was not written whole")  # noqa: TRY301  left by the same door as others
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def findings(*, thorough: bool) -> Iterator[Finding]:
    """Tell what is wrong with the stored files, by their sizes, or thoroughly by their content.

    Strays are told last.
    """
    named: dict[str, bool] = {}
    for naming in _namings.values():
        for one in naming():
            if one.sha256 not in named:
                named[one.sha256] = not thorough or _is_itself(one.sha256)
            if not path_of(one.sha256).is_file():
                yield Finding(Fault.MISSING, one.sha256, one.where)
            elif not (named[one.sha256] and has_size(one.sha256, one.size)):
                yield Finding(Fault.CHANGED, one.sha256, one.where)
    for path in _stored():
        if path.name not in named:
            yield Finding(Fault.STRAY, path.name)


def clear_strays(before: datetime.datetime) -> int:
    """Delete what no row names and nobody gave since `before`, as files of forms that were refused.

    Returns how many there were. A file is given again without being written: `store` counts as giving.
    """
    strays = [
        path for path in _stored() if path.stat().st_mtime < before.timestamp()
    ]  # found before what is named is asked: what gets its name meanwhile is younger
    named = {one.sha256 for naming in _namings.values() for one in naming()} if strays else set()
    gone = [path for path in strays if path.name not in named and path.stat().st_mtime < before.timestamp()]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def _is_itself(sha256: str) -> bool:
    path = path_of(sha256)
    return path.is_file() and measure(path)[0] == sha256


def _stored() -> Iterator[Path]:
    return (path for path in Path(default_storage.path(_FOLDER)).glob("*/*") if path.is_file())
