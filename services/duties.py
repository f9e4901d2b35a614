"""Published services stand in the way of closing an organisation; versions are kept of people."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import ngettext

from orgs import clock
from orgs.duties import Duty
from orgs.localised import page_language
from orgs.models import Organisation, User
from orgs.roles import Relation
from services.access import delegated_to
from services.models import (
    PublishedService,
    Responsibility,
    Service,
    ServiceVersion,
    Transfer,
    WorkingCopy,
)
from services.parties import related


class ServiceDuties:
    """An organisation with published services must give them away or have them archived first."""

    def of_person(self, user: User, organisation: Organisation) -> list[Duty]:
        """Return nothing: people answer for services as updaters, which `workflow` knows of."""
        return []

    def of_organisation(self, organisation: Organisation) -> list[Duty]:
        """Return a duty for each published service of its own, and one for all that it is responsible for."""
        theirs = related(Relation.OWN, [organisation.pk])
        live = Service.objects.filter(theirs, status=Service.Status.PUBLISHED).values("pk")
        rows = PublishedService.objects.filter(service__in=live, language=page_language())
        return [*_responsibility(organisation)] + [
            Duty(str(row.service_id), row.name, reverse("site:service", args=[row.slug]))
            for row in rows.only("service", "name", "slug")
        ]

    def hand_over(self, key: str, leaving: User, successor: User, by: User) -> None:
        """Do nothing: there is no duty of a person here."""
        raise KeyError(key)


def _responsibility(organisation: Organisation) -> Iterator[Duty]:
    """Yield the responsibility for services, of today or decided for a day to come: it can be transferred."""
    ahead = Responsibility.objects.filter(partner=organisation, starts_on__gt=clock.today())
    theirs = related(Relation.RESPONSIBLE, [organisation.pk]) | Q(pk__in=ahead.values("service"))
    if count := Service.objects.filter(theirs).exclude(status=Service.Status.ARCHIVED).count():
        text = ngettext(
            "Responsibility for %(count)s service: transfer it to another partner",
            "Responsibility for %(count)s services: transfer it to another partner",
            count,
        )
        address = f"{reverse('responsible:services')}?partner={organisation.external_id}"
        yield Duty("responsibility", text % {"count": count}, address)


def kept_of(user: User) -> dict[str, Any]:
    """Return what this room keeps about a person: what was written, published and delegated."""
    versions = ServiceVersion.objects.filter(published_by=user).select_related("service")
    written = WorkingCopy.history.filter(changed_by=user).select_related("service")
    return {
        "written": [
            {
                "service": row.service.external_id,
                "revision": row.revision,
                "at": row.changed_at.isoformat(),
            }
            for row in written
        ],
        "published": [
            {
                "service": version.service.external_id,
                "number": version.number,
                "at": version.published_at.isoformat(),
            }
            for version in versions
        ],
        "responsibilities_set": [
            {"service": row.service.external_id, "partner": row.partner.external_id, "decision": row.decision}
            for row in Responsibility.objects.filter(set_by=user).select_related("service", "partner")
        ],
        "transfers": [
            {"partner": row.partner.external_id, "decision": row.decision, "from": row.starts_on.isoformat()}
            for row in Transfer.objects.filter(Q(made_by=user) | Q(undone_by=user)).select_related("partner")
        ],
        "delegated": sorted(delegated_to(user).values_list("external_id", flat=True)),
    }
