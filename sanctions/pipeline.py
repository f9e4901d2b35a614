"""The pipeline's figures by partner: what is on its way, what is late, how long publications took."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from django.db.models import Count, Q

from orgs.models import Organisation
from sanctions import delays
from sanctions.punctuality import Publication
from workflow.models import Run
from workflow.states import CLOCKED, RunState

DAYS = 30  # that the median looks back


@dataclass
class Figures:
    """A partner's figures, or those of all together; `took` are the days of the last publications."""

    partner: Organisation | None = None
    running: int = 0
    in_review: int = 0
    waiting: int = 0
    late: int = 0
    took: list[int] = field(default_factory=list)

    @property
    def median(self) -> float | None:
        """Return the median of the days, None where nothing was published."""
        return median(self.took) if self.took else None


def figures_of(
    partners: Iterable[Organisation], published: Iterable[Publication], today: datetime.date
) -> list[Figures]:
    """Return the figures of each partner, in the order given.

    What is on its way counts for the partner of today, a delay for the one of the day on which it began.
    """
    found = {one.pk: Figures(one) for one in partners}
    runs = Run.objects.filter(state__in=CLOCKED, service__responsible_partner__in=found).order_by()
    counted = runs.values("service__responsible_partner").annotate(
        running=Count("pk"),
        in_review=Count("pk", filter=Q(state=RunState.IN_REVIEW)),
        waiting=Count("pk", filter=Q(state=RunState.WAITING)),
    )
    for row in counted:
        figures = found[row["service__responsible_partner"]]
        figures.running, figures.in_review, figures.waiting = (
            row["running"], row["in_review"], row["waiting"],
        )  # fmt: skip
    late = delays.late(found).order_by().values_list("answers").annotate(count=Count("pk"))
    for answers, count in late:
        found[answers].late = count
    for one in published:
        if one.partner in found and (today - one.on).days < DAYS:
            found[one.partner].took.append(one.days)
    return list(found.values())


def together(rows: Sequence[Figures]) -> Figures:
    """Return the figures of all partners together."""
    return Figures(
        running=sum(row.running for row in rows),
        in_review=sum(row.in_review for row in rows),
        waiting=sum(row.waiting for row in rows),
        late=sum(row.late for row in rows),
        took=[days for row in rows for days in row.took],
    )
