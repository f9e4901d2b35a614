"""Deciding of cases: what the project manager says to a proposal, and what the agreement's dates end.

Each locks the case first; of two who decide at once the second is told that it has been decided.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from orgs import access, clock, dates
from orgs.actors import System, person_and_system
from orgs.models import Agreement, Organisation, User
from orgs.refused import NotNow, Refused
from orgs.roles import Capability
from sanctions import ledger, proceeding, remarks, telling
from sanctions.actions import handing_over, meetings
from sanctions.grounds import for_the_ledger
from sanctions.letters import writing
from sanctions.models import Case, Decision
from sanctions.proceeding import Ground, Stage

Kind = Decision.Kind
State = Case.State


def locked(case: Case) -> Case:
    """Return the case, locked; the caller holds a transaction."""
    found = Case.objects.select_for_update(of=("self",)).select_related(
        "partner", "agreement", "run", "service", "handover"
    )
    return found.get(pk=case.pk)


def _begin(case: Case, by: User, stage: str | None = None) -> Case:
    """Lock the case and check that `by` decides, that it is open and that `stage` is what is proposed."""
    access.require(by, Capability.DECIDE_SANCTIONS)
    fresh = locked(case)
    if not fresh.is_open:
        raise NotNow(fresh.get_state_display())
    if stage is not None and (fresh.next_stage != stage or fresh.proposed_on is None):
        raise NotNow(fresh.get_next_stage_display())
    return fresh


@dataclass(frozen=True)
class Discussion:
    """A discussion with a partner: on which day, and with whom."""

    on: datetime.date | None
    person: str


def decide(case: Case, kind: Decision.Kind, by: User | System, **more: Any) -> Decision:
    """Write down what was decided of a case that the caller holds, today unless `on` says otherwise."""
    actor, actor_as = person_and_system(by)
    more.setdefault("on", clock.today())
    made = Decision(case=case, kind=kind, at=clock.now(), actor=actor, actor_as=actor_as, **more)
    made.full_clean()
    made.save()
    return made


def close_case(case: Case, state: Case.State, on: datetime.date) -> None:
    """Close a case that the caller holds: nothing follows any more."""
    case.state, case.closed_on = state, on
    case.next_stage, case.next_on, case.proposed_on = "", None, None
    case.save()


def reason_of(text: str, asked: str) -> str:
    """Return the reason that was written; raises ValidationError with what was asked where there is none."""
    if not text.strip():
        raise ValidationError({"text": asked})
    return text.strip()


def _held(case: Case, discussion: Discussion | None, text: str) -> dict[str, Any]:
    """Return what is kept of a discussion; raises ValidationError with what is not told of it."""
    wrong = {}
    on, person = (discussion.on, discussion.person.strip()) if discussion else (None, "")
    if on is None or not case.ground_on <= on <= clock.today():
        wrong["held_on"] = _("Give the day of the discussion, from the breach to today.")
    if not person:
        wrong["held_with"] = _("Write with whom of the partner it was held.")
    if not text.strip():
        wrong["text"] = _("Write what was said.")
    if wrong:
        raise ValidationError(wrong)
    return {"held_on": on, "held_with": person}


def _resolved(case: Case, steering: str) -> str:
    """Return the steering group's decision that is carried out; a case that is with the group waits for one.

    With it the case is no longer with the group.
    """
    if not case.with_steering:
        return ""
    if not steering.strip():
        asked = _("The case is with the steering group: name its meeting and decision.")
        raise ValidationError({"steering": asked})
    case.with_steering = False
    return steering.strip()


def amount_proposed(case: Case) -> Decimal | None:
    """Return the sanction that the case's next stage would carry now."""
    if not case.next_stage:
        return None
    before = remarks.on_handovers(case).count() if case.ground == Ground.HANDOVER else 0
    return proceeding.amount_of(Stage(case.next_stage), case.terms, remarks_before=before)


@transaction.atomic
def give(
    case: Case,
    stage: str,
    *,
    by: User,
    text: str = "",
    steering: str = "",
    discussion: Discussion | None = None,
) -> Decision:
    """Accept the proposed stage: the remark is given today, and a sanction goes into the ledger.

    A discussion has been held when it is recorded: `discussion` says when and with whom, `text` what was
    said. Raises PermissionDenied, NotNow where another has decided, Refused where no agreement covers the
    ground, ValidationError for a discussion of which something is not told.
    """
    case = _begin(case, by, stage)
    if Agreement.objects.covering(case.ground_on) is None:
        raise Refused(
            _("No agreement was in force on %(day)s, the day of the ground: no step can be given.")
            % {"day": dates.date(case.ground_on)}
        )
    resolved = _resolved(case, steering)
    held = _held(case, discussion, text) if stage == Stage.DISCUSSION else {}
    if case.ground == Ground.HANDOVER:
        # Its remarks are counted: one at a time.
        Organisation.objects.select_for_update(no_key=True).get(pk=case.partner_id)
    amount, terms, today = amount_proposed(case), case.terms, clock.today()
    made = decide(
        case, Kind.GIVEN, by, stage=stage, text=text.strip(), amount=amount, steering=resolved,
        put_right_by=proceeding.put_right_by(Stage(stage), today, terms), **held,
    )  # fmt: skip
    if amount is not None:
        ledger.append_sanction(case, amount, grounds=for_the_ledger(case, made), by=by)
    step = proceeding.following(Stage(stage), today, terms)
    if step is None:
        close_case(case, State.REMARKED if amount is None else State.SANCTIONED, today)
    else:
        case.next_stage, case.next_on, case.proposed_on = step.stage, step.on, None
        case.save()
    writing.of_decision(made)
    return made


@transaction.atomic
def postpone(case: Case, stage: str, *, by: User, until: datetime.date, text: str) -> Decision:
    """Leave the proposal until a day; the partner has that much longer to put things right."""
    case = _begin(case, by, stage)
    text = reason_of(text, _("Write why the decision waits."))
    if until <= clock.today():
        raise ValidationError({"until": _("Choose a day that is still to come.")})
    made = decide(case, Kind.POSTPONED, by, stage=stage, text=text, until=until)
    case.next_on, case.proposed_on = until, None
    case.save()
    telling.decided(made)
    return made


@transaction.atomic
def exempt(case: Case, *, by: User, text: str, steering: str = "") -> Decision:
    """Let the breach go for a justified reason, which stays on record (docs/rules.md section 6)."""
    case = _begin(case, by)
    text = reason_of(text, _("Write the justified reason."))
    made = decide(case, Kind.EXEMPTED, by, text=text, steering=_resolved(case, steering))
    # What is excused counts for nothing any more, neither in a half-year nor as a breach.
    if case.ground == Ground.COOPERATION:
        meetings.excuse(case.partner, case.ground_on, text, by=by)
    elif case.handover is not None:
        handing_over.excuse(case.handover, text)
    close_case(case, State.EXEMPTED, clock.today())
    writing.of_decision(made)
    return made


@transaction.atomic
def close(case: Case, *, by: User, on: datetime.date, text: str, steering: str = "") -> Decision:
    """Close the case as put right on a day, and say how; a run that is still open is not put right yet."""
    case = _begin(case, by)
    text = reason_of(text, _("Write how it was put right."))
    if case.run is not None and case.run.is_open:
        still = _("The publication is still under way: it is put right once it is over.")
        raise ValidationError({"on": still})
    if not case.ground_on <= on <= clock.today():
        raise ValidationError({"on": _("Choose a day from the breach to today.")})
    made = decide(case, Kind.PUT_RIGHT, by, on=on, text=text, steering=_resolved(case, steering))
    close_case(case, State.PUT_RIGHT, on)
    writing.of_decision(made)
    return made


@transaction.atomic
def take_to_steering(case: Case, *, by: User, text: str) -> Decision:
    """Take an unclear case to the steering group, whose seats are told; it waits for the group's decision."""
    case = _begin(case, by)
    if case.with_steering:
        raise NotNow(_("taken to the steering group"))
    made = decide(case, Kind.TO_STEERING, by, text=reason_of(text, _("Write what is unclear.")))
    case.with_steering = True
    case.save()
    telling.decided(made)
    telling.taken_to_steering(case)
    return made


@transaction.atomic
def put_right(case: Case, on: datetime.date) -> Decision | None:
    """Close a case that was put right by the end of its term; None where it was not."""
    case = locked(case)
    if not case.ends_if_put_right(on):
        return None
    made = decide(case, Kind.PUT_RIGHT, System.SCHEDULE, on=on)
    close_case(case, State.PUT_RIGHT, on)
    writing.of_decision(made)
    return made


@transaction.atomic
def fall_away(case: Case) -> Decision | None:
    """Close a case whose ground is none any more: a reason was accepted, or a record was mended."""
    case = locked(case)
    if not case.is_open:
        return None
    made = decide(case, Kind.GROUNDLESS, System.SCHEDULE)
    close_case(case, State.GROUNDLESS, clock.today())
    writing.of_decision(made)
    return made
