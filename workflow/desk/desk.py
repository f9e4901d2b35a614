"""The desk: what waits for the person, the services and runs around it, and what is not in order."""

from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from orgs import access, clock
from orgs.access import NotAllowed
from orgs.models import User
from orgs.navigation import Link
from orgs.pages.common import person
from orgs.roles import Capability
from services.access import services_for
from services.fields import Label
from services.tracks import Track
from workflow import extensions, waiting
from workflow.clock_face import Face
from workflow.desk import matters
from workflow.desk.common import shown_name
from workflow.desk.posts import posts_missing
from workflow.desk.sections import address_of
from workflow.desk.service import clock_of
from workflow.models import HolidaySeason, Run
from workflow.states import RunState

_PARTS: dict[str, Label] = {
    "late": gettext_lazy("Overdue"),
    "now": gettext_lazy("Today and tomorrow"),
    "week": gettext_lazy("Within a week"),
    "later": gettext_lazy("Later"),
}
# Tasks on the page, and runs beside them: whoever has more begins with these.
_SHOWN, _BESIDE = 30, 20
_BUTTONS: dict[str, Label] = {
    "finish": gettext_lazy("Go on writing"),
    "answer": gettext_lazy("Answer"),
    "review": gettext_lazy("Review"),
}
_AT_THE_DESK = (
    Capability.WRITE_PUBLIC,
    Capability.PUBLISH,
    Capability.DECIDE_PAUSES,
    Capability.CREATE_SERVICE,
)


def has_desk(user: User) -> bool:
    """Tell whether a person writes, publishes or decides of any services."""
    return any(access.holds(user, one) for one in _AT_THE_DESK)


def require_desk(request: HttpRequest) -> User:
    """Return the signed-in person; raises PermissionDenied for those who have nothing to do at the desk."""
    user = person(request)
    if not has_desk(user):
        raise NotAllowed(*_AT_THE_DESK)
    return user


def home(_user: User) -> str:
    """Return the desk's address."""
    return reverse("desk:desk")


def offer(user: User) -> Iterator[Link]:
    """Return the desk for the band of those who have one."""
    if has_desk(user):
        yield Link(
            _("Desk"), reverse("desk:desk"), _("See what waits for you, and write and publish services.")
        )


def page_links(user: User, external_id: str) -> Iterator[Link]:
    """Return the way from a service's own page to its page at the desk, for those who write it."""
    if services_for(user, Capability.WRITE_PUBLIC).filter(external_id=external_id).exists():
        yield Link(_("Edit"), reverse("desk:service", args=[external_id]))


@dataclass(frozen=True)
class Item:
    """A task on the page."""

    run: Run
    name: str
    what: str
    button: Label
    url: str
    face: Face | None
    untold: bool


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Show what waits for the person, the most urgent first."""
    user, today = require_desk(request), clock.today()
    seasons = list(HolidaySeason.objects.order_by("first_day"))
    tasks = waiting.tasks_of(user)
    counts = Counter(urgency for _run, urgency in tasks)
    beside = list(waiting.standing_of(user).values_list("pk", flat=True)[:_BESIDE])
    runs = waiting.shown().in_bulk([*(run for run, _urgency in tasks[:_SHOWN]), *beside])
    untold = set(extensions.untold(Run.objects.filter(pk__in=runs), today).values_list("pk", flat=True))
    shown = [(urgency, _item(runs[run], untold, seasons)) for run, urgency in tasks[:_SHOWN]]
    decisions = waiting.pauses_to_decide(user)
    stale = waiting.stale_of(user)
    parts = [
        (key, label, [item for urgency, item in shown if urgency == key], counts[key])
        for key, label in _PARTS.items()
    ]
    concerns = matters.of(user)
    to_act = sum(one.by is not None for one in concerns)
    context: dict[str, Any] = {
        "today": today,
        "count": len(tasks) + decisions.count() + len(stale) + to_act,
        "matters": concerns,
        "parts": [part for part in parts if part[2]],
        "more": len(tasks) - len(shown),
        "decisions": [(pause, shown_name(pause.run.service)) for pause in decisions[:_SHOWN]],
        "stale": [(one, shown_name(one.service)) for one in stale[:_SHOWN]],
        "standing": [(runs[pk], shown_name(runs[pk].service)) for pk in beside],
        "seasons": [one for one in seasons if one.last_day >= today],
        "sets_seasons": access.may(user, Capability.SET_SEASONS),
        "posts": posts_missing(user),
        "may_create": access.holds(user, Capability.CREATE_SERVICE),
    }
    return render(request, "workflow/desk.html", context)


def _item(run: Run, untold: Set[int], seasons: list[HolidaySeason]) -> Item:
    step = waiting.STEPS[RunState(run.state)]
    return Item(
        run,
        shown_name(run.service),
        _what(run, step),
        _BUTTONS[step],
        address_of(run),
        clock_of(run, seasons),
        run.pk in untold,
    )


def _what(run: Run, step: str) -> str:
    """Return what is to be done, and why now."""
    if run.municipality is not None:
        words = _("Finish your own instructions (%(municipality)s) and publish them.")
        return words % {"municipality": run.municipality}
    if run.track == Track.INTERNAL:
        return _("Finish the instructions and publish them.")
    sender = run.submitted_by.get_full_name() if run.submitted_by else ""
    new = run.kind == Run.Kind.NEW
    match step:
        case "finish":
            return (
                _("Finish the new service and submit it.")
                if new
                else _("Finish the changes and submit them.")
            )
        case "answer":
            return _("Correct what the reviewer asked for, and submit again.")
    if new:
        return _("New service. Write the instructions and publish. Submitted by %(name)s.") % {"name": sender}
    return _("Review the changes and publish them. Submitted by %(name)s.") % {"name": sender}
