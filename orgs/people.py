"""Roles, seats and leaving: what main users do with the people of their organisation."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from orgs import access, accounts, clock, duties, leaving, notices, user_log
from orgs.duties import Duty
from orgs.models import Invitation, Membership, Organisation, Seat, User
from orgs.models.dated import in_force
from orgs.roles import ROLES_OF_KIND, Body, Capability, Role, SeatKind

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

    A role of the project is told to all project managers: any of them can take it back at once.
    The caller has checked the right and holds a transaction.
    """
    if role in roles_of(user, organisation):
        return
    Membership.objects.create(user=user, organisation=organisation, role=role, starts_on=clock.today())
    accounts.ask_anew(user)
    user_log.record(Event.ROLE_GIVEN, actor=by, subject=user, organisation=organisation, role=str(role))
    notices.tell("role_given", user, organisation=organisation.external_id, role=str(role))
    if organisation.kind == Organisation.Kind.PROJECT:
        managers = [Role.PROJECT_MANAGER]
        notices.tell_holders(
            "project_role_given",
            organisation,
            managers,
            about=user,
            role=str(role),
            number=user.pk,
            giver=str(by or ""),
        )


@transaction.atomic
def set_roles(user: User, organisation: Organisation, roles: Iterable[str], *, by: User) -> None:
    """Make the person's roles in the organisation exactly `roles`, at least one.

    Raises PermissionDenied without the right, ValidationError for a change that would leave the
    organisation or the person stuck.
    """
    access.require(by, Capability.MANAGE_PEOPLE, access.own(organisation))
    lock(user, organisation)
    wanted = {Role(role) for role in roles}
    if not wanted:
        raise ValidationError(_("Choose at least one role, or remove the person."))
    if not wanted <= set(ROLES_OF_KIND[organisation.kind]) or organisation.closed_on:
        raise ValidationError(_("This organisation does not have such a role."))
    held = leaving.held_by(user, organisation)
    if not held:
        raise ValidationError(_("The person is no longer in this organisation. Send an invitation."))
    had = {Role(membership.role) for membership in held}
    require_giving(by, organisation, had ^ wanted)
    if user == by and wanted - had:
        raise ValidationError(_("Nobody gives a role to themselves. Ask someone else who may give it."))
    _keep_a_main_user(user, organisation, wanted)
    _keep_the_duties(user, organisation, held, wanted)
    for membership in held:
        if membership.role not in wanted:
            leaving.end_role(membership, by=by)
    for role in sorted(wanted):
        give_role(user, organisation, role, by=by)


def lock(user: User, organisation: Organisation) -> User:
    """Lock the organisation, then the person (then an invitation), always in this order.

    Of two main users who remove each other at once only one is gone then.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


def may_give(by: User, organisation: Organisation, roles: Iterable[str]) -> bool:
    """Tell whether `by`, who manages the organisation's people, may give and take these roles.

    The project gives a partner its main users, and a project manager the project its people
    (docs/rules.md section 11).
    """
    if organisation.kind == Organisation.Kind.PROJECT:
        return not set(roles) or access.may(by, Capability.GIVE_PROJECT_ROLE)
    if organisation.kind != Organisation.Kind.PARTNER or Role.MAIN_USER not in set(roles):
        return True
    return access.may(by, Capability.GIVE_PARTNER_MAIN_USER)


def require_giving(by: User, organisation: Organisation, roles: Iterable[str]) -> None:
    """Raise ValidationError where `may_give` says no."""
    if may_give(by, organisation, roles):
        return
    if organisation.kind == Organisation.Kind.PROJECT:
        raise ValidationError(_("A role of the project is given and taken by a project manager only."))
    raise ValidationError(
        _("The role of a partner's main user is given and taken by the project. Ask the project manager.")
    )


# Who must stay for the organisation to manage itself: without them nobody could give these roles any more.
_MANAGING: dict[str, tuple[Role, ...]] = {
    "partner": (Role.MAIN_USER,),
    "provider": (Role.MAIN_USER,),
    "project": (Role.PROJECT_MANAGER, Role.ICT_SPECIALIST),
}


def _keep_a_main_user(user: User, organisation: Organisation, wanted: Iterable[Role]) -> None:
    """Refuse to take away the last role that manages the organisation."""
    for role in set(_MANAGING[organisation.kind]).intersection(roles_of(user, organisation)) - set(wanted):
        if not access.holders_in(organisation, [role]).exclude(pk=user.pk).exists():
            raise ValidationError(
                _("%(person)s is the last with the role %(role)s. Give it to someone else first."),
                params={"person": user, "role": Role(role).label},
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
    then (docs/rules.md section 10).
    """
    access.require(by, Capability.MANAGE_PEOPLE, access.own(organisation))
    locked = lock(user, organisation)
    held = leaving.held_by(locked, organisation)
    if not held:
        raise ValidationError(_("The person is no longer in this organisation."))
    require_giving(by, organisation, [membership.role for membership in held])
    _keep_a_main_user(locked, organisation, ())
    _hand_over_all(locked, organisation, successors or {}, by)
    leaving.leave(locked, organisation, by=by)
    # An invitation that is still open would bring the person back.
    Invitation.objects.open().filter(email__iexact=locked.email, organisation=organisation).update(
        cancelled_at=clock.now()
    )
    accounts.block_if_alone(locked)
    leaving.tell_main_users(locked, organisation, but=by)


@transaction.atomic
def hand_over(user: User, organisation: Organisation, *, by: User, successors: Mapping[str, int]) -> int:
    """Hand over the duties that `successors` names, and no others; return how many.

    Raises ValidationError where nobody was chosen, or someone who can't take a duty over.
    """
    access.require(by, Capability.MANAGE_PEOPLE, access.own(organisation))
    locked = lock(user, organisation)
    held = [duty for duty in duties.of_person(locked, organisation) if duty.key in successors]
    if not held:
        raise ValidationError(_("Choose who takes over at least one service."))
    chosen, missing = _successors(held, successors)
    if missing:
        raise ValidationError(_("One of those you chose can't be an updater any more. Choose again."))
    _give(chosen, locked, organisation, by)
    return len(held)


def _hand_over_all(person: User, organisation: Organisation, successors: Mapping[str, int], by: User) -> None:
    chosen, missing = _successors(duties.of_person(person, organisation), successors)
    if missing:
        raise DutiesRemain(missing)
    _give(chosen, person, organisation, by)


def _successors(held: Iterable[Duty], named: Mapping[str, int]) -> tuple[dict[Duty, User], list[Duty]]:
    """Return who takes over each duty, and the duties for which nobody who can was named."""
    chosen: dict[Duty, User] = {}
    missing = []
    for duty in held:
        if one := next((one for one in duty.successors if one.pk == named.get(duty.key)), None):
            chosen[duty] = one
        else:
            missing.append(duty)
    return chosen, missing


def _give(chosen: Mapping[Duty, User], person: User, organisation: Organisation, by: User) -> None:
    """Hand over each duty, and tell each successor once of all."""
    received: dict[User, list[str]] = {}
    for duty, successor in chosen.items():
        duties.hand_over(duty.key, person, successor, by)
        received.setdefault(successor, []).append(duty.text)
    for successor, texts in received.items():
        user_log.record(
            Event.DUTIES_HANDED_OVER, actor=by, subject=successor, organisation=organisation, count=len(texts)
        )
        notices.tell(
            "duties_received",
            successor,
            leaving=str(person),
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
        leaving.end_seat(follows, by=by, successor=user)
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
    leaving.end_seat(locked, by=by)


def _is_open(seat: Seat) -> bool:
    return seat.ends_on is None or seat.ends_on > clock.today()
