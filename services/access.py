"""Who may do what to a service: section 11's table applied to services, and named exceptions.

A delegation is a named exception: a main user lets one person work on one service, until a day, as
if its own organisation were theirs. It widens writing only; instructions only on the word of the
responsible partner's main user, and never for someone whose roles do not read them.
"""

import datetime
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm, remove_perm

from orgs import access, clock, user_log
from orgs.access import Reader
from orgs.models import Municipality, Organisation, User
from orgs.roles import MAIN_USER, Capability, Relation, Relations
from services.models import Service, ServiceUserObjectPermission

DELEGATED = "work_on_delegated"
DELEGATED_INTERNAL = "write_internal_delegated"
_BY_DELEGATION = {
    Capability.WRITE_PUBLIC: DELEGATED,
    Capability.CONFIRM_VALID: DELEGATED,
    Capability.WRITE_INTERNAL: DELEGATED_INTERNAL,
}


def relations(service: Service) -> Relations:
    """Return the organisations that own the service and the partner responsible for it."""
    own = {producer.pk for producer in service.producers.all()} | {service.organiser_id}
    return {
        Relation.OWN: {number for number in own if number is not None},
        Relation.RESPONSIBLE: {service.responsible_partner_id} - {None},  # type: ignore[dict-item]
    }


def area(municipality: Municipality) -> Relations:
    """Return the partner in whose area the municipality lies."""
    return {Relation.AREA: set(municipality.partners.values_list("pk", flat=True))}


def may(user: Reader, capability: Capability, service: Service) -> bool:
    """Tell whether `user` may do this to `service`, by a position or by a delegation."""
    if access.may(user, capability, relations(service)):
        return True
    permission = _BY_DELEGATION.get(capability)
    if permission is None or not isinstance(user, User) or not access.positions(user):
        return False
    if permission == DELEGATED_INTERNAL and not access.reads_internal(user):
        return False
    return _delegations(user, permission).filter(content_object=service).exists()


def may_write_municipal(user: Reader, municipality: Municipality) -> bool:
    """Tell whether `user` may write the part of one municipality, on any service."""
    return access.may(user, Capability.WRITE_MUNICIPAL, area(municipality))


def may_delegate(user: User, service: Service, *, internal: bool) -> bool:
    """Tell whether `user` may delegate the service; its instructions only the responsible partner may."""
    if internal:
        responsible = {service.responsible_partner_id}
        held = access.positions(user)
        return any(one.holder == MAIN_USER and one.organisation in responsible for one in held)
    return access.may(user, Capability.NAME_UPDATERS, relations(service))


@transaction.atomic
def delegate(service: Service, to: User, *, by: User, until: datetime.date, internal: bool = False) -> None:
    """Let `to` work on `service` up to a day, included; `internal`: write its instructions, too.

    Raises PermissionDenied for those who may not delegate it, or to someone without any role;
    ValidationError for a day that is over.
    """
    if not may_delegate(by, service, internal=internal) or not access.positions(to):
        raise PermissionDenied
    if until < clock.today():
        raise ValidationError(_("Choose a day that is still to come."))
    for permission in (DELEGATED, DELEGATED_INTERNAL) if internal else (DELEGATED,):
        made: Any = assign_perm(f"services.{permission}", to, service)
        made.ends_on = until
        made.save()
    user_log.record(
        user_log.Event.GRANTED,
        actor=by,
        subject=to,
        service=service.external_id,
        until=until.isoformat(),
        internal=internal,
    )


def end_delegation(service: Service, to: User, *, by: User) -> None:
    """Take a delegation back, whoever gave it."""
    if not (may_delegate(by, service, internal=False) or may_delegate(by, service, internal=True)):
        raise PermissionDenied
    for permission in (DELEGATED, DELEGATED_INTERNAL):
        remove_perm(f"services.{permission}", to, service)
    user_log.record(user_log.Event.GRANT_ENDED, actor=by, subject=to, service=service.external_id)


def _delegations(
    user: User, permission: str
) -> "models.QuerySet[ServiceUserObjectPermission, ServiceUserObjectPermission]":
    return ServiceUserObjectPermission.objects.filter(
        user=user, permission__codename=permission, ends_on__gte=clock.today()
    )


def delegated_to(user: User) -> "models.QuerySet[Service, Service]":
    """Return the services that `user` works on by a delegation today."""
    return Service.objects.filter(pk__in=_delegations(user, DELEGATED).values("content_object"))


def services_of(organisation: Organisation) -> "models.QuerySet[Service, Service]":
    """Return the services that an organisation organises, produces or is responsible for."""
    return Service.objects.filter(
        Q(organiser=organisation) | Q(producers=organisation) | Q(responsible_partner=organisation)
    ).distinct()


class VocabularyBackend(BaseBackend):
    """Lets those who edit vocabularies (section 11) do so in the admin, and no one delete a term."""

    MODELS = ("term", "statutoryoption", "statutorywording", "place")

    def has_perm(self, user_obj: Reader, perm: str, obj: object = None) -> bool:
        """Answer for the vocabularies' models only."""
        app, _dot, rest = perm.partition(".")
        action, _underscore, model = rest.partition("_")
        if app != "services" or model not in self.MODELS or action not in ("view", "add", "change"):
            return False
        return access.may(user_obj, Capability.EDIT_VOCABULARIES)

    def has_module_perms(self, user_obj: Reader, app_label: str) -> bool:
        """Tell whether the admin shows this app."""
        return app_label == "services" and access.may(user_obj, Capability.EDIT_VOCABULARIES)
