"""What of the pipeline and of content a change of the agreement's terms touches, and what it leaves."""

from collections.abc import Iterator

from django.utils.translation import ngettext

from orgs.terms import FRESHNESS
from orgs.terms_effects import Change, Effect
from services.models import Service
from workflow.models import Run
from workflow.states import CLOCKED

_KEPT = (Service.Status.PUBLISHED, Service.Status.OUTDATED)


def of(change: Change) -> Iterator[Effect]:
    """Tell of runs on their way, which keep their dates, and of services, which follow the new intervals."""
    if runs := Run.objects.filter(state__in=CLOCKED).count():
        text = ngettext(
            "%(count)s run that is on its way keeps its target and due dates.",
            "%(count)s runs that are on their way keep their target and due dates.",
            runs,
        )
        yield Effect(text % {"count": runs}, touched=False)
    if FRESHNESS in change.groups:
        services = Service.objects.filter(status__in=_KEPT).count()
        text = ngettext(
            "The content of %(count)s service is confirmed by the new intervals from that day on.",
            "The content of %(count)s services is confirmed by the new intervals from that day on.",
            services,
        )
        yield Effect(text % {"count": services}, touched=True)
