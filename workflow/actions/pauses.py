"""Stopping a run's clock for a justified reason, and telling the provider that it takes longer."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from orgs import clock
from orgs.models import User
from orgs.refused import NotNow
from workflow import run_clock, telling
from workflow.actions.steps import begin
from workflow.events import Kind, record
from workflow.models import ExtensionNotice, Pause, Run
from workflow.states import Step

Reason = Pause.Reason
# "The provider owes a clarification" is always a return: a task for the provider goes with it.
BY_HAND = (Reason.LEGAL, Reason.OTHER)


@transaction.atomic
def pause(
    run: Run,
    *,
    by: User,
    reason: Pause.Reason,
    text: str,
    first_day: datetime.date | None = None,
    until: datetime.date | None = None,
) -> Pause:
    """Stop the clock from today, or record earlier days on which it stood.

    Earlier days, and another reason than those of the agreement, count once the project manager
    accepts them. Raises ValidationError where the text is missing, the days are not within the run's
    days so far, or the reason is the provider's, which only a return gives.
    """
    run = begin(run, Step.PAUSE, by)
    if reason not in BY_HAND:
        raise ValidationError({"reason": _("Return the content: the provider is told what to do.")})
    _check_days(run, first_day or clock.today(), until, clock.today())
    if not text.strip():
        raise ValidationError({"text": _("Write what is being clarified.")})
    made = Pause.recorded(run, reason, text.strip(), first_day=first_day, until=until, by=by)
    made.full_clean()
    made.save()
    run_clock.refresh(run)
    days = {"first_day": made.first_day.isoformat(), "until": made.until and made.until.isoformat()}
    waits = made.accepted is None
    record(
        Kind.PAUSED, run.service, run=run, by=by, reason=made.reason, text=made.text, days=days, waits=waits
    )  # fmt: skip
    telling.paused(made, by=by)
    return made


def _check_days(run: Run, first: datetime.date, until: datetime.date | None, today: datetime.date) -> None:
    assert run.submitted_at is not None, "only a submitted run has a clock"
    submitted = clock.day_of(run.submitted_at)
    if not submitted <= first <= today:
        raise ValidationError({"first_day": _("Choose a day from the submission to today.")})
    if until is not None and not first < until <= today:
        raise ValidationError({"until": _("Choose a day after the first, today at the latest.")})


@transaction.atomic
def resume(one: Pause, *, by: User) -> Pause:
    """Start the clock again. What the provider owes ends when the provider submits again."""
    run = begin(one.run, Step.RESUME, by)
    fresh = Pause.objects.select_for_update().get(pk=one.pk)
    if fresh.until is not None:
        raise NotNow(_("the clock is running"))
    if fresh.reason == Reason.PROVIDER and run.state == Run.State.WAITING:
        raise NotNow(run.get_state_display())
    fresh.until, fresh.closed_by = max(clock.today(), fresh.first_day), by
    fresh.save()
    run_clock.refresh(run)
    record(Kind.RESUMED, run.service, run=run, by=by, reason=fresh.reason)
    return fresh


@transaction.atomic
def decide(one: Pause, *, by: User, accepted: bool, reason: str = "") -> Pause:
    """Accept a pause that waits for it, or refuse any with a reason: the project manager's to say.

    The run's dates are reckoned anew. Source: docs/rules.md section 5.
    """
    run = begin(one.run, Step.DECIDE_PAUSE, by)
    fresh = Pause.objects.select_for_update().get(pk=one.pk)
    if fresh.decided_by_id is not None or (accepted and fresh.accepted):
        raise NotNow(_("the reason has been decided"))
    if not accepted and not reason.strip():
        raise ValidationError({"reason": _("Write why the reason is not accepted.")})
    fresh.accepted, fresh.decided_by, fresh.decision = accepted, by, reason.strip()
    fresh.save()
    run_clock.refresh(run)
    kind = Kind.PAUSE_ACCEPTED if accepted else Kind.PAUSE_REFUSED
    record(kind, run.service, run=run, by=by, text=fresh.text, reason=fresh.decision)
    telling.pause_decided(fresh, by=by)
    return fresh


@transaction.atomic
def lengthen(run: Run, *, by: User, reason: str) -> Run:
    """Take the terms of a new service for an update: its instructions need separate clarification.

    Only before the shorter due date has passed, and not again once the project manager has refused
    it. Source: docs/rules.md section 5. Raises ValidationError without a reason.
    """
    run = begin(run, Step.LENGTHEN, by)
    if not reason.strip():
        raise ValidationError({"reason": _("Write what must be clarified.")})
    if run.longer or run.kind == Run.Kind.NEW:
        raise NotNow(_("the longer terms hold already"))
    if run.longer_refused:
        raise NotNow(_("the project manager has refused the longer terms"))
    if run_clock.is_overdue(run):
        raise NotNow(_("the due date has passed"))
    run.longer, run.longer_reason = True, reason.strip()
    run.save()
    run_clock.refresh(run)
    record(Kind.LENGTHENED, run.service, run=run, by=by, reason=run.longer_reason)
    telling.lengthened(run, by=by)
    return run


@transaction.atomic
def refuse_longer(run: Run, *, by: User, reason: str) -> Run:
    """Take the longer terms back: the shorter ones hold from the day of submission on."""
    run = begin(run, Step.REFUSE_LONGER, by)
    if not run.longer:
        raise NotNow(run.get_state_display())
    if not reason.strip():
        raise ValidationError({"reason": _("Write why the longer terms are refused.")})
    run.longer, run.longer_refused = False, True
    run.save()
    run_clock.refresh(run)
    record(Kind.LONGER_REFUSED, run.service, run=run, by=by, reason=reason.strip())
    telling.longer_refused(run, reason.strip(), by=by)
    return run


@transaction.atomic
def tell_extension(run: Run, *, by: User, text: str, estimate_on: datetime.date) -> ExtensionNotice:
    """Tell the provider why publication takes longer than agreed, and the new estimate.

    Source: docs/rules.md section 5. Raises ValidationError where a reason or a day to come is missing.
    """
    run = begin(run, Step.EXTEND, by)
    if not text.strip():
        raise ValidationError({"text": _("Write why it takes longer.")})
    if estimate_on < clock.today():
        raise ValidationError({"estimate_on": _("Give a day that is still to come.")})
    run.estimate_on = estimate_on
    run.save()
    sent = ExtensionNotice.objects.create(
        run=run, text=text.strip(), estimate_on=estimate_on, sent_at=clock.now(), sent_by=by
    )
    record(Kind.ESTIMATED, run.service, run=run, by=by, text=sent.text, estimate=estimate_on.isoformat())
    telling.extended(sent, by=by)
    return sent
