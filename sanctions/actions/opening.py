"""Opening cases: the sweep's from what the database says, the project manager's from what people saw."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from orgs import access, clock
from orgs.models import Agreement, Membership, Organisation, Seat, User, terms_on
from orgs.models.dated import in_force
from orgs.roles import Capability, Role
from sanctions import grounds, proceeding, telling
from sanctions import handover as rules
from sanctions.models import Case, Handover, Mention
from sanctions.proceeding import Ground
from services.models import Service, responsible_on
from workflow.actions.steps import locked_service
from workflow.models import Run


def _opened(
    ground: Ground,
    partner: Organisation,
    ground_on: datetime.date,
    agreement: Agreement,
    *,
    by: User | None = None,
    text: str = "",
    service: Service | None = None,
    run: Run | None = None,
    half_year: str = "",
    handover: Handover | None = None,
) -> Case:
    """Write a case with the stage that it begins with; the caller holds what keeps it single."""
    step = proceeding.first(ground, ground_on)
    made = Case(
        partner=partner, agreement=agreement, ground=ground, ground_on=ground_on, text=text, run=run,
        service=service, half_year=half_year, handover=handover, next_stage=step.stage, next_on=step.on,
        opened_at=clock.now(), opened_by=by,
    )  # fmt: skip
    made.as_opened = grounds.in_words(made)
    made.full_clean(exclude=["next_stage", "next_on"])
    made.save()
    return made


@transaction.atomic
def from_run(run: Run) -> Case | None:
    """Open the case of an overdue run, at most one a run; None where there is one or can be none.

    It falls on the partner responsible on the day from which the run was overdue. Source:
    docs/rules.md section 6.
    """
    service = locked_service(run.service)
    fresh = Run.objects.get(pk=run.pk)
    standing = Case.objects.filter(run=fresh).exclude(state=Case.State.GROUNDLESS)
    if fresh.overdue_from is None or standing.exists():
        return None
    agreement = Agreement.objects.covering(fresh.overdue_from)
    responsibility = responsible_on(service, fresh.overdue_from)
    if agreement is None or responsibility is None:
        return None
    return _opened(
        Ground.OVERDUE, responsibility.partner, fresh.overdue_from, agreement, service=service, run=fresh
    )


@transaction.atomic
def from_half_year(partner: Organisation, half_year: str, ground_on: datetime.date) -> Case | None:
    """Open the case of a half-year's absences, at most one a partner and half-year that counts."""
    Organisation.objects.select_for_update(no_key=True).get(pk=partner.pk)
    agreement = Agreement.objects.covering(ground_on)
    standing = Case.objects.filter(partner=partner, half_year=half_year).exclude(
        state__in=[Case.State.GROUNDLESS, Case.State.EXEMPTED]
    )
    if agreement is None or standing.exists():
        return None
    return _opened(Ground.COOPERATION, partner, ground_on, agreement, half_year=half_year)


@transaction.atomic
def from_handover(handover: Handover) -> Case | None:
    """Open the case of a handover that was not done by its due date, at most one a handover."""
    fresh = Handover.objects.select_for_update().get(pk=handover.pk)
    agreement = Agreement.objects.covering(fresh.due_on)
    standing = Case.objects.filter(handover=fresh).exclude(state=Case.State.GROUNDLESS)
    if agreement is None or standing.exists():
        return None
    ground_on = breach_of(fresh)
    if ground_on is None or ground_on > clock.today() or Agreement.objects.covering(ground_on) is None:
        return None
    return _opened(Ground.HANDOVER, fresh.partner, ground_on, agreement, handover=fresh)


def breach_of(handover: Handover) -> datetime.date | None:
    """Return the day on which a handover becomes a breach, or became one; None where it was done in time."""
    plain = rules.Handover(handover.due_on, handover.done_on, excused=bool(handover.excused))
    return rules.breached_on(plain, terms_on(handover.starts_on))


@dataclass(frozen=True)
class Raised:
    """A day on which a matter was raised, and with whom."""

    on: datetime.date
    to: User
    text: str


@transaction.atomic
def by_hand(
    partner: Organisation,
    ground: Ground,
    *,
    by: User,
    ground_on: datetime.date,
    text: str,
    mentions: Sequence[Raised],
    service: Service | None = None,
) -> Case:
    """Open a case of a recurring error or of repeated neglect, with the mentions made before.

    Raises PermissionDenied for all but the project manager, ValidationError with what is missing: the
    matter must have been raised before with a main user or seat holder of the partner (docs/rules.md
    section 6).
    """
    access.require(by, Capability.DECIDE_SANCTIONS)
    if ground not in (Ground.ERROR, Ground.NEGLECT):
        raise ValidationError({"ground": _("Only errors and neglect are recorded by hand.")})
    if not text.strip():
        raise ValidationError({"text": _("Write what is wrong, and how it affects guidance.")})
    if ground_on > clock.today():
        raise ValidationError({"ground_on": _("Choose today or an earlier day.")})
    agreement = Agreement.objects.covering(ground_on)
    if agreement is None:
        raise ValidationError({"ground_on": _("No agreement is in force on this day.")})
    if service is not None:
        responsibility = responsible_on(service, ground_on)
        if responsibility is None or responsibility.partner_id != partner.pk:
            raise ValidationError(
                {"service": _("Another partner was responsible for the service on this day.")}
            )
    _check_mentions(partner, ground_on, mentions)
    made = _opened(ground, partner, ground_on, agreement, by=by, text=text.strip(), service=service)
    for one in mentions:
        Mention.objects.create(case=made, on=one.on, to=one.to, text=one.text.strip())
    propose(made)
    return made


def _check_mentions(partner: Organisation, ground_on: datetime.date, mentions: Sequence[Raised]) -> None:
    if not mentions:
        raise ValidationError({"mentions": _("Give the day on which it was raised with the partner before.")})
    for one in mentions:
        if one.on >= ground_on:
            raise ValidationError({"mentions": _("The mention must be earlier than the breach.")})
        if not _answers_for(one.to, partner, one.on):
            raise ValidationError(
                {"mentions": _("%(name)s was no main user or seat holder of the partner on that day.")
                 % {"name": one.to.get_full_name()}}
            )  # fmt: skip


def _answers_for(user: User, partner: Organisation, day: datetime.date) -> bool:
    held = {"user": user, "organisation": partner}
    return (
        Membership.objects.filter(in_force(day), role=Role.MAIN_USER, **held).exists()
        or Seat.objects.filter(in_force(day), **held).exists()
    )


def propose(case: Case) -> bool:
    """Propose the next stage if its day has come, once; tell the project manager. The caller holds the case.

    Nothing is proposed for a day on which no agreement is in force (docs/rules.md section 6).
    """
    due = case.next_on
    if due is None or case.proposed_on is not None or due > clock.today():
        return False
    if Agreement.objects.covering(due) is None:
        return False
    case.proposed_on = due
    case.save()
    telling.proposed(case)
    return True
