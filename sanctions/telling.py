"""The notices of cases: who is told what, in the transaction of what it tells of."""

import datetime
from collections.abc import Collection

from orgs import access, clock, notices
from orgs.models import Agreement, Organisation, Seat, User
from orgs.models.dated import in_force
from orgs.roles import Body, Role, SeatKind
from sanctions.models import Answer, Case, Correction, Decision, Meeting


def of_partner(
    partner: Organisation, *bodies: Body, seats: Collection[SeatKind] = (SeatKind.MEMBER,)
) -> list[User]:
    """Return the partner's main users and those who hold its seats in the bodies, each once."""
    people = list(access.holders_in(partner, [Role.MAIN_USER]).order_by("full_name", "pk"))
    held = Seat.objects.filter(
        in_force(clock.today()),
        organisation=partner,
        body__in=bodies,
        kind__in=seats,
        user__is_active=True,
    )
    return list(dict.fromkeys([*people, *(seat.user for seat in held.select_related("user"))]))


def proposed(case: Case) -> None:
    """Tell the project manager that a step waits for a decision."""
    for person in access.project_managers():
        notices.tell("case_proposed", person, case=case.pk, stage=case.next_stage)


def decided(decision: Decision) -> None:
    """Tell the partner of a decision that ends nothing and asks for nothing, once a step had been given."""
    case = decision.case
    if case.decisions.filter(kind=Decision.Kind.GIVEN).exists():
        for person in of_partner(case.partner, Body.WORKING_GROUP):
            notices.tell("case_decided", person, case=case.pk, decision=decision.pk)


def correction_proposed(correction: Correction) -> None:
    """Tell the project manager that something that was given does not stand any more."""
    for person in access.project_managers():
        notices.tell("correction_proposed", person, case=correction.case_id, correction=correction.pk)


def answered(answer: Answer) -> None:
    """Tell the project manager that the partner has answered."""
    for person in access.project_managers():
        notices.tell("case_answered", person, case=answer.case_id, actor=answer.by.full_name)


def steering_seats() -> list[User]:
    """Return those who hold a seat in the steering group today, members and deputies."""
    return _seats(Body.STEERING_GROUP)


def _seats(body: Body) -> list[User]:
    held = Seat.objects.filter(in_force(clock.today()), body=body, user__is_active=True)
    return list(User.objects.filter(pk__in=held.values("user")).order_by("pk"))


def absence_warning(partner: Organisation, body: Body, on: datetime.date) -> None:
    """Tell a partner, as it was absent, that the next absence from a body carries a sanction."""
    for person in of_partner(partner, body):
        notices.tell(
            "absence_warning", person, partner=partner.external_id, body=body.value, on=on.isoformat()
        )


def workshop_planned(workshop: Meeting) -> None:
    """Tell the partner whose turn it is to facilitate a workshop."""
    for person in of_partner(workshop.host, Body.WORKING_GROUP, seats=list(SeatKind)):
        notices.tell("workshop_planned", person, workshop=workshop.pk)


def workshop_off(workshop: Meeting, facilitator: Organisation) -> None:
    """Tell a partner that a workshop is not its turn any more, or not held."""
    for person in of_partner(facilitator, Body.WORKING_GROUP, seats=list(SeatKind)):
        notices.tell("workshop_off", person, on=workshop.on.isoformat(), partner=facilitator.external_id)


def workshop_written(workshop: Meeting, which: str, by: User) -> None:
    """Tell the working group that the material or the notes of a workshop can be read."""
    for person in _seats(Body.WORKING_GROUP):
        if person != by:
            notices.tell("workshop_written", person, workshop=workshop.pk, which=which)


def taken_to_steering(case: Case) -> None:
    """Tell the seats of the steering group that a case waits for the group's decision."""
    for person in steering_seats():
        notices.tell("case_to_steering", person, case=case.pk)


def decisions_wait(person: User, count: int, days: int) -> None:
    """Remind a project manager of what waits for a decision, and for how many days the oldest has."""
    notices.tell("decisions_wait", person, count=count, days=days)


def agreement_ends(agreement: Agreement) -> None:
    """Tell the project manager and the steering group's seats that the agreement ends soon."""
    for person in dict.fromkeys([*access.project_managers(), *steering_seats()]):
        notices.tell("agreement_ends", person, agreement=agreement.pk)
