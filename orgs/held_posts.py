"""What hangs on one person: seats and duties.

Told before an account that holds any closes, and at once when a seat falls empty. Source: docs/rules.md
sections 7 and 10.
"""

from typing import Any

from orgs import access, clock, duties, notices
from orgs.models import Organisation, Seat, User
from orgs.models.dated import in_force
from orgs.roles import Role

Held = dict[str, Any]


def held_by(user: User) -> Held:
    """Return the seats that a person holds today, and how many duties would have to be handed over."""
    seats = user.seats.filter(in_force(clock.today())).select_related("organisation").order_by("pk")
    own = Organisation.objects.filter(memberships__in=user.memberships.filter(in_force(clock.today())))
    count = sum(len(duties.of_person(user, organisation)) for organisation in own.distinct())
    told = [
        {"organisation": seat.organisation.external_id, "body": seat.body, "seat": seat.kind}
        for seat in seats
    ]
    return {"seats": told, "duties": count}


def tell_idle(user: User, held: Held, *, blocked: str) -> None:
    """Tell the project managers that the account of someone who holds anything closes soon."""
    if held["seats"] or held["duties"]:
        for manager in access.project_managers():
            if manager != user:
                notices.tell("holder_inactive", manager, name=user.get_full_name(), blocked=blocked, **held)


def tell_if_empty(seat: Seat, *, by: User | None) -> None:
    """Tell the project managers and the partner's main users that nobody holds a seat any more."""
    others = Seat.objects.filter(
        in_force(clock.today()), organisation=seat.organisation, body=seat.body, kind=seat.kind
    )
    if others.exclude(pk=seat.pk).exists():
        return
    main_users = access.holders_in(seat.organisation, [Role.MAIN_USER])
    for person in dict.fromkeys([*access.project_managers(), *main_users]):
        if person not in (by, seat.user):
            notices.tell(
                "seat_empty", person, organisation=seat.organisation.external_id, body=seat.body,
                seat=seat.kind, name=seat.user.get_full_name(),
            )  # fmt: skip
