"""Runs on time: how long the publications of the last weeks took, and the chart of it.

`weeks_of` and `chart_of` are pure; `publications` reads.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from django.db.models import Case, Count, Exists, OuterRef, Value, When
from django.db.models.functions import Coalesce, TruncDate

from orgs import clock
from orgs.models import Organisation
from services.models import partner_on
from workflow import deadlines
from workflow.models import HolidaySeason, Pause, Run
from workflow.run_clock import spans_of
from workflow.states import RunState

WEEKS = 12
_WEEK = datetime.timedelta(weeks=1)


@dataclass(frozen=True)
class Publication:
    """A run that was published: on which day, after how many days that count, and how that was."""

    on: datetime.date
    days: int
    how: str  # "ok" within the target, "mid" within the due date, "late"
    partner: int = field(default=0, compare=False)  # the number of the one that answers for it


@dataclass(frozen=True)
class Week:
    """A week's publications; `monday` names it."""

    monday: datetime.date
    publications: list[Publication]

    @property
    def number(self) -> int:
        """Return the number of the week in its year."""
        return self.monday.isocalendar().week

    @property
    def median(self) -> float | None:
        """Return the median of the days, None for a week without a publication."""
        days = [one.days for one in self.publications]
        return median(days) if days else None

    def count(self, how: str) -> int:
        """Return how many were "ok", "mid" or "late"."""
        return sum(one.how == how for one in self.publications)

    @property
    def counts(self) -> tuple[int, int, int]:
        """Return how many were within the target, within the due date, and late."""
        return self.count("ok"), self.count("mid"), self.count("late")


def publications(partners: Iterable[Organisation], since: datetime.date) -> list[Publication]:
    """Return what was published since a day, in order, of what these partners answer for.

    What was late counts for the partner of the day on which its delay began, the rest for the one of the
    day of its publication.

    Thousands are alike, so the database counts those whose clock never stood still for a reason of
    their own by their days; the others are read one by one.
    """
    on, submitted = (TruncDate(name, tzinfo=clock.ZONE) for name in ("closed_at", "submitted_at"))
    in_target = When(target_on__gte=on, then=Value("ok"))
    runs = Run.objects.filter(
        state=RunState.PUBLISHED, closed_at__gte=clock.beginning_of(since), submitted_at__isnull=False,
    ).annotate(
        on=on, day=Coalesce("overdue_from", on), submitted=submitted,
        how=Case(When(overdue_from__isnull=False, then=Value("late")), in_target, default=Value("mid")),
    )  # fmt: skip
    runs = runs.annotate(answers=partner_on("day", "service"))
    runs = runs.filter(answers__in=[one.pk for one in partners])
    paused = Exists(Pause.objects.filter(run=OuterRef("pk")))
    seasons = list(HolidaySeason.objects.all())
    found = [
        Publication(
            run.on, deadlines.passed(run.submitted, spans_of(run, seasons), run.on), run.how, run.answers
        )
        for run in runs.filter(paused).prefetch_related("pauses")
    ]
    stops = [deadlines.season(one.first_day, one.last_day) for one in seasons]
    alike = (
        runs.filter(~paused)
        .order_by()
        .values_list("on", "submitted", "how", "answers")
        .annotate(count=Count("pk"))
    )
    for day, begun, how, answers, count in alike:
        found += [Publication(day, deadlines.passed(begun, stops, day), how, answers)] * count
    return sorted(found, key=lambda one: (one.on, one.days, one.how))


def weeks_of(published: Iterable[Publication], today: datetime.date) -> list[Week]:
    """Return the last weeks, the present one last, each with what was published in it."""
    this = today - datetime.timedelta(days=today.weekday())
    weeks = {this - number * _WEEK: Week(this - number * _WEEK, []) for number in range(WEEKS - 1, -1, -1)}
    for one in published:
        week = weeks.get(one.on - datetime.timedelta(days=one.on.weekday()))
        if week is not None:
            week.publications.append(one)
    return list(weeks.values())


def first_day(today: datetime.date) -> datetime.date:
    """Return the first day that the weeks reach back to."""
    return today - datetime.timedelta(days=today.weekday()) - (WEEKS - 1) * _WEEK


# The drawing: its plane within 836 by 296, as in the design.
_LEFT, _RIGHT, _TOP, _BOTTOM = 56.0, 706.0, 16.0, 262.0
_STEP, _LEAST, _ASIDE, _ABREAST = 5, 20, 11.0, 8


@dataclass(frozen=True)
class Mark:
    """One publication in the drawing."""

    x: float
    y: float
    how: str


@dataclass(frozen=True)
class Chart:
    """A drawing: lines by days, marks, the weeks' places, and the median's way."""

    axis: list[tuple[float, int]]
    weeks: list[tuple[float, int]]
    marks: list[Mark]
    median: list[tuple[float, float]]
    target: float
    due: float


def _some(ones: list[Publication], most: int) -> list[Publication]:
    """Return all of them, or `most` of them evenly by how they were: more could not be told apart."""
    if len(ones) <= most:
        return ones
    in_order = sorted(ones, key=lambda one: one.how)
    return [in_order[place * len(in_order) // most] for place in range(most)]


def chart_of(weeks: Sequence[Week], target: int, due: int) -> Chart:
    """Return the drawing of the weeks, with the terms of an update in days."""
    longest = max((one.days for week in weeks for one in week.publications), default=0)
    top = max(_LEAST, -(-longest // _STEP) * _STEP)
    width = (_RIGHT - _LEFT) / len(weeks)

    def y(days: float) -> float:
        return round(_BOTTOM - (_BOTTOM - _TOP) * days / top, 1)

    def x(number: int) -> float:
        return round(_LEFT + width * (number + 0.5), 1)

    marks = []
    for number, week in enumerate(weeks):
        alike: dict[int, list[Publication]] = {}
        for one in week.publications:
            alike.setdefault(one.days, []).append(one)
        for days, ones in alike.items():
            drawn = _some(ones, _ABREAST)
            aside = min(_ASIDE, width / len(drawn))
            start = x(number) - aside * (len(drawn) - 1) / 2
            marks += [
                Mark(round(start + aside * place, 1), y(days), one.how) for place, one in enumerate(drawn)
            ]
    return Chart(
        axis=[(y(days), days) for days in range(0, top + 1, _STEP)],
        weeks=[(x(number), week.number) for number, week in enumerate(weeks)],
        marks=marks,
        median=[(x(number), y(week.median)) for number, week in enumerate(weeks) if week.median is not None],
        target=y(target),
        due=y(due),
    )
