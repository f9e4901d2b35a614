"""Who may do what to a service: section 11's table applied to services, and named exceptions.

A delegation is a named exception: a main user lets one person work on one service as if its own
organisation were theirs. It widens writing only; it never opens internal information to someone
whose roles do not.
"""

from django.contrib.auth.backends import BaseBackend
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from guardian.shortcuts import assign_perm, get_objects_for_user, remove_perm

from orgs import access, user_log
from orgs.access import Reader
from orgs.models import Municipality, Organisation, User
from orgs.roles import Capability, Relation, Relations
from services.models import Service

DELEGATED = "work_on_delegated"
_BY_DELEGATION = frozenset({Capability.WRITE_PUBLIC, Capability.CONFIRM_VALID})
_INTERNAL_BY_DELEGATION = frozenset({Capability.WRITE_INTERNAL})


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
    if not isinstance(user, User) or not access.positions(user):
        return False
    if capability in _BY_DELEGATION:
        return user.has_perm(f"services.{DELEGATED}", service)
    if capability in _INTERNAL_BY_DELEGATION:
        return access.reads_internal(user) and user.has_perm(f"services.{DELEGATED}", service)
    return False


def may_write_municipal(user: Reader, municipality: Municipality) -> bool:
    """Tell whether `user` may write the part of one municipality, on any service."""
    return access.may(user, Capability.WRITE_MUNICIPAL, area(municipality))


def _may_delegate(user: User, service: Service) -> bool:
    return access.may(user, Capability.NAME_UPDATERS, relations(service))


def delegate(service: Service, to: User, *, by: User) -> None:
    """Let `to` work on `service`; raises PermissionDenied unless `by` names its updaters."""
    if not _may_delegate(by, service) or not access.positions(to):
        raise PermissionDenied
    assign_perm(f"services.{DELEGATED}", to, service)
    user_log.record(user_log.Event.GRANTED, actor=by, subject=to, service=service.external_id)


def end_delegation(service: Service, to: User, *, by: User) -> None:
    """Take a delegation back."""
    if not _may_delegate(by, service):
        raise PermissionDenied
    remove_perm(f"services.{DELEGATED}", to, service)
    user_log.record(user_log.Event.GRANT_ENDED, actor=by, subject=to, service=service.external_id)


def delegated_to(user: User) -> "models.QuerySet[Service, Service]":
    """Return the services that `user` works on by a delegation."""
    found: models.QuerySet[Service, Service] = get_objects_for_user(
        user, f"services.{DELEGATED}", use_groups=False, with_superuser=False
    )
    return found


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
