"""What of that which was given of a case still stands on the record of today (docs/rules.md section 6).

A meeting's record is mended, a pause accepted, an absence excused, a handover confirmed, a responsibility
moved: what was decided before rests on something else now. This says what does not stand any more, and why.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from orgs import clock, dates
from orgs.localised import page_language
from sanctions import grounds, ladder, neglects, remarks
from sanctions.actions import opening
from sanctions.models import Case, Decision
from sanctions.proceeding import Ground, Stage
from services.models import responsible_on
from workflow import run_clock
from workflow.models import Run

_DAY = datetime.timedelta(days=1)
_LEVELS = {Stage.FIRST: 1, Stage.SECOND: 2, Stage.THIRD: 3}
Says = Callable[[], str]


@dataclass(frozen=True)
class Wrong:
    """What does not stand: steps in order, whether the sanction does not, and the new ground by language."""

    void: tuple[str, ...]
    credits: bool
    found: dict[str, str]


def wrong_in(case: Case) -> Wrong | None:
    """Return what of the steps given does not stand; None where all does, or nothing was given."""
    given = list(case.decisions.filter(kind=Decision.Kind.GIVEN).order_by("at", "pk"))
    if not given:
        return None
    match case.ground:
        case Ground.OVERDUE:
            return _of_run(case, given)
        case Ground.COOPERATION:
            return _of_half_year(case, given)
        case Ground.HANDOVER:
            return _of_handover(case, given)
        case Ground.ERROR | Ground.NEGLECT if case.service is not None:
            return _of_partner(case, given, case.ground_on)
    return None


def _wrong(given: Sequence[Decision], void: Sequence[Decision], says: Says, *, sanction: bool) -> Wrong:
    found = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found[language] = says()
    assert set(void) <= set(given)
    return Wrong(tuple(one.stage for one in void), sanction, found)


def _carries(given: Sequence[Decision]) -> bool:
    return any(one.amount is not None for one in given)


def late_from(run: Run) -> datetime.date | None:
    """Return the day from which a run is, or was, late by the record of today; None where it is not.

    The row keeps the day on which it was flagged; what is recorded afterwards may move the due date.
    """
    due = run_clock.reckoned(run).due
    last = clock.day_of(run.closed_at) if run.closed_at else clock.today()
    in_time = due is None or (last <= due if run.closed_at else due >= last)
    return None if due is None or in_time else due + _DAY


def _of_run(case: Case, given: Sequence[Decision]) -> Wrong | None:
    run = case.run
    assert run is not None
    ground = late_from(run)
    if ground is None:
        return _wrong(given, given, lambda: _not_late(run), sanction=_carries(given))
    if (wrong := _of_partner(case, given, ground)) is not None:
        return wrong
    put_right = clock.day_of(run.closed_at) if run.closed_at else None
    climbed = ladder.climbed(ground, case.terms, put_right=put_right, until=clock.today())
    standing = {remark.level for remark in climbed}
    void = [one for one in given if _LEVELS[Stage(one.stage)] not in standing]
    if not void:
        return None
    return _wrong(given, void, lambda: _shorter(ground, put_right, void[0]), sanction=_carries(void))


def _of_partner(case: Case, given: Sequence[Decision], day: datetime.date) -> Wrong | None:
    """Return that nothing stands where another partner was responsible for the service on a day."""
    assert case.service is not None
    responsible = responsible_on(case.service, day)
    if responsible is not None and responsible.partner_id == case.partner_id:
        return None
    return _wrong(given, given, lambda: _moved(case, day), sanction=_carries(given))


def _not_late(run: Run) -> str:
    due = run_clock.reckoned(run).due
    if due is None:
        return _("By the record of today the clock stands still: the publication was not late.")
    return _("By the record of today the publication was not late: it is due on %(due)s.") % {
        "due": dates.date(due)
    }


def _moved(case: Case, ground: datetime.date) -> str:
    assert case.service is not None
    responsible = responsible_on(case.service, ground)
    if responsible is None:
        return _("By the record of today nobody was responsible for the service on %(day)s.") % {
            "day": dates.date(ground)
        }
    return _("By the record of today %(partner)s was responsible for the service on %(day)s.") % {
        "partner": responsible.partner,
        "day": dates.date(ground),
    }


def _shorter(ground: datetime.date, put_right: datetime.date | None, first: Decision) -> str:
    stage = first.get_stage_display()
    if put_right is None:
        return _("By the record of today it is late from %(day)s on: %(stage)s was given too early.") % {
            "day": dates.date(ground),
            "stage": stage,
        }
    return _(
        "By the record of today it is late from %(day)s on and was put right on %(end)s, before: %(stage)s."
    ) % {"day": dates.date(ground), "end": dates.date(put_right), "stage": stage}


def _of_half_year(case: Case, given: Sequence[Decision]) -> Wrong | None:
    if (case.partner_id, case.half_year) in neglects.grounds_of(case.ground_on.year):
        return None
    return _wrong(given, given, lambda: _nothing_in(case), sanction=_carries(given))


def _nothing_in(case: Case) -> str:
    half_year = grounds.what_of(case, page_language())
    return _("By the record of today nothing in %(half_year)s carries a sanction.") % {"half_year": half_year}


def _of_handover(case: Case, given: Sequence[Decision]) -> Wrong | None:
    handover = case.handover
    assert handover is not None
    if opening.breach_of(handover) is None:
        return _wrong(given, given, lambda: _in_time(case), sanction=_carries(given))
    if _carries(given) and _free(case, given):
        return _wrong(
            given,
            [],
            lambda: _("Of the remarks that stand this is one of those that carry no sanction."),
            sanction=True,
        )
    return None


def _in_time(case: Case) -> str:
    assert case.handover is not None
    if case.handover.excused:
        return _("A justified reason was recorded: %(reason)s") % {"reason": case.handover.excused}
    day = {"day": dates.date(case.handover.done_on or clock.today())}
    return _("By the record of today the handover was confirmed in time, on %(day)s.") % day


def _free(case: Case, given: Sequence[Decision]) -> bool:
    """Tell whether the remark is, among those that stand, one of the first that carry no sanction."""
    remark = next(one for one in given if one.amount is not None)
    earlier = remarks.on_handovers(case).filter(at__lt=remark.at)
    earlier = earlier.exclude(case__state=Case.State.GROUNDLESS)
    standing = [
        one
        for one in earlier.select_related("case__handover")
        if one.case.handover is not None and opening.breach_of(one.case.handover) is not None
    ]
    return len(standing) < case.terms.handover_free_remarks
