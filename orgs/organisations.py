"""Adding, changing and closing organisations (docs/rules.md sections 2 and 11)."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orgs import access, accounts, clock, duties, leaving, user_log
from orgs.decisions import check_decision
from orgs.models import AccessToken, Invitation, Municipality, Organisation, User
from orgs.roles import Capability

Event = user_log.Event


@transaction.atomic
def save(
    organisation: Organisation,
    *,
    municipalities: Iterable[Municipality],
    partners: Iterable[Organisation],
    by: User,
) -> None:
    """Add or change an organisation with its area and the partners it works with.

    Raises PermissionDenied without the right, ValidationError with what is wrong: only partners
    have an area, a municipality lies in one partner's area, only providers work with partners, a
    new partner joins on a decision of the steering group.
    """
    access.require(by, Capability.MANAGE_ORGANISATIONS)
    area, parents = list(municipalities), list(partners)
    _check_links(organisation, area, parents)
    organisation.full_clean()
    new = organisation.pk is None
    if new and organisation.kind == Organisation.Kind.PARTNER:
        check_decision(organisation)
    organisation.save()
    organisation.municipalities.set(area)
    organisation.partners.set(parents)
    event = Event.ORGANISATION_ADDED if new else Event.ORGANISATION_CHANGED
    user_log.record(event, actor=by, organisation=organisation)


def _check_links(organisation: Organisation, area: list[Municipality], parents: list[Organisation]) -> None:
    kinds = Organisation.Kind
    if area and organisation.kind != kinds.PARTNER:
        raise ValidationError({"municipalities": _("Only a partner has an area.")})
    if parents and organisation.kind != kinds.PROVIDER:
        raise ValidationError({"partners": _("Only a provider works with partners.")})
    if organisation.kind == kinds.PROVIDER and not parents:
        raise ValidationError({"partners": _("Choose the partners that the provider works with.")})
    taken = Organisation.objects.open().filter(municipalities__in=area).exclude(pk=organisation.pk).first()
    if taken is not None:
        shared = taken.municipalities.filter(pk__in=[place.pk for place in area]).first()
        raise ValidationError(
            {
                "municipalities": ValidationError(
                    _("%(municipality)s is in the area of %(partner)s. Take it away there first."),
                    params={"municipality": shared, "partner": taken},
                )
            }
        )


def obstacles(organisation: Organisation) -> list[duties.Duty]:
    """Return what stands in the way of closing an organisation."""
    found = duties.of_organisation(organisation)
    found += [
        duties.Duty(
            f"provider:{provider.pk}",
            gettext("%(provider)s works with no other partner") % {"provider": provider},
            reverse("orgs:change_organisation", args=[provider.external_id]),
        )
        for provider in organisation.providers.open()
        if provider.partners.open().count() == 1
    ]
    return found


@transaction.atomic
def close(organisation: Organisation, *, by: User) -> None:
    """Close an organisation: its people lose its roles and seats at once, its invitations are cancelled.

    Refused (ValidationError) while something depends on it, and always for the project's own
    organisation. Everything it did stays on record under its name.
    """
    access.require(by, Capability.MANAGE_ORGANISATIONS)
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if locked.kind == Organisation.Kind.PROJECT:
        raise ValidationError(_("The project's own organisation can't be closed."))
    if locked.closed_on is not None:
        raise ValidationError(_("The organisation has been closed already."))
    if found := obstacles(locked):
        raise ValidationError(
            _("Something still depends on the organisation: %(what)s."),
            params={"what": ", ".join(duty.text for duty in found)},
        )
    today = clock.today()
    Invitation.objects.open().filter(organisation=locked).update(cancelled_at=clock.now())
    AccessToken.objects.filter(organisation=locked, revoked_at=None).update(revoked_at=clock.now())
    numbers = locked.memberships.values("user")
    members = list(User.objects.select_for_update().filter(pk__in=numbers).order_by("pk"))
    for member in members:
        leaving.leave(member, locked, by=by)
    locked.closed_on = today
    locked.save()
    locked.municipalities.clear()
    for member in members:
        accounts.block_if_alone(member)
    user_log.record(Event.ORGANISATION_CLOSED, actor=by, organisation=locked)
