"""Attachments: where a file lies, and the published documents that name it."""

import hashlib
import uuid
from io import SEEK_END, BufferedReader, BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db.models import F

from services.fields import Audience
from services.models import PublishedService, Service, ServiceVersion

MAX_SIZE = 50 * 1024 * 1024  # bytes
# What may be attached, by ending.
CONTENT_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".doc": "application/msword",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".ppt": "application/vnd.ms-powerpoint",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xls": "application/vnd.ms-excel",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".mp4": "video/mp4",
}


# How files of these kinds begin, after so many bytes: what is said by a name alone is not believed.
_ZIP, _OLE = (0, b"PK\x03\x04"), (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_BEGINNINGS = {
    ".pdf": (0, b"%PDF-"),
    **dict.fromkeys((".docx", ".pptx", ".xlsx"), _ZIP),
    **dict.fromkeys((".doc", ".ppt", ".xls"), _OLE),
    **dict.fromkeys((".jpg", ".jpeg"), (0, b"\xff\xd8\xff")),
    ".png": (0, b"\x89PNG\r\n\x1a\n"),
    ".mp4": (4, b"ftyp"),
}
BEGINNING = 16  # bytes that `begins_as_named` looks at


def content_type_of(filename: str) -> str | None:
    """Return the content type by the file's ending; None for a kind that may not be attached."""
    return CONTENT_TYPES.get(PurePosixPath(filename.lower()).suffix)


def begins_as_named(filename: str, beginning: bytes) -> bool:
    """Tell whether a file that begins with these bytes is of the kind that its name says."""
    known = _BEGINNINGS.get(PurePosixPath(filename.lower()).suffix)
    return known is not None and beginning[known[0] :].startswith(known[1])


def storage_name(sha256: str) -> str:
    """Return where the file with this hash lies in the private storage."""
    return f"attachments/{sha256[:2]}/{sha256}"


def is_stored(sha256: str) -> bool:
    """Tell whether the file with this hash is kept already."""
    return default_storage.exists(storage_name(sha256))


def measure(path: Path) -> tuple[str, int]:
    """Return the SHA-256 and the size in bytes of a file on disk."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest(), path.stat().st_size


def store(content: BufferedReader | BytesIO) -> tuple[str, int]:
    """Keep a file under its own hash and return the hash and the size in bytes."""
    digest = hashlib.file_digest(content, "sha256").hexdigest()
    size = content.seek(0, SEEK_END)
    if not is_stored(digest):
        content.seek(0)
        default_storage.save(storage_name(digest), File(content))
    return digest, size


def published(attachment_id: uuid.UUID) -> dict[str, Any] | None:
    """Return a public attachment that a published service shows now; reads public rows only."""
    row = PublishedService.objects.filter(attachment_ids__contains=[attachment_id]).first()
    return _named(row.document["attachments"], attachment_id) if row else None


def internal(attachment_id: uuid.UUID) -> dict[str, Any] | None:
    """Return an internal attachment of a newest version. The caller has checked the reader."""
    version = (
        ServiceVersion.objects.filter(
            internal_document__attachments__contains=[{"id": str(attachment_id)}],
            number=F("service__version_number"),
            service__status=Service.Status.PUBLISHED,
        )
        .order_by("pk")
        .first()
    )
    return _named(version.section(Audience.INTERNAL)["attachments"], attachment_id) if version else None


def _named(items: list[dict[str, Any]], attachment_id: uuid.UUID) -> dict[str, Any] | None:
    return next((item for item in items if item["id"] == str(attachment_id)), None)
