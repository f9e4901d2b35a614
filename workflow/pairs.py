"""Naming updaters, and handing a pair's half over when someone leaves (docs/rules.md sections 4 and 10)."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from orgs import access, clock, notices, user_log
from orgs.access import NotAllowed
from orgs.duties import Duty
from orgs.localised import page_language
from orgs.models import Membership, Organisation, User
from orgs.models.dated import in_force
from orgs.roles import CAPABILITIES, UPDATER, Capability, Relation, Role
from services import parties
from services.models import PublishedService, Service
from workflow.models import Updater

Half = Updater.Half
# Who can keep a service up to date: those who may write.
UPDATING_ROLES = (Role.PRODUCER, Role.MAIN_USER)
_RELATIONS = {Half.PROVIDER: Relation.OWN, Half.PARTNER: Relation.RESPONSIBLE}


def organisations_of_half(service: Service, half: Updater.Half) -> list[Organisation]:
    """Return the organisations whose people can be this half.

    The partner's half is the responsible partner's; the provider's half is of the producers or the
    organiser. A service that the partner itself produces has its people in both.
    """
    return parties.organisations_in(service, _RELATIONS[half])


def has_half(half: Half, organisations: Collection[int]) -> Q:
    """Return the condition that a half of a run's service is of one of these organisations, as above."""
    found = Service.objects.filter(parties.related(_RELATIONS[half], organisations))
    return Q(service__in=found.order_by().values("pk"))


def is_broken() -> Q:
    """Return the condition that one of a service's halves has nobody who can act."""
    idle = Updater.objects.filter(~_can_act(), ends_on=None)
    return Q(named_halves__lt=len(Half)) | Q(pk__in=idle.values("service"))


def candidates(organisation: Organisation) -> list[User]:
    """Return the people of an organisation who can be updaters, by name."""
    return list(access.holders_in(organisation, UPDATING_ROLES).order_by("full_name"))


def can_be(user: User, organisation: Organisation) -> bool:
    """Tell whether a person can act as an updater for an organisation today."""
    return access.holders_in(organisation, UPDATING_ROLES).filter(pk=user.pk).exists()


def working() -> "QuerySet[Updater, Updater]":
    """Return the updaters of today who can act: each has a role by which one updates, in its organisation."""
    return Updater.objects.filter(_can_act(), ends_on=None)


def _can_act() -> Exists:
    held = Membership.objects.filter(
        in_force(clock.today()),
        user=OuterRef("user"),
        organisation=OuterRef("organisation"),
        user__is_active=True,
        organisation__closed_on=None,
        role__in=UPDATING_ROLES,
    )
    return Exists(held)


def current(service: Service, half: Updater.Half) -> Updater | None:
    """Return the updater of a half."""
    return service.updaters.filter(half=half, ends_on=None).select_related("user").first()


def services_of(user: User, capability: Capability) -> "QuerySet[Service, Service] | None":
    """Return the services to which a person has a right as one of their updaters; None for no such right.

    Only while the person still has a role, in the organisation of that half, by which one updates.
    """
    if CAPABILITIES[capability].get(UPDATER) is not Relation.PAIR:
        return None
    held = {one.organisation for one in access.positions(user) if one.holder.name in UPDATING_ROLES}
    rows = Updater.objects.filter(in_force(clock.today()), user=user, organisation__in=held)
    return Service.objects.filter(pk__in=rows.values("service"))


def may_name(by: User, service: Service, half: Updater.Half) -> bool:
    """Tell whether a person names the updater of a half: main users, each for the own half."""
    # A partner that produces a service itself has both halves.
    own_half = {one.pk for one in organisations_of_half(service, half)}
    return access.may(by, Capability.NAME_UPDATERS, {Relation.OWN: own_half, Relation.RESPONSIBLE: own_half})


@transaction.atomic
def name_updater(service: Service, half: Updater.Half, user: User, *, by: User) -> Updater:
    """Make `user` a half of the pair from today on; whoever was it before no longer is.

    Raises PermissionDenied unless `by` names updaters of this half, ValidationError where `user`
    can't be one.
    """
    organisation = next((o for o in organisations_of_half(service, half) if user in candidates(o)), None)
    if organisation is None:
        raise ValidationError(_("%(person)s can't be an updater of this service."), params={"person": user})
    if not may_name(by, service, half):
        raise NotAllowed(Capability.NAME_UPDATERS)
    updater = _set(service, half, user, organisation)
    if user.pk != by.pk:
        notices.tell(
            "updater_named", user, service=service.external_id, half=half.value, actor=by.get_full_name()
        )
    return updater


@transaction.atomic
def begin(service: Service, half: Updater.Half, user: User) -> None:
    """Make `user` a half that nobody fills yet, where that one can be: until another is named.

    For whoever creates a service, and whoever accepts the responsibility for it (docs/rules.md section 4).
    """
    able = (one for one in organisations_of_half(service, half) if can_be(user, one))
    organisation = next(able, None)
    if organisation is not None and current(service, half) is None:
        _set(service, half, user, organisation)


def _set(service: Service, half: Updater.Half, user: User, organisation: Organisation) -> Updater:
    Service.objects.select_for_update().get(pk=service.pk)
    today = clock.today()
    before = current(service, half)
    if before is not None:
        if before.user_id == user.pk:
            return before
        before.end(today)
    return Updater.objects.create(
        service=service, half=half, user=user, organisation=organisation, starts_on=today
    )


class UpdaterDuties:
    """Being an updater of a published service is a duty that must be handed over."""

    def of_person(self, user: User, organisation: Organisation) -> list[Duty]:
        """Return a duty for each half of a published service's pair."""
        held = Updater.objects.filter(
            user=user, organisation=organisation, ends_on=None, service__status=Service.Status.PUBLISHED
        ).select_related("service")
        rows = list(held.order_by("service__external_id", "half"))
        successors = tuple(person for person in candidates(organisation) if person != user)
        shown = _pages_of([row.service_id for row in rows])
        return [
            Duty(
                str(row.pk),
                f"{shown.get(row.service_id, (str(row.service), ''))[0]} ({row.get_half_display()})",
                shown.get(row.service_id, ("", ""))[1],
                successors,
            )
            for row in rows
        ]

    def of_organisation(self, organisation: Organisation) -> list[Duty]:
        """Return nothing: services themselves stand in the way of closing."""
        return []

    def hand_over(self, key: str, leaving: User, successor: User, by: User) -> None:
        """Give the half to the successor."""
        row = Updater.objects.select_related("service", "organisation").get(pk=key, user=leaving)
        _set(row.service, Half(row.half), successor, row.organisation)
        user_log.record(
            user_log.Event.DUTIES_HANDED_OVER,
            actor=by,
            subject=successor,
            organisation=row.organisation,
            service=row.service.external_id,
            half=row.half,
        )


def _pages_of(numbers: list[int]) -> dict[int, tuple[str, str]]:
    """Return the name and the address of each published service, in the language of the page."""
    rows = PublishedService.objects.filter(service__in=numbers, language=page_language())
    return {
        row.service_id: (row.name, reverse("site:service", args=[row.slug]))
        for row in rows.only("service", "name", "slug")
    }
