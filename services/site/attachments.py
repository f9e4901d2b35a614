"""Serving attachments: files are private, so each answer checks who may read the file."""

import uuid

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from orgs import user_log
from services import attachments, files
from services.fields import Audience
from services.log_events import Event
from services.visibility import audiences_of


@require_safe
def attachment(request: HttpRequest, attachment_id: uuid.UUID) -> HttpResponseBase:
    """Serve a published public attachment to anyone, an internal one to those who may read it.

    Everyone else gets 404: whether a file exists is not told.
    """
    found = attachments.published(attachment_id)
    if found is None and Audience.INTERNAL in audiences_of(request.user):
        found = attachments.internal(attachment_id)
        if found is not None:
            user_log.record(Event.FILE_READ, actor=request.user, request=request, file=str(attachment_id))
    if found is None:
        raise Http404
    return served(found["sha256"], found["filename"], found["content_type"])


def served(sha256: str, filename: str, content_type: str) -> HttpResponseBase:
    """Return a stored file as a download that can do nothing in our pages; the caller has asked who may."""
    try:
        content = files.open_stored(sha256)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, as_attachment=True, filename=filename, content_type=content_type)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
