"""Ending roles and seats: at once, on record, and told."""

from orgs import clock, held_posts, notices, user_log
from orgs.models import Membership, Organisation, Seat, User
from orgs.models.dated import not_over
from orgs.roles import Role

Event = user_log.Event


def held_by(user: User, organisation: Organisation) -> list[Membership]:
    """Return the roles of a person in an organisation that have not ended, locked."""
    return list(
        Membership.objects.select_for_update(of=("self",))
        .select_related("user", "organisation")
        .filter(user=user, organisation=organisation)
        .filter(not_over(clock.today()))
    )


def end_role(membership: Membership, *, by: User | None) -> None:
    """End a role at once: it does not count today any more."""
    today = clock.today()
    if membership.starts_on >= today:
        membership.delete()
    else:
        membership.end(today)
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


def end_seat(seat: Seat, *, by: User | None, successor: User | None = None) -> None:
    """End a seat as of yesterday; one given today ends today, since a successor refers to it."""
    seat.end(clock.today())
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
    if successor is None:
        held_posts.tell_if_empty(seat, by=by)


def leave(user: User, organisation: Organisation, *, by: User | None) -> None:
    """End every role and seat of a person in an organisation.

    The caller has checked the right, holds a transaction and sees to duties and to the account.
    """
    for seat in user.seats.filter(not_over(clock.today()), organisation=organisation):
        end_seat(seat, by=by)
    for membership in held_by(user, organisation):
        end_role(membership, by=by)
    user_log.record(Event.REMOVED, actor=by, subject=user, organisation=organisation)


def leave_everywhere(user: User) -> None:
    """End every role and seat of a person; each organisation's main users are told.

    For an account that closes because nobody uses it: whoever comes back is asked in by each
    organisation anew. The caller holds a transaction and the user's row.
    """
    open_roles = user.memberships.filter(not_over(clock.today()))
    for organisation in Organisation.objects.filter(pk__in=open_roles.values("organisation")):
        leave(user, organisation, by=None)
        tell_main_users(user, organisation, but=user)


def tell_main_users(leaving: User, organisation: Organisation, *, but: User) -> None:
    """Tell an organisation's main users, but for the one who did it, that someone has left."""
    notices.tell_holders("person_left", organisation, [Role.MAIN_USER], about=leaving, but=but)
