"""Whether the provider has been told that publication takes longer (docs/rules.md section 5)."""

import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from workflow.models import ExtensionNotice, Run
from workflow.states import CLOCKED


def is_missing(run: Run, today: datetime.date) -> bool:
    """Tell whether the estimate passes the due date and no notice has said so.

    A run without an estimate of its own is expected by its due date; once that has passed, today is
    the earliest it can be.
    """
    expected = max(run.estimate_on or today, today)
    if run.due_on is None or expected <= run.due_on:
        return False
    return not any(sent.estimate_on >= expected for sent in run.extensions.all())


def missing(runs: "QuerySet[Run, Run]", today: datetime.date) -> "QuerySet[Run, Run]":
    """Return those of `runs` whose provider has not been told, as `is_missing` reckons."""
    told = ExtensionNotice.objects.filter(run=OuterRef("pk"), estimate_on__gte=today)
    told_all = told.filter(estimate_on__gte=OuterRef("estimate_on"))
    late = Q(due_on__lt=today) & ~Exists(told)
    foreseen = Q(estimate_on__gt=F("due_on"), estimate_on__gte=today) & ~Exists(told_all)
    return runs.filter(late | foreseen, state__in=CLOCKED)
