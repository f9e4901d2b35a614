"""Attachments: what may be attached, and the documents that name it."""

import uuid
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from services.changes import BadChanges, Problem
from services.fields import Audience, Document
from services.files import Named
from services.models import Attachment, PublishedService, Service, ServiceVersion, WorkingCopy

_ATTACHING = (Audience.PUBLIC, Audience.INTERNAL)
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


def claim(service: Service, document: Document) -> None:
    """Make a document's attachments the service's own, each in its section, as they stay for ever.

    Raises BadChanges for one that is another service's or another section's.
    """
    wanted = {
        (uuid.UUID(item["id"]), audience.value)
        for audience in _ATTACHING
        for item in document[audience.value]["attachments"]
    }
    if not wanted:
        return
    rows = [Attachment(pk=number, service=service, audience=audience) for number, audience in sorted(wanted)]
    Attachment.objects.bulk_create(rows, ignore_conflicts=True)
    numbers = [number for number, _audience in wanted]
    own = Attachment.objects.filter(pk__in=numbers, service=service).values_list("pk", "audience")
    message = _("This attachment belongs to another service or section. Attach the file anew.")
    if strange := wanted - set(own):
        places = sorted((audience, "attachments", str(number)) for number, audience in strange)
        raise BadChanges([Problem(place, message) for place in places])


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


def named() -> Iterator[Named]:
    """Tell every file that a document names: working copies, their histories, and all versions."""
    documents = [(WorkingCopy, ("public", "internal")), (WorkingCopy.history.model, ("public", "internal"))]
    documents.append((ServiceVersion, ("public_document", "internal_document")))
    for model, columns in documents:
        for column in columns:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT DISTINCT item->>'sha256', (item->>'size')::bigint,"  # noqa: S608  names of ours
                    " service.external_id || ': ' || (item->>'filename')"
                    f" FROM {model._meta.db_table} AS row"
                    " JOIN services_service AS service ON service.id = row.service_id,"
                    f" jsonb_path_query(row.{column}, '$.attachments[*]') AS item ORDER BY 3, 1"
                )
                for sha256, size, where in cursor.fetchall():
                    yield Named(sha256, size, where)
