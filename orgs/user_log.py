"""Writing the user log (checklist: authentication, refused attempts, changes of rights, exports)."""

import datetime
from typing import Any

import pgtrigger
import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest

from orgs import clock
from orgs.access import Reader
from orgs.models import LogEntry, Organisation, User

_logger = structlog.get_logger(__name__)
Event = LogEntry.Event


def record(
    event: models.TextChoices,
    *,
    actor: Reader | None = None,
    subject: User | None = None,
    organisation: Organisation | None = None,
    request: HttpRequest | None = None,
    **detail: Any,
) -> None:
    """Write one entry, to the database and to the process's log.

    Inside a transaction the entry stands or falls with it: a change and its entry belong together.
    Refusals are recorded outside of one. `detail` must hold no secrets and no texts.
    """
    LogEntry.objects.create(
        at=clock.now(),
        event=event,
        actor=actor if isinstance(actor, User) else None,
        subject=subject,
        organisation=organisation,
        detail=detail,
        ip=address_of(request) if request else None,
    )
    _logger.info(
        "user_log",
        event_kind=str(event),
        actor=getattr(actor, "pk", None),
        subject=subject and subject.pk,
        organisation=organisation and organisation.external_id,
        **detail,
    )


def address_of(request: HttpRequest) -> str | None:
    """Return the reader's address as the proxies that we trust tell it; None where there is none."""
    from allauth.account.adapter import get_adapter

    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return None


def forget_old() -> int:
    """Delete entries older than USER_LOG_DAYS and return how many there were."""
    oldest = clock.now() - datetime.timedelta(days=settings.USER_LOG_DAYS)
    with pgtrigger.ignore("orgs.LogEntry:rows_stay"):
        deleted, _by_model = LogEntry.objects.filter(at__lt=oldest).delete()
    return deleted
