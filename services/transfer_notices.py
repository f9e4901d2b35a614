"""Telling both partners of a transfer of responsibility, and those who no longer keep a service."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from orgs import access, notices
from orgs.models import Notice, Organisation, User
from orgs.notice_kinds import absolute
from orgs.roles import Role
from services.models import Service, Transfer
from services.names import name_of
from services.transfer_effects import Givers

_NAMED = 20  # services that a mail names


def told(kind: str, transfer: Transfer, given: Givers, *, by: User) -> None:
    """Tell the main users of every partner of the transfer which services are theirs, or were.

    `kind` is the notice's; each partner's speaks of its own services only.
    """
    takes = transfer.partner
    gives = {one.pk: one for one in given.values() if one is not None and one != takes}
    _tell(kind, transfer, takes, list(given), by=by, takes=True)
    for partner in gives.values():
        numbers = [key for key, one in given.items() if one == partner]
        _tell(kind, transfer, partner, numbers, by=by, takes=False)


def _tell(
    kind: str, transfer: Transfer, partner: Organisation, numbers: list[int], *, by: User, takes: bool
) -> None:
    people = access.holders_among([partner], [Role.MAIN_USER]).order_by("pk")
    tell(kind, transfer, people, numbers, by=by, takes=takes)


def tell(
    kind: str, transfer: Transfer, people: Iterable[User], numbers: Iterable[int], *, by: User, takes: bool
) -> None:
    """Tell some people of those services of a transfer that are theirs, or were."""
    rows = Service.objects.filter(pk__in=numbers).order_by("pk")
    services = list(rows.values_list("external_id", flat=True))
    for person in people:
        if person != by:
            notices.tell(kind, person, transfer=transfer.pk, services=services, takes=takes)


def words(notice: Notice) -> dict[str, Any] | None:
    """Return the words of a notice; None where it was undone before it was told."""
    context = notice.context
    found = Transfer.objects.select_related("partner").filter(pk=context["transfer"]).first()
    if found is None or (notice.kind == "responsibility_moved" and found.undone_at is not None):
        return None
    rows = Service.objects.filter(external_id__in=context["services"])
    names = sorted(name_of(one, notice.language) for one in rows)
    return dict(context) | {
        "transfer": found,
        "count": len(names),
        "names": names[:_NAMED],
        "more": max(0, len(names) - _NAMED),
        "basis": found.get_basis_display(),
        "link": absolute(reverse("responsible:transfer", args=[found.pk])),
    }


def of(kind: str, transfer: Transfer) -> "QuerySet[Notice, Notice]":
    """Return the notices of a kind that a transfer has made so far."""
    return Notice.objects.filter(kind=kind, context__transfer=transfer.pk)
