"""What a transfer of responsibility touches, and what it leaves as it is, before anything is done.

This room tells of services and their pages. The rooms above register here what they keep.
"""

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import ngettext

from orgs import clock, dates
from orgs.models import Organisation
from orgs.terms_effects import Effect
from services.models import Responsibility, Service


@dataclass(frozen=True)
class Plan:
    """Services for which a partner becomes responsible on a day, and why."""

    services: Sequence[Service]
    partner: Organisation
    basis: str
    starts_on: datetime.date
    decision: str

    @property
    def numbers(self) -> list[int]:
        """Return the numbers of the services."""
        return [service.pk for service in self.services]


# From whom each service moves, by its number; None for one that nobody was responsible for.
Givers = dict[int, Organisation | None]
Tells = Callable[[Plan], Iterator[Effect]]
_BOOKS: dict[str, Tells] = {}


def register(name: str, tells: Tells) -> None:
    """Have a room above tell of what it keeps."""
    _BOOKS[name] = tells


def of(plan: Plan) -> list[Effect]:
    """Return every effect of a plan, what it touches first."""
    found = [effect for tells in (_of_services, *_BOOKS.values()) for effect in tells(plan)]
    return sorted(found, key=lambda effect: not effect.touched)


def _of_services(plan: Plan) -> Iterator[Effect]:
    live = sum(
        service.status == Service.Status.PUBLISHED and service.responsible_partner_id != plan.partner.pk
        for service in plan.services
    )
    if live and plan.starts_on <= clock.today():
        text = ngettext(
            "The public page of %(count)s service names the new partner in a moment.",
            "The public pages of %(count)s services name the new partner in a moment.",
            live,
        )
        yield Effect(text % {"count": live}, touched=True)
    elif live:
        text = ngettext(
            "The public page of %(count)s service names the new partner from %(day)s on.",
            "The public pages of %(count)s services name the new partner from %(day)s on.",
            live,
        )
        yield Effect(text % {"count": live, "day": dates.date(plan.starts_on)}, touched=True)
    later = Responsibility.objects.filter(service__in=plan.numbers, starts_on__gt=plan.starts_on)
    if ahead := later.values("service").distinct().count():
        text = ngettext(
            "Of %(count)s service something else has been decided for a later day. That stays.",
            "Of %(count)s services something else has been decided for a later day. That stays.",
            ahead,
        )
        yield Effect(text % {"count": ahead}, touched=False)
