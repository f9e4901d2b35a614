"""What falls due in cases: opened, proposed and ended on their days, however late a sweep comes.

Runs after the pipeline's own sweep, in the same job. Each case is handled in a transaction of its own.
"""

import datetime
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import Exists, OuterRef

from orgs import clock
from orgs.models import Agreement, Organisation
from sanctions import neglects
from sanctions.actions import deciding, handing_over, opening
from sanctions.models import Case, Handover
from sanctions.proceeding import Ground
from workflow.models import Run

State = Case.State


def sweep() -> list[str]:
    """Do everything that is due in cases today; return what was done, a line each."""
    made = handing_over.open_due()
    return [
        *(f"handover {one.pk}" for one in made),
        *_end_content(),
        *_end_cooperation(),
        *_end_handovers(),
        *(f"{case.pk} opened" for case in _opened()),
        *_propose(),
    ]


def _open(ground: Ground) -> list[Case]:
    cases = Case.objects.filter(state=State.OPEN, ground=ground).order_by("pk")
    return list(cases.select_related("run", "handover", "agreement"))


def _end_content() -> Iterator[str]:
    """End the cases of runs that were published in time, or are not overdue any more."""
    for case in _open(Ground.OVERDUE):
        run = case.run
        assert run is not None
        if run.overdue_from is None:
            if deciding.fall_away(case):
                yield f"{case.pk} groundless"
        elif run.closed_at is not None:
            day = clock.day_of(run.closed_at)
            if deciding.put_right(case, day):
                yield f"{case.pk} put_right"


def _end_cooperation() -> Iterator[str]:
    """End the cases of half-years that, with a mended record, carry no sanction, or another day's."""
    cases = _open(Ground.COOPERATION)
    grounds = _grounds({case.ground_on.year for case in cases})
    for case in cases:
        if grounds.get((case.partner_id, case.half_year)) != case.ground_on and deciding.fall_away(case):
            yield f"{case.pk} groundless"


def _end_handovers() -> Iterator[str]:
    """End the cases of handovers that have been done meanwhile, or were excused."""
    for case in _open(Ground.HANDOVER):
        handover = case.handover
        assert handover is not None
        if opening.breach_of(handover, case.agreement) is None:
            if deciding.fall_away(case):
                yield f"{case.pk} groundless"
        elif handover.done_on is not None and deciding.put_right(case, handover.done_on):
            yield f"{case.pk} put_right"


def _opened() -> Iterator[Case]:
    standing = Case.objects.exclude(state=State.GROUNDLESS)
    late = Run.objects.filter(
        ~Exists(standing.filter(run=OuterRef("pk"))), overdue_from__isnull=False
    ).order_by("overdue_from", "pk")
    found = [opening.from_run(run) for run in late.select_related("service")]
    undone = Handover.objects.filter(
        ~Exists(standing.filter(handover=OuterRef("pk"))), due_on__lt=clock.today(), excused=""
    ).order_by("due_on", "pk")
    found += [opening.from_handover(one) for one in undone]
    counting = Case.objects.exclude(state__in=[State.GROUNDLESS, State.EXEMPTED])
    known = set(counting.values_list("partner", "half_year"))
    for (partner, half_year), day in sorted(_grounds(_years()).items()):
        if (partner, half_year) not in known:
            found.append(opening.from_half_year(Organisation.objects.get(pk=partner), half_year, day))
    return (case for case in found if case)


def _grounds(years: Iterable[int]) -> dict[tuple[int, str], datetime.date]:
    """Return the half-years of some years that carry a sanction, and the day of its ground."""
    return {key: day for year in years for key, day in neglects.grounds_of(year).items()}


def _years() -> list[int]:
    """Return the years, up to this one, that an agreement reaches into."""
    today = clock.today()
    periods = Agreement.objects.filter(starts_on__lte=today).values_list("starts_on", "ends_on")
    return sorted({year for first, last in periods for year in range(first.year, min(last, today).year + 1)})


def _propose() -> list[str]:
    """Propose every stage whose day has come, once."""
    due = Case.objects.filter(state=State.OPEN, proposed_on=None, next_on__lte=clock.today())
    done = []
    for case in due.order_by("next_on", "pk"):
        with transaction.atomic():
            fresh = deciding.locked(case)
            if fresh.is_open and opening.propose(fresh):
                done.append(f"{fresh.pk} {fresh.next_stage}")
    return done
