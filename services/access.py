"""Who may do what to a service: section 11's table applied to services, and named exceptions.

A delegation is a named exception: a main user lets one person work on one service, until a day, as
if its own organisation were theirs. It widens writing only; instructions only on the word of the
responsible partner's main user, and never for someone whose roles do not read them.
"""

import datetime
from collections.abc import Callable, Collection
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm, remove_perm

from orgs import access, accounts, clock, notices, user_log
from orgs.access import Reader
from orgs.actors import CAPABILITIES_OF_SYSTEM, System
from orgs.models import Municipality, Organisation, User
from orgs.roles import CAPABILITIES, MAIN_USER, Capability, Relation, Relations, organisations_of
from services import documents
from services.fields import FIELDS, Audience, Document, Field
from services.log_events import Event
from services.models import Service, ServiceUserObjectPermission
from services.parties import related, relations
from services.shape import Path

DELEGATED = "work_on_delegated"
DELEGATED_INTERNAL = "write_internal_delegated"
_BY_DELEGATION = {
    Capability.WRITE_PUBLIC: DELEGATED,
    Capability.CONFIRM_VALID: DELEGATED,
    Capability.WRITE_INTERNAL: DELEGATED_INTERNAL,
}


def area(municipality: Municipality) -> Relations:
    """Return the partner in whose area the municipality lies."""
    return {Relation.AREA: set(municipality.partners.values_list("pk", flat=True))}


def may(user: Reader | System, capability: Capability, service: Service) -> bool:
    """Tell whether `user` may do this to `service`, by a position or by a delegation."""
    if isinstance(user, System):
        return capability in CAPABILITIES_OF_SYSTEM[user]
    if access.may(user, capability, relations(service)):
        return True
    return isinstance(user, User) and any(
        found.filter(pk=service.pk).exists() for found in _by_exception(user, capability)
    )


def services_for(user: Reader, capability: Capability) -> "models.QuerySet[Service, Service]":
    """Return the services to which `user` may do this: the list that goes with `may`.

    Every list of services that depends on a person comes from here.
    """
    services = Service.objects.all()
    held = access.positions(user)
    holders = CAPABILITIES[capability]
    if any(holders.get(position.holder) is Relation.ANY for position in held):
        return services
    reached = Q()
    for relation in (Relation.OWN, Relation.RESPONSIBLE):
        through = [one.organisation for one in held if holders.get(one.holder) is relation]
        reached |= related(relation, through)
    if isinstance(user, User):
        for found in _by_exception(user, capability):
            reached |= Q(pk__in=found.values("pk"))
    return services.filter(reached)


Services = models.QuerySet[Service, Service]
# What else than the relations of organisations gives a person a right to services: rooms above add theirs.
_exceptions: list[Callable[[User, Capability], Services | None]] = []


def add_exception(services_by: Callable[[User, Capability], Services | None]) -> None:
    """Add a way in which a person has a right to single services; None where it gives no such right."""
    if services_by not in _exceptions:
        _exceptions.append(services_by)


def _by_exception(user: User, capability: Capability) -> list[Services]:
    if access.asks_for_one_organisation(user):
        return []
    found = (services_by(user, capability) for services_by in (_delegated, *_exceptions))
    return [services for services in found if services is not None]


def _delegated(user: User, capability: Capability) -> Services | None:
    permission = _delegable(user, capability)
    if permission is None:
        return None
    return Service.objects.filter(pk__in=_delegations(user, permission).values("content_object"))


def _delegable(user: User, capability: Capability) -> str | None:
    """Return the permission by which a delegation may give this to `user`; None where none does."""
    permission = _BY_DELEGATION.get(capability)
    if permission is None or not access.positions(user):
        return None
    return None if permission == DELEGATED_INTERNAL and not access.reads_internal(user) else permission


def may_write_municipal(user: Reader | System, municipality: Municipality) -> bool:
    """Tell whether `user` may write the part of one municipality, on any service."""
    if isinstance(user, System):
        return Capability.WRITE_MUNICIPAL in CAPABILITIES_OF_SYSTEM[user]
    return access.may(user, Capability.WRITE_MUNICIPAL, area(municipality))


def municipalities_written_by(user: Reader) -> "models.QuerySet[Municipality, Municipality]":
    """Return the municipalities whose part of any service's instructions `user` may write."""
    through = organisations_of(Capability.WRITE_MUNICIPAL, access.positions(user))
    found = Municipality.objects.all()
    return found if through is None else found.filter(partners__in=through).distinct()


_WRITES = (Capability.WRITE_PUBLIC, Capability.WRITE_INTERNAL)
# Who produces a service decides who may do what to it.
_DECIDES_RIGHTS = ("organiser", "producers")


def may_write(user: Reader | System, service: Service, path: Path) -> bool:
    """Tell whether `user` may change the value at a path (docs/rules.md, "Who may do what").

    Who organises and produces a service is the responsible partner's to change once
    the service has been published; before that whoever writes it says so.
    """
    audience, name = documents.audience_of(path), documents.field_of(path).name
    if code := documents.municipality_of(path):
        municipality = Municipality.objects.filter(code=code).first()
        return municipality is None or may_write_municipal(user, municipality)
    if name == "search_boost":
        # It weighs services against each other: for those who may publish any of them.
        return isinstance(user, System) or access.may(user, Capability.PUBLISH)
    if audience is Audience.EDITORS:
        return may(user, Capability.PUBLISH, service)
    if audience is Audience.INTERNAL:
        return may(user, Capability.WRITE_INTERNAL, service)
    if name in _DECIDES_RIGHTS and service.first_published_at is not None:
        return may(user, Capability.PUBLISH, service)
    return may(user, Capability.WRITE_PUBLIC, service)


def given_away(user: Reader | System, service: Service, before: Document, after: Document) -> list[Path]:
    """Return the places at which a draft would get organisations that are not its writer's own.

    Until the partner's first publication a provider's draft stays with its own organisations (docs/rules.md,
    "Who may do what"); who may publish it says who produces it.
    """
    if service.first_published_at is not None or isinstance(user, System):
        return []
    if before["public"] == after["public"] or may(user, Capability.PUBLISH, service):
        return []
    mine = access.positions(user) if access.may(user, Capability.WRITE_PUBLIC, relations(service)) else ()
    rows = Organisation.objects.filter(pk__in={position.organisation for position in mine})
    own = set(rows.values_list("external_id", flat=True))
    found: list[Path] = []
    now, then = after["public"], before["public"]
    if now["organiser"] != then["organiser"] and now["organiser"] not in own:
        found.append(("public", "organiser"))
    if not set(now["producers"]) <= own | set(then["producers"]):
        found.append(("public", "producers"))
    return found


def writable_fields(user: Reader | System, service: Service) -> list[Field]:
    """Return the content fields that `user` may change; municipalities' own parts aside."""
    # The right is the same for every field of an audience, but for these.
    special = (*_DECIDES_RIGHTS, "search_boost")
    asked: dict[tuple[Audience, str], bool] = {}
    found = []
    for field in FIELDS:
        right = (field.audience, field.name if field.name in special else "")
        if right not in asked:
            asked[right] = may_write(user, service, (field.audience.value, field.name))
        if asked[right]:
            found.append(field)
    return found


def reads_drafts(user: Reader, service: Service) -> bool:
    """Tell whether a person reads what is not published yet: those who write or review it."""
    return any(may(user, capability, service) for capability in _WRITES)


def reads_internal_drafts(user: Reader, service: Service) -> bool:
    """Tell whether a person reads the unpublished instructions of a service; never a provider."""
    return access.reads_internal(user) and may(user, Capability.WRITE_INTERNAL, service)


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
    accounts.ask_anew(to)
    notices.tell(
        "service_delegated", to, service=service.external_id, until=until.isoformat(), internal=internal
    )
    user_log.record(
        Event.GRANTED,
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
    user_log.record(Event.GRANT_ENDED, actor=by, subject=to, service=service.external_id)


def end_internal_delegations(service: Service) -> None:
    """End what an earlier responsible partner let others write: its word on the instructions is over."""
    rows = ServiceUserObjectPermission.objects.filter(
        content_object=service, permission__codename=DELEGATED_INTERNAL
    ).select_related("user")
    for row in rows:
        user_log.record(Event.GRANT_ENDED, subject=row.user, service=service.external_id)
        row.delete()


def _delegations(
    user: User, permission: str
) -> "models.QuerySet[ServiceUserObjectPermission, ServiceUserObjectPermission]":
    return ServiceUserObjectPermission.objects.filter(
        user=user, permission__codename=permission, ends_on__gte=clock.today()
    )


def working_by_delegation(people: Collection[int]) -> set[int]:
    """Return those of some people, by their numbers, who work on any service by a delegation today."""
    rows = ServiceUserObjectPermission.objects.filter(user__in=people, ends_on__gte=clock.today())
    return set(rows.values_list("user", flat=True))


def delegations_of(
    service: Service,
) -> "models.QuerySet[ServiceUserObjectPermission, ServiceUserObjectPermission]":
    """Return the delegations of a service that hold today, one a person, with the person."""
    rows = ServiceUserObjectPermission.objects.filter(
        content_object=service, permission__codename=DELEGATED, ends_on__gte=clock.today()
    )
    return rows.select_related("user").order_by("ends_on", "pk")


def delegated_to(user: User) -> "models.QuerySet[Service, Service]":
    """Return the services that `user` works on by a delegation today."""
    return Service.objects.filter(pk__in=_delegations(user, DELEGATED).values("content_object"))
