"""What happened on which days, as a letter tells it: labels and values in the language of the letter."""

import datetime
from collections.abc import Iterator

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs import clock, dates
from sanctions import grounds, neglects
from sanctions.attendance import Counted, Kind
from sanctions.models import Case
from sanctions.proceeding import Ground
from workflow.models import HolidaySeason, Pause, Run

Fact = tuple[str, str]
_DAY = datetime.timedelta(days=1)


def facts_of(case: Case, language: str) -> list[Fact]:
    """Return the facts that the case rests on, as they are on record now."""
    if case.ground == Ground.COOPERATION:
        return list(_neglects(case))
    if case.ground == Ground.HANDOVER:
        return list(_handover(case))
    return [(_("Service"), grounds.what_of(case, language)), *_of_content(case)]


def _of_content(case: Case) -> Iterator[Fact]:
    if case.run is not None:
        yield from _run(case.run)
        yield _("Late from"), dates.date(case.ground_on)
        return
    yield _("Found again on"), dates.date(case.ground_on)
    for one in case.mentions.select_related("to"):
        yield _("Raised with the partner"), f"{dates.date(one.on)}, {one.to.get_full_name()}: {one.text}"


def _run(run: Run) -> Iterator[Fact]:
    assert run.submitted_at is not None
    submitted = clock.day_of(run.submitted_at)
    yield _("Submitted for review"), dates.date(submitted)
    stops = [*_pauses(run), *_seasons(submitted, run.due_on or clock.today())]
    yield _("The clock stood still"), "; ".join(stops) or _("not at all")
    yield _("Due"), dates.date(run.due_on) if run.due_on else _("not known yet")
    closed = clock.day_of(run.closed_at) if run.closed_at else None
    yield _("Published"), dates.date(closed) if closed else _not_yet()


def _not_yet() -> str:
    return _("not by %(day)s") % {"day": dates.date(clock.today())}


def _pauses(run: Run) -> Iterator[str]:
    for pause in run.pauses.all():
        if pause.accepted:
            last = (pause.until or clock.today()) - _DAY
            reason = Pause.Reason(pause.reason).label
            yield f"{dates.period(pause.first_day, max(last, pause.first_day))} ({reason})"


def _seasons(first: datetime.date, last: datetime.date) -> Iterator[str]:
    words = _("holiday season")
    for season in HolidaySeason.objects.filter(first_day__lte=last, last_day__gte=first):
        yield f"{dates.period(season.first_day, season.last_day)} ({words})"


_NEGLECTED = {
    Kind.STEERING_ABSENCE: gettext_lazy("steering group, absence number %(number)s of the year"),
    Kind.WORKING_ABSENCE: gettext_lazy("working group, absence number %(number)s of the year"),
    Kind.FACILITATION: gettext_lazy("a policy workshop that was not facilitated"),
}


def _neglects(case: Case) -> Iterator[Fact]:
    """Yield what was neglected in the year up to the end of the case's half of it."""
    counted = neglects.counted_of(case.ground_on.year).get(case.partner_id, [])
    for one in counted:
        if neglects.name_of(one.neglect.on) <= case.half_year:
            yield dates.date(one.neglect.on), _neglected(one)


def _neglected(one: Counted) -> str:
    words = str(_NEGLECTED[one.neglect.kind]) % {"number": one.number}
    sanctionable = _("sanctionable")
    return f"{words} ({sanctionable})" if one.sanctionable else words


def _handover(case: Case) -> Iterator[Fact]:
    one = case.handover
    assert one is not None
    yield _("What changed"), f"{one.get_reason_display()}, {dates.date(one.starts_on)}"
    yield _("Predecessor"), one.giver.get_full_name()
    yield _("Successor"), one.receiver.get_full_name()
    yield _("Due"), dates.date(one.due_on)
    done = [
        f"{name} {dates.date(clock.day_of(at))}"
        for name, at in ((_("Predecessor"), one.given_at), (_("Successor"), one.received_at))
        if at
    ]
    yield _("Confirmed"), get_text_list(done, _("and")) or _not_yet()
