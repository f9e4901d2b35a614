"""What falls due in cases: opened, proposed and ended on their days, however late a sweep comes.

Runs after the pipeline's own sweep, in the same job. Each case is handled in a transaction of its own;
one that fails is noted, and the others go on.
"""

import datetime
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from orgs import brakes, clock, jobs
from orgs.models import Agreement, Organisation
from sanctions import grounds, moved_cases, neglects, on_record, seals
from sanctions.actions import correcting, deciding, ending, handing_over, opening, reminding
from sanctions.models import Case, Decision, Handover
from sanctions.proceeding import Ground
from workflow.models import Run

State = Case.State
_A_WHILE = datetime.timedelta(days=30)


def sweep() -> list[str]:
    """Do everything that is due in cases today; return what was done, a line each."""
    done: list[str] = []
    for step in _STEPS:
        with jobs.noting("cases", step.__name__.strip("_")):
            done += step()
    return done


def _tell_of_end() -> list[str]:
    told = ending.tell_of_end()
    return [] if told is None else [f"agreement ends, {told} days"]


def _word() -> list[str]:
    """Keep the words of cases that were opened before they were kept."""
    unworded = Case.objects.filter(as_opened={}).select_related("partner", "service", "handover")
    return jobs.each("word", unworded, _worded)


def _worded(case: Case) -> str:
    Case.objects.filter(pk=case.pk, as_opened={}).update(as_opened=grounds.in_words(case))
    return f"{case.pk} worded"


def _remind() -> list[str]:
    told = reminding.remind()
    return [f"reminded of decisions {told}"] if told else []


def _seal() -> list[str]:
    made = seals.seal()
    return [f"ledger sealed, {made.rows} rows"] if made else []


def _keep_mails() -> list[str]:
    """Put the mails of cases on record before they are forgotten: of those open, or closed lately."""
    lately = clock.today() - _A_WHILE
    cases = Case.objects.filter(Q(state=State.OPEN) | Q(closed_on__gte=lately))
    kept = jobs.each("mails", cases.select_related("run", "service"), on_record.keep_mails)
    return [f"mails on record {sum(kept)}"] if sum(kept) else []


def _open_handovers() -> list[str]:
    opened = [f"handover {one.pk}" for one in handing_over.open_due()]
    reminded = jobs.each("handover due", handing_over.due_soon(), handing_over.remind)
    return opened + [f"handover {one.pk} reminded" for one in reminded]


def _open(ground: Ground) -> list[Case]:
    cases = Case.objects.filter(state=State.OPEN, ground=ground).order_by("pk")
    return list(cases.select_related("run", "handover"))


def _end_content() -> list[str]:
    """End the cases of runs that were published in time, or are not overdue any more."""
    return jobs.each("end content", _open(Ground.OVERDUE), _end_of_run)


def _end_of_run(case: Case) -> str | None:
    run = case.run
    assert run is not None
    if run.overdue_from is None:
        return _fall_away(case)
    return _put_right(case, run.closed_at and clock.day_of(run.closed_at))


def _put_right(case: Case, on: datetime.date | None) -> str | None:
    """Close a case that was put right in time; what can't be so is not even locked."""
    if on is None or not case.ends_if_put_right(on):
        return None
    return f"{case.pk} put_right" if deciding.put_right(case, on) else None


def _end_moved() -> list[str]:
    """End the cases of services that, by the record of today, were another partner's on their day."""
    return jobs.each("end moved", moved_cases.of_another_partner(), _fall_away)


def _end_cooperation() -> list[str]:
    """End the cases of half-years that, with a mended record, carry no sanction, or another day's."""
    cases = _open(Ground.COOPERATION)
    reckoned = _grounds({case.ground_on.year for case in cases})
    gone = [case for case in cases if reckoned.get((case.partner_id, case.half_year)) != case.ground_on]
    return jobs.each("end cooperation", gone, _fall_away)


def _fall_away(case: Case) -> str | None:
    """End a case of which the partner was told nothing; what was given is corrected by a decision."""
    if case.decisions.filter(kind=Decision.Kind.GIVEN).exists():
        return None
    return f"{case.pk} groundless" if deciding.fall_away(case) else None


def _end_handovers() -> list[str]:
    """End the cases of handovers that have been done meanwhile, or were excused."""
    return jobs.each("end handovers", _open(Ground.HANDOVER), _end_of_handover)


def _end_of_handover(case: Case) -> str | None:
    handover = case.handover
    assert handover is not None
    if opening.breach_of(handover) is None:
        return _fall_away(case)
    return _put_right(case, handover.done_on)


def _correct() -> list[str]:
    """Propose what of that which was given does not stand any more on the record of today."""
    given = Decision.objects.filter(case=OuterRef("pk"), kind=Decision.Kind.GIVEN)
    cases = Case.objects.filter(Exists(given), state__in=correcting.WITH_STEPS).order_by("pk")
    cases = cases.select_related("run__service", "service", "handover", "agreement")
    found = jobs.each("correct", cases, correcting.look_at)
    return [f"{one.case_id} correction" for one in found]


def _opened() -> list[str]:
    standing = Case.objects.exclude(state=State.GROUNDLESS)
    late = Run.objects.filter(
        ~Exists(standing.filter(run=OuterRef("pk"))), overdue_from__isnull=False
    ).order_by("overdue_from", "pk")
    undone = Handover.objects.filter(
        ~Exists(standing.filter(handover=OuterRef("pk"))), due_on__lt=clock.today(), excused=""
    ).order_by("due_on", "pk")
    counting = Case.objects.exclude(state__in=[State.GROUNDLESS, State.EXEMPTED])
    known = set(counting.values_list("partner", "half_year"))
    new = [one for one in sorted(_grounds(_years()).items()) if one[0] not in known]
    made = [
        *brakes.each("open run", late.select_related("service"), opening.from_run),
        *brakes.each("open handover", undone, opening.from_handover),
        *brakes.each("open half-year", new, _from_half_year),
    ]
    return [f"{case.pk} opened" for case in made]


def _from_half_year(ground: tuple[tuple[int, str], datetime.date]) -> Case | None:
    (partner, half_year), day = ground
    return opening.from_half_year(Organisation.objects.get(pk=partner), half_year, day)


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
    return brakes.each("propose", due.order_by("next_on", "pk"), _propose_next)


def _propose_next(case: Case) -> str | None:
    fresh = deciding.locked(case)
    return f"{fresh.pk} {fresh.next_stage}" if fresh.is_open and opening.propose(fresh) else None


# In this order: what ends is not proposed any more, and what is opened is proposed at once.
_STEPS = (
    _tell_of_end, _word, _open_handovers, _end_content, _end_moved, _end_cooperation, _end_handovers,
    _correct, _opened, _propose, _remind, _keep_mails, _seal,
)  # fmt: skip
