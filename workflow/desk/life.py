"""A service's life outside of its runs: still valid, outdated, archived, restored."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from orgs.models import User
from orgs.pages.common import person, say_refused
from orgs.refused import Refused
from services import access
from services.fields import Label
from services.models import Service
from workflow.actions import lifecycle
from workflow.desk.common import refusal, service_of
from workflow.states import MOVES, LifecycleMove, Move


@dataclass(frozen=True)
class Turn:
    """Something that can be done: its button, what it means, what was done, and the action."""

    slug: str
    rule: LifecycleMove
    button: Label
    says: Label
    done: Label
    act: Callable[[Service, User], object]


TURNS = (
    Turn(
        "confirm",
        MOVES[Move.CONFIRM],
        _("The content is still valid"),
        _("Its time is counted from today again. An outdated service is public again at once."),
        _("The content was confirmed."),
        act=lambda service, user: lifecycle.confirm_valid(service, by=user),
    ),
    Turn(
        "outdate",
        MOVES[Move.OUTDATE],
        _("Remove from the public pages"),
        _("The service leaves the public pages until a new version is published. Both updaters are told."),
        _("The service is off the public pages."),
        act=lambda service, user: lifecycle.outdate(service, by=user),
    ),
    Turn(
        "archive",
        MOVES[Move.ARCHIVE],
        _("Archive"),
        _("The service leaves the public pages and the lists. It can be restored from the archive."),
        _("The service was archived."),
        act=lambda service, user: lifecycle.archive(service, by=user),
    ),
    Turn(
        "restore",
        MOVES[Move.RESTORE],
        _("Restore from the archive"),
        _("The service can be written and published again."),
        _("The service was restored."),
        act=lambda service, user: lifecycle.restore(service, by=user),
    ),
)


def turns_of(user: User, service: Service) -> list[Turn]:
    """Return what a person may do to the service now."""
    fitting = (turn for turn in TURNS if service.status in turn.rule.sources)
    return [turn for turn in fitting if access.may(user, turn.rule.capability, service)]


@login_required
@require_POST
def turn(request: HttpRequest, external_id: str, turn: str) -> HttpResponse:
    """Do one of them."""
    user, service = person(request), service_of(external_id)
    wanted = next((one for one in TURNS if one.slug == turn), None)
    if wanted is None:
        raise Http404
    if not access.may(user, wanted.rule.capability, service):
        raise refusal(service, wanted.rule.capability)
    try:
        wanted.act(service, user)
    except Refused as refused:
        say_refused(request, refused)
    else:
        messages.success(request, str(wanted.done))
    back = "desk:desk" if "desk" in request.POST else "desk:service"
    return redirect(back) if back == "desk:desk" else redirect(back, external_id)
