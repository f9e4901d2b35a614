"""Cases that rest on the lateness of runs: what the seasons' page names before it takes that away."""

from collections.abc import Collection, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from orgs.localised import page_language
from orgs.navigation import Link
from sanctions import grounds
from sanctions.models import Case, Decision
from workflow.models import Run


def cases_of(runs: Collection[Run]) -> Iterator[Link]:
    """Return the cases whose ground is that one of the runs was late, with what becomes of each."""
    cases = Case.objects.filter(run__in=runs).exclude(state=Case.State.GROUNDLESS)
    for case in cases.select_related("partner", "service", "run").order_by("pk"):
        words = ""
        if case.decisions.filter(kind=Decision.Kind.GIVEN).exists():
            words = _("A correction is proposed.")
        elif case.is_open:
            words = _("The case ends by itself.")
        name = f"{case.partner}: {grounds.what_of(case, page_language())} ({case.get_state_display()})"
        yield Link(name, reverse("office:case", args=[case.pk]), words)
