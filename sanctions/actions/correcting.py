"""Corrections: proposed by the sweep on the day they are found, given or refused by the project manager."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from orgs import access, clock
from orgs.models import User
from orgs.refused import NotNow
from orgs.roles import Capability
from sanctions import ledger, proceeding, standing, telling
from sanctions.actions.deciding import close_case, decide, locked, reason_of
from sanctions.letters import writing
from sanctions.models import Case, Correction, Decision, LedgerEntry
from sanctions.proceeding import Ground, Stage

State = Correction.State
# Cases whose steps may be found wrong: what was exempted or put right asks for nothing any more.
WITH_STEPS = (Case.State.OPEN, Case.State.SANCTIONED, Case.State.REMARKED)
REOPENS = (Case.State.PUT_RIGHT, Case.State.EXEMPTED)


def look_at(case: Case) -> Correction | None:
    """Propose what of a case does not stand any more, once; let lapse what the record bears out again.

    Returns the correction that is new. One that was refused is not proposed again for the same. Nothing is
    locked where nothing is to be done: this looks at every case in which something was ever given.
    """
    return None if _is_proposed(case, _wanted(case)) else _propose(case)


@transaction.atomic
def _propose(case: Case) -> Correction | None:
    case = locked(case)
    wanted = _wanted(case)
    if case.state not in WITH_STEPS or _is_proposed(case, wanted):
        return None
    for other in case.corrections.filter(state=State.PROPOSED):
        other.state, other.decided_on = State.LAPSED, clock.today()
        other.save()
    if wanted is None:
        return None
    made = Correction.objects.create(
        case=case, void=list(wanted.void), credits=wanted.credits, found=wanted.found,
        proposed_on=clock.today(),
    )  # fmt: skip
    telling.correction_proposed(made)
    return made


def _wanted(case: Case) -> standing.Wrong | None:
    """Return what is to be proposed of a case now; None where all stands, or the same was decided before."""
    wrong = standing.wrong_in(case)
    over = case.corrections.filter(state__in=[State.GIVEN, State.REFUSED])
    return None if wrong is None or any(_same(one, wrong) for one in over) else wrong


def _is_proposed(case: Case, wanted: standing.Wrong | None) -> bool:
    """Tell whether what waits for a decision is just that; where nothing is wanted, whether nothing waits."""
    proposed = case.corrections.filter(state=State.PROPOSED).first()
    if proposed is None or wanted is None:
        return proposed is None and wanted is None
    return _same(proposed, wanted)


def _same(one: Correction, wrong: standing.Wrong) -> bool:
    return (tuple(one.void), one.credits, one.found) == (wrong.void, wrong.credits, wrong.found)


def _begin(correction: Correction, by: User) -> tuple[Case, Correction]:
    access.require(by, Capability.DECIDE_SANCTIONS)
    case = locked(correction.case)
    fresh = Correction.objects.get(pk=correction.pk)
    if fresh.state != State.PROPOSED:
        raise NotNow(fresh.get_state_display())
    return case, fresh


def _end(correction: Correction, state: Correction.State, by: User, text: str) -> None:
    correction.state, correction.decided_on, correction.decided_by = state, clock.today(), by
    correction.text = text.strip()
    correction.save()


@transaction.atomic
def give(correction: Correction, *, by: User, text: str = "") -> Decision:
    """Correct the case: void what does not stand, credit what is left of the sanction; told by letter.

    Raises PermissionDenied, NotNow where it was decided or lapsed.
    """
    case, correction = _begin(correction, by)
    _end(correction, State.GIVEN, by, text)
    given = case.decisions.filter(kind=Decision.Kind.GIVEN)
    language = case.partner.letter_language
    words = " ".join(filter(None, [correction.found.get(language, ""), text.strip()]))
    whole = set(correction.void) == set(given.values_list("stage", flat=True))
    kind = Decision.Kind.GROUNDLESS if whole else Decision.Kind.CORRECTED
    made = decide(case, kind, by, text=words)
    if whole:
        close_case(case, Case.State.GROUNDLESS, clock.today())
    elif correction.credits:
        close_case(case, _without_sanction(case), case.closed_on or clock.today())
    writing.of_decision(made)
    if correction.credits:
        entry = case.ledger.get(kind=LedgerEntry.Kind.SANCTION)
        if (left := entry.left) > 0:
            ledger.credit(entry, by=by, amount=left, grounds=words)
    return made


def _without_sanction(case: Case) -> Case.State:
    """Return where a case stands whose sanction was wrong and whose remarks were not."""
    return Case.State.REMARKED if case.ground == Ground.HANDOVER else Case.State.PUT_RIGHT


@transaction.atomic
def refuse(correction: Correction, *, by: User, text: str) -> Correction:
    """Leave the case as it is, for a reason that stays on record."""
    _case, correction = _begin(correction, by)
    _end(correction, State.REFUSED, by, reason_of(text, _("Write why the case stays as it is.")))
    return correction


@transaction.atomic
def reopen(case: Case, *, by: User, text: str) -> Decision:
    """Open a case again that was ended by mistake: it goes on where it was. The partner gets a letter.

    Raises PermissionDenied, NotNow where it was not ended by hand, ValidationError without a reason.
    """
    access.require(by, Capability.DECIDE_SANCTIONS)
    case = locked(case)
    if case.state not in REOPENS:
        raise NotNow(case.get_state_display())
    text = reason_of(text, _("Write why the case is opened again."))
    alike = Case.objects.filter(partner=case.partner_id, half_year=case.half_year).exclude(pk=case.pk)
    if case.half_year and alike.exclude(state__in=[Case.State.GROUNDLESS, Case.State.EXEMPTED]).exists():
        raise ValidationError({"text": _("Another case of the half-year is open or has been decided.")})
    last = case.decisions.filter(kind=Decision.Kind.GIVEN).order_by("at", "pk").last()
    step = proceeding.first(Ground(case.ground), case.ground_on)
    if last is not None:
        following = proceeding.following(Stage(last.stage), last.on, case.terms)
        if following is None:
            raise NotNow(case.get_state_display())
        step = following
    case.state, case.closed_on = Case.State.OPEN, None
    case.next_stage, case.next_on, case.proposed_on = step.stage, max(step.on, clock.today()), None
    case.save()
    made = decide(case, Decision.Kind.REOPENED, by, text=text)
    writing.of_decision(made)
    return made
