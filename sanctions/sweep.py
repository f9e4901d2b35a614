"""What falls due in cases: opened, proposed and ended on their days, however late a sweep comes.

Runs after the pipeline's own sweep, in the same job. Each case is handled in a transaction of its own.
"""

from django.db import transaction
from django.db.models import Exists, OuterRef

from orgs import clock
from sanctions.actions import deciding, opening
from sanctions.models import Case
from sanctions.proceeding import Ground
from workflow.models import Run

State = Case.State


def sweep() -> list[str]:
    """Do everything that is due in cases today; return what was done, a line each."""
    return [*_end_content(), *_open_from_runs(), *_propose()]


def _end_content() -> list[str]:
    """End the cases of runs that were published in time, or are not overdue any more."""
    done = []
    cases = Case.objects.filter(state=State.OPEN, ground=Ground.OVERDUE).select_related("run")
    for case in cases:
        run = case.run
        assert run is not None
        if run.overdue_from is None:
            if deciding.fall_away(case):
                done.append(f"{case.pk} groundless")
        elif run.closed_at is not None:
            day = run.closed_at.astimezone(clock.ZONE).date()
            if deciding.put_right(case, day):
                done.append(f"{case.pk} put_right")
    return done


def _open_from_runs() -> list[str]:
    standing = Case.objects.filter(run=OuterRef("pk")).exclude(state=State.GROUNDLESS)
    late = Run.objects.filter(~Exists(standing), overdue_from__isnull=False).order_by("overdue_from", "pk")
    made = [opening.from_run(run) for run in late.select_related("service")]
    return [f"{case.pk} opened" for case in made if case]


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
