"""The kinds of notices of this room: someone may work on a service for a time; responsibility moves."""

import datetime
from typing import Any

from django.urls import reverse

from orgs import notice_kinds
from orgs.models import Notice, NoticeClass
from orgs.notice_kinds import NoticeKind, absolute
from services import page_links, transfer_notices
from services.models import Service
from services.names import name_of


def _delegated(notice: Notice) -> dict[str, Any] | None:
    """Name the service; None where it, or the right to it, is gone."""
    service = Service.objects.filter(external_id=notice.context["service"]).first()
    if service is None or notice.recipient is None:
        return None
    ways = page_links.links_for(notice.recipient, service.external_id)
    if not ways:
        return None
    return dict(notice.context) | {
        "name": name_of(service, notice.language),
        "until": datetime.date.fromisoformat(notice.context["until"]),
        "link": absolute(ways[0].url),
        "own": absolute(reverse("orgs:own")),
    }


def register() -> None:
    """Tell the outbox of it."""
    notice_kinds.register("service_delegated", NoticeKind(NoticeClass.MEMBERSHIP, _delegated))
    for kind in ("responsibility_moved", "responsibility_kept"):
        notice_kinds.register(kind, NoticeKind(NoticeClass.AGREEMENT, transfer_notices.words))
