"""Roles, seats and leaving: what main users do with the people of their organisation."""

import datetime
from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from orgs import access, accounts, clock, duties, notices, user_log
from orgs.models import Membership, Organisation, Seat, User
from orgs.roles import ROLES_OF_KIND, Body, Capability, Role, SeatKind, in_force

Event = user_log.Event


class DutiesRemain(Exception):
    """The person answers for something that must be handed over first; `duties` says what."""

    def __init__(self, remaining: list[duties.Duty]) -> None:
        super().__init__("duties remain")
        self.duties = remaining


def roles_of(user: User, organisation: Organisation) -> list[str]:
    """Return the roles that `user` has in `organisation` today."""
    held = Membership.objects.filter(in_force(clock.today()), user=user, organisation=organisation)
    return list(held.values_list("role", flat=True))


def give_role(user: User, organisation: Organisation, role: Role, *, by: User | None) -> None:
    """Give a role from today on, and tell the person; nothing happens where it is held already.

    The caller has checked the right and holds a transaction.
    """
    if role in roles_of(user, organisation):
        return
    Membership.objects.create(user=user, organisation=organisation, role=role, starts_on=clock.today())
    accounts.ask_anew(user)
    user_log.record(Event.ROLE_GIVEN, actor=by, subject=user, organisation=organisation, role=str(role))
    notices.tell("role_given", user, organisation=organisation.external_id, role=str(role))


def _end_role(membership: Membership, *, by: User | None) -> None:
    """End a role at once: it does not count today any more."""
    yesterday = clock.today() - datetime.timedelta(days=1)
    if membership.starts_on > yesterday:
        membership.delete()
    else:
        membership.ends_on = yesterday
        membership.save()
    user_log.record(
        Event.ROLE_ENDED,
        actor=by,
        subject=membership.user,
        organisation=membership.organisation,
        role=membership.role,
    )
    notices.tell(
        "role_ended",
        membership.user,
        organisation=membership.organisation.external_id,
        role=membership.role,
    )


def _current(user: User, organisation: Organisation) -> list[Membership]:
    return list(
        Membership.objects.select_for_update(of=("self",))
        .select_related("user", "organisation")
        .filter(user=user, organisation=organisation)
        .exclude(ends_on__lt=clock.today())
    )


@transaction.atomic
def set_roles(user: User, organisation: Organisation, roles: Iterable[str], *, by: User) -> None:
    """Make the person's roles in the organisation exactly `roles`, at least one.

    Raises PermissionDenied without the right, ValidationError for a change that would leave the
    organisation or the person stuck.
    """
    access.require(by, Capability.MANAGE_PEOPLE, access.own(organisation))
    _lock(user, organisation)
    wanted = {Role(role) for role in roles}
    if not wanted:
        raise ValidationError(_("Choose at least one role, or remove the person."))
    if not wanted <= set(ROLES_OF_KIND[organisation.kind]) or organisation.closed_on:
        raise ValidationError(_("This organisation does not have such a role."))
    held = _current(user, organisation)
    if not held:
        raise ValidationError(_("The person is no longer in this organisation. Send an invitation."))
    _keep_a_main_user(user, organisation, wanted)
    _keep_the_duties(user, organisation, held, wanted)
    for membership in held:
        if membership.role not in wanted:
            _end_role(membership, by=by)
    for role in sorted(wanted):
        give_role(user, organisation, role, by=by)


def _lock(user: User, organisation: Organisation) -> User:
    """Lock the organisation, then the person, always in this order.

    Of two main users who remove each other at once only one is gone then.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


# Who must stay for the organisation to manage itself.
_MANAGING = {"partner": Role.MAIN_USER, "provider": Role.MAIN_USER, "project": Role.ICT_SPECIALIST}


def _keep_a_main_user(user: User, organisation: Organisation, wanted: Iterable[Role]) -> None:
    """Refuse to take away the last role that manages the organisation."""
    role = _MANAGING[organisation.kind]
    if role in wanted or role not in roles_of(user, organisation):
        return
    if not access.holders_in(organisation, [role]).exclude(pk=user.pk).exists():
        raise ValidationError(
            _("%(person)s is the last with the role %(role)s. Give it to someone else first."),
            params={"person": user, "role": role.label},
        )


def _keep_the_duties(
    user: User, organisation: Organisation, held: Iterable[Membership], wanted: Iterable[Role]
) -> None:
    """Refuse to take away every role in which one can be an updater while one is."""
    updating = {Role.PRODUCER, Role.MAIN_USER}
    had = any(membership.role in updating for membership in held)
    if had and updating.isdisjoint(wanted) and (remaining := duties.of_person(user, organisation)):
        raise DutiesRemain(remaining)


@transaction.atomic
def remove(
    user: User, organisation: Organisation, *, by: User, successors: Mapping[str, int] | None = None
) -> None:
    """Remove a person from an organisation, at once, duties handed over first.

    `successors` names for each duty the number of the person who takes it over; it must be one of
    the duty's possible successors. Raises DutiesRemain where one is missing: nothing is changed
    then (domain.md section 10).
    """
    access.require(by, Capability.MANAGE_PEOPLE, access.own(organisation))
    locked = _lock(user, organisation)
    held = _current(locked, organisation)
    if not held:
        raise ValidationError(_("The person is no longer in this organisation."))
    _keep_a_main_user(locked, organisation, ())
    _hand_over(locked, organisation, successors or {}, by)
    leave(locked, organisation, by=by)
    accounts.block_if_alone(locked)
    for main_user in access.holders_in(organisation, [Role.MAIN_USER]).exclude(pk=by.pk):
        notices.tell("person_left", main_user, name=str(locked), organisation=organisation.external_id)


def leave(user: User, organisation: Organisation, *, by: User) -> None:
    """End every role and seat of a person in an organisation.

    The caller has checked the right, holds a transaction and sees to duties and to the account.
    """
    for seat in user.seats.filter(organisation=organisation).exclude(ends_on__lt=clock.today()):
        _end_seat(seat, by=by)
    for membership in _current(user, organisation):
        _end_role(membership, by=by)
    user_log.record(Event.REMOVED, actor=by, subject=user, organisation=organisation)


def _hand_over(leaving: User, organisation: Organisation, successors: Mapping[str, int], by: User) -> None:
    held = duties.of_person(leaving, organisation)
    chosen = {
        duty: next((person for person in duty.successors if person.pk == successors.get(duty.key)), None)
        for duty in held
    }
    missing = [duty for duty, successor in chosen.items() if successor is None]
    if missing:
        raise DutiesRemain(missing)
    received: dict[User, list[str]] = {}
    for duty, successor in chosen.items():
        assert successor is not None
        duties.hand_over(duty.key, leaving, successor, by)
        received.setdefault(successor, []).append(duty.text)
    for successor, texts in received.items():
        user_log.record(
            Event.DUTIES_HANDED_OVER, actor=by, subject=successor, organisation=organisation, count=len(texts)
        )
        notices.tell(
            "duties_received",
            successor,
            leaving=str(leaving),
            organisation=organisation.external_id,
            count=len(texts),
            duties=", ".join(texts),
        )


@transaction.atomic
def give_seat(
    user: User,
    organisation: Organisation,
    body: Body,
    kind: SeatKind,
    *,
    by: User,
    follows: Seat | None = None,
) -> Seat:
    """Give a seat from today on; `follows` is the seat that ends with it.

    Raises PermissionDenied without the right, ValidationError where the person can't hold it.
    """
    access.require(by, Capability.MANAGE_PEOPLE, access.own(organisation))
    if organisation.kind != Organisation.Kind.PARTNER:
        raise ValidationError(_("Only partners have seats."))
    if not roles_of(user, organisation):
        raise ValidationError(_("Only people of the organisation can have its seats."))
    if follows is not None:
        if (follows.organisation_id, follows.body) != (organisation.pk, body) or not _is_open(follows):
            raise ValidationError(_("The seat to follow is no open seat of the same body."))
        _end_seat(follows, by=by, successor=user)
    try:
        with transaction.atomic():
            seat = Seat.objects.create(
                user=user,
                organisation=organisation,
                body=body,
                kind=kind,
                starts_on=clock.today(),
                predecessor=follows,
            )
    except IntegrityError as error:
        raise ValidationError(_("This person has a seat in this body already.")) from error
    accounts.ask_anew(user)
    user_log.record(Event.SEAT_GIVEN, actor=by, subject=user, organisation=organisation, body=body, kind=kind)
    notices.tell(
        "seat_given",
        user,
        organisation=organisation.external_id,
        body=str(body),
        seat=str(kind),
        predecessor=str(follows.user) if follows else "",
    )
    return seat


@transaction.atomic
def end_seat(seat: Seat, *, by: User) -> None:
    """End a seat."""
    access.require(by, Capability.MANAGE_PEOPLE, access.own(seat.organisation))
    locked = (
        Seat.objects.select_for_update(of=("self",)).select_related("user", "organisation").get(pk=seat.pk)
    )
    if not _is_open(locked):
        raise ValidationError(_("The seat has ended already."))
    _end_seat(locked, by=by)


def _is_open(seat: Seat) -> bool:
    return seat.ends_on is None or seat.ends_on > clock.today()


def _end_seat(seat: Seat, *, by: User, successor: User | None = None) -> None:
    """End a seat as of yesterday; one given today ends today, since a successor refers to it."""
    yesterday = clock.today() - datetime.timedelta(days=1)
    seat.ends_on = max(yesterday, seat.starts_on)
    seat.save()
    user_log.record(
        Event.SEAT_ENDED,
        actor=by,
        subject=seat.user,
        organisation=seat.organisation,
        body=seat.body,
        kind=seat.kind,
    )
    notices.tell(
        "seat_ended",
        seat.user,
        organisation=seat.organisation.external_id,
        body=seat.body,
        seat=seat.kind,
        successor=str(successor) if successor else "",
    )
