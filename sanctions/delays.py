"""Publications by the partner that answers for their delay: the one responsible on the day it began.

Source: docs/rules.md section 3: what falls on a day falls on the partner of that day.
"""

import datetime
from collections.abc import Collection
from typing import Any

from django.db.models import DateField, F, QuerySet, Value
from django.db.models.functions import Cast, Coalesce

from orgs import clock
from services.models import partner_on
from workflow.models import Run
from workflow.states import CLOCKED

_DAY = datetime.timedelta(days=1)


def late(partners: Collection[int]) -> "QuerySet[Any, Any]":
    """Return the open runs that are late today and whose delay is one of these partners', by their numbers.

    Each has `late_from`, the first day of its delay, and `answers`, the number of the partner of that day.
    """
    after_due = Cast(F("due_on") + Value(_DAY), DateField())
    runs = Run.objects.filter(state__in=CLOCKED, due_on__lt=clock.today())
    runs = runs.annotate(late_from=Coalesce("overdue_from", after_due))
    return runs.annotate(answers=partner_on("late_from", "service")).filter(answers__in=partners)
