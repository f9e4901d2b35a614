"""Writing letters: numbered within the year, frozen with their file and recipients, told at once."""

from collections.abc import Sequence

from django.db import connection
from django.template.loader import render_to_string
from django.utils import translation

from orgs import clock, notices
from orgs.models import Organisation, User
from orgs.models.dated import in_force
from orgs.roles import Body, Role, SeatKind
from orgs.wording import lower_first
from sanctions import grounds, telling
from sanctions.letters import content
from sanctions.letters.blocks import parts_of
from sanctions.letters.pdf import pdf_of
from sanctions.models import Case, Decision, LedgerEntry, Letter
from sanctions.proceeding import Stage

_LOCK = 7_305_012  # of the numbers, among PostgreSQL's advisory locks
Kind = Letter.Kind
_ENDS = {
    Decision.Kind.EXEMPTED: Kind.EXEMPTION,
    Decision.Kind.PUT_RIGHT: Kind.PUT_RIGHT,
    Decision.Kind.GROUNDLESS: Kind.VOID,
    Decision.Kind.CORRECTED: Kind.CORRECTION,
    Decision.Kind.REOPENED: Kind.REOPENING,
}


def kind_of(decision: Decision) -> Letter.Kind | None:
    """Return the letter that a decision asks for; None where the partner gets none.

    A step, an exemption and the opening of a case that was ended always; what ends or corrects a case only
    once a step had been given: before, the partner was told of nothing. That a proposal waits or was taken
    to the steering group is told by mail alone.
    """
    if decision.kind == Decision.Kind.GIVEN:
        if decision.stage == Stage.DISCUSSION:
            return Kind.DISCUSSION
        return Kind.REMARK if decision.amount is None else Kind.SANCTION
    kind = _ENDS.get(Decision.Kind(decision.kind))
    if kind in (Kind.EXEMPTION, Kind.REOPENING):
        return kind
    return kind if decision.case.decisions.filter(kind=Decision.Kind.GIVEN).exists() else None


def of_decision(decision: Decision) -> Letter | None:
    """Write and send the letter on a decision, where it asks for one; the caller holds the case."""
    kind = kind_of(decision)
    if kind is None:
        return None
    case, language = decision.case, decision.case.partner.letter_language
    with translation.override(language):
        said = content.of_decision(decision, language)
        signed = content.signed_by(decision.actor, str(decision.get_actor_as_display()))
    bodies = [Body.WORKING_GROUP]
    if decision.stage == Stage.THIRD or decision.amount is not None:
        # Of a sanction its member in the steering group is told, too (docs/rules.md section 6).
        bodies.append(Body.STEERING_GROUP)
    return _write(case, kind, said, signed, bodies, decision=decision)


def of_credit(entry: LedgerEntry) -> Letter:
    """Write and send the letter on a credit; the caller holds the case."""
    case, language = entry.case, entry.case.partner.letter_language
    with translation.override(language):
        said = content.of_credit(entry, language)
        signed = content.signed_by(entry.by, "")
    return _write(case, Kind.CREDIT, said, signed, [Body.WORKING_GROUP, Body.STEERING_GROUP], entry=entry)


def _write(
    case: Case,
    kind: Letter.Kind,
    said: content.Context,
    signed: str,
    bodies: Sequence[Body],
    *,
    decision: Decision | None = None,
    entry: LedgerEntry | None = None,
) -> Letter:
    language = case.partner.letter_language
    people = telling.of_partner(case.partner, *bodies)
    with translation.override(language):
        parts = parts_of(render_to_string(f"letters/{language}/{kind}.txt", said))
        recipients = [
            {"name": one.get_full_name(), "as": held_by(one, case.partner, bodies)} for one in people
        ]
        sender = content.sender(language)
    today = clock.today()
    made = Letter(
        year=today.year, number=_next_number(today.year), kind=kind, partner=case.partner, case=case,
        decision=decision, entry=entry, on=today, at=clock.now(), language=language, title=parts.title[:300],
        sender=sender, recipient=grounds.partner_of(case, language), signed=signed, blocks=parts.blocks,
        recipients=recipients,
    )  # fmt: skip
    made.pdf = pdf_of(made)
    made.save(force_insert=True)
    for person in people:
        notices.tell("letter", person, letter=made.pk, case=case.pk)
    return made


def held_by(person: User, partner: Organisation, bodies: Sequence[Body]) -> str:
    """Return as what someone gets the letter: the seat, else main user."""
    seats = person.seats.filter(
        in_force(clock.today()), organisation=partner, body__in=bodies, kind=SeatKind.MEMBER
    )
    held = {seat.body for seat in seats}
    for body in (Body.STEERING_GROUP, Body.WORKING_GROUP):
        if body in held:
            return f"{Body(body).label}, {lower_first(str(SeatKind.MEMBER.label))}"
    return lower_first(str(Role.MAIN_USER.label))


def _next_number(year: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    last = Letter.objects.filter(year=year).order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1
