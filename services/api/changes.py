"""The change feed: what became of published services since a cursor, in order, for those who follow.

A cursor says what was seen and the time from which it is: what follows one that is too old has been cleared
away.
"""

import re
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from orgs import clock
from services import public_changes
from services.api.asked import MOST
from services.api.errors import BadParameter
from services.api.views import ABOUT, Resource
from services.models import ServiceChange
from services.public_changes import KEPT, Snapshot
from services.site.context import absolute
from services.uuids import SERVICE

TYPE = "service--change"
_CURSOR = re.compile(r"([0-9:,]+)~([0-9:,]*)~([0-9]{1,18})~([0-9]{1,18})")


class Cursor(NamedTuple):
    """What was seen; on the way through what a later snapshot sees beside it, that one and how far.

    `since` is the time from which it is, in Unix seconds.
    """

    seen: Snapshot
    since: int
    present: Snapshot | None = None
    number: int = 0

    def __str__(self) -> str:
        return f"{self.seen}~{self.present or ''}~{self.number}~{self.since}"


class TooOld(APIException):
    """What came after a cursor has been cleared away: the whole list is read again."""

    status_code = 410

    def __init__(self) -> None:
        self.about = absolute(reverse("api:list", args=["node", "service"]))
        words = _("This cursor is older than %(days)s days. Take a new one, then read the whole list again.")
        super().__init__(words % {"days": KEPT.days})


class Feed(Resource):
    """`changes?since=<cursor>`; without a cursor the place from which to follow."""

    def get(self, request: Request) -> Response:
        """Return a page of changes; its link `next` goes on after them, as often as one likes."""
        for parameter in request.query_params:
            if parameter != "since":
                raise BadParameter(parameter, _("This parameter is not known here."))
        time, present = int(clock.now().timestamp()), public_changes.now()
        said = request.query_params.get("since")
        if said is None:
            return Response(_answer(request, [], Cursor(present, time), more=False))
        cursor = _read(said)
        # One from before the database was brought back from a copy has seen what has not happened here.
        if time - cursor.since > KEPT.total_seconds() or cursor.seen.end > present.end:
            raise TooOld
        until = cursor.present or present
        rows = list(public_changes.between(cursor.seen, until, cursor.number)[: MOST + 1])
        shown, more = rows[:MOST], len(rows) > MOST
        if more:
            # What follows may be cleared away when its time comes.
            last = Cursor(cursor.seen, int(shown[-1].at.timestamp()), until, shown[-1].pk)
        else:
            last = Cursor(until, time)
        return Response(_answer(request, shown, last, more=more))


def _read(said: str) -> Cursor:
    found = _CURSOR.fullmatch(said)
    try:
        seen, present, number, since = found.groups() if found else ("", "", "0", "0")
        until = Snapshot.read(present) if present else None
        return Cursor(Snapshot.read(seen), int(since), until, int(number))
    except ValueError:
        words = _("This is no cursor. Take the one that the last answer's next link has.")
        raise BadParameter("since", words) from None


def _answer(request: Request, rows: list[ServiceChange], last: Cursor, *, more: bool) -> dict[str, Any]:
    return {
        "jsonapi": ABOUT,
        "data": [_change(row) for row in rows],
        "links": {
            "self": {"href": absolute(request.get_full_path())},
            "next": {"href": absolute(f"{request.path}?{urlencode({'since': str(last)})}")},
            "services": {"href": absolute(reverse("api:list", args=["node", "service"]))},
        },
        "meta": {"cursor": str(last), "more": more},
    }


def _change(row: ServiceChange) -> dict[str, Any]:
    number = str(row.service.uuid)
    address = absolute(reverse("api:single", args=["node", "service", number]))
    return {
        "type": TYPE,
        "id": str(row.pk),
        "attributes": {
            "kind": row.kind,
            "at": row.at.isoformat(),
            "field_external_id": row.service.external_id,
        },
        "relationships": {
            "service": {"data": {"type": SERVICE, "id": number}, "links": {"related": {"href": address}}}
        },
    }
