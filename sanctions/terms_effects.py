"""What of cases, absences and handovers a change of the agreement's terms touches, and what it leaves."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orgs import clock, dates
from orgs.terms import SANCTIONS
from orgs.terms_effects import Change, Effect
from sanctions.models import Attendance, Case, Handover
from workflow.models import Run
from workflow.states import CLOCKED


def of(change: Change) -> Iterator[Effect]:
    """Tell of what has its ground already, which stays, and of what may get one on that day or later."""
    if cases := Case.objects.filter(state=Case.State.OPEN).count():
        text = ngettext(
            "%(count)s open case keeps the terms and sums of the day of its ground.",
            "%(count)s open cases keep the terms and sums of the days of their grounds.",
            cases,
        )
        yield Effect(text % {"count": cases}, touched=False)
    absent = Attendance.objects.filter(
        presence=Attendance.Presence.ABSENT, excused="", meeting__on__year=clock.today().year
    )
    if absences := absent.count():
        text = ngettext(
            "%(count)s absence of this year is counted by the terms of its day.",
            "%(count)s absences of this year are counted by the terms of their days.",
            absences,
        )
        yield Effect(text % {"count": absences}, touched=False)
    if SANCTIONS not in change.groups:
        return
    if waiting := Run.objects.filter(state__in=CLOCKED, overdue_from=None).count():
        text = ngettext(
            "%(count)s run that is not late now: if it becomes late on %(day)s or later, remarks and "
            "sanctions follow the new terms.",
            "%(count)s runs that are not late now: if they become late on %(day)s or later, remarks and "
            "sanctions follow the new terms.",
            waiting,
        )
        yield Effect(text % {"count": waiting, "day": dates.date(change.starts_on)}, touched=True)
    undone = Handover.objects.filter(due_on__gte=clock.today(), excused="")
    if handovers := undone.exclude(given_at__isnull=False, received_at__isnull=False).count():
        text = ngettext(
            "%(count)s handover keeps its due date; a breach on %(day)s or later follows the new terms.",
            "%(count)s handovers keep their due dates; a breach on %(day)s or later follows the new terms.",
            handovers,
        )
        yield Effect(text % {"count": handovers, "day": dates.date(change.starts_on)}, touched=True)
    yield Effect(
        _("Absences and workshops on %(day)s or later are counted by the new terms.")
        % {"day": dates.date(change.starts_on)},
        touched=True,
    )
