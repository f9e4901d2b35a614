"""Whether the provider has been told that publication takes longer (docs/rules.md section 5)."""

import datetime

from django.db.models import DateField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Greatest

from workflow.models import ExtensionNotice, Run
from workflow.states import CLOCKED


def untold(runs: "QuerySet[Run, Run]", today: datetime.date) -> "QuerySet[Run, Run]":
    """Return those of `runs` that are expected after their due date, and no notice has said so.

    A run without an estimate of its own is expected by its due date; once that has passed, today is
    the earliest it can be.
    """
    earliest = Value(today, DateField())
    told = ExtensionNotice.objects.filter(run=OuterRef("pk"), estimate_on__gte=OuterRef("expected_on"))
    expected = runs.annotate(expected_on=Greatest(F("estimate_on"), earliest))  # of none and today, today
    return expected.filter(~Exists(told), due_on__lt=F("expected_on"), state__in=CLOCKED)
