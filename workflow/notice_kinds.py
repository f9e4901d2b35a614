"""The kinds of notices of this room, and the words that their templates need."""

import datetime
from typing import Any

from django.urls import reverse

from orgs import notice_kinds
from orgs.localised import language_names
from orgs.models import Notice, NoticeClass
from orgs.notice_kinds import NoticeKind, absolute
from services import fields
from services.fields import Audience
from services.models import Service
from services.names import name_of
from workflow.models import ChangeRequest, Pause, Updater

Context = dict[str, Any]
_DATES = ("due", "estimate", "outdates", "first", "last")


def _about_service(notice: Notice) -> Context | None:
    """Return the words of a notice about a service; its link leads to where the reader's work is."""
    service = Service.objects.filter(external_id=notice.context["service"]).first()
    if service is None:
        return None
    context = _dated(notice) | {"link": _page_of(service, notice)}
    context["name"] = name_of(service, notice.language)
    if "fields" in context:
        labels = [fields.field(Audience.PUBLIC, name).label for name in context["fields"]]
        context["fields"] = ", ".join(str(label) for label in labels)
    if context.get("reason") in Pause.Reason.values:
        context["reason"] = Pause.Reason(context["reason"]).label
    if "languages" in context:
        context["languages"] = language_names(context["languages"])
    if "half" in context:
        context["half"] = Updater.Half(context["half"]).label
    return context


def _page_of(service: Service, notice: Notice) -> str:
    """Return the page that the notice is about: what was published, or the service at the desk."""
    if notice.kind == "run_published":
        return absolute(reverse("site:service", args=[service.slug]))
    return absolute(reverse("desk:service", args=[service.external_id]))


def _dated(notice: Notice) -> Context:
    context = dict(notice.context) | {"link": absolute(reverse("desk:desk"))}
    for name in _DATES:
        if context.get(name):
            context[name] = datetime.date.fromisoformat(context[name])
    return context


def _request(notice: Notice) -> Context | None:
    """Return the words about a change request, as long as it is there."""
    request = ChangeRequest.objects.select_related("service").filter(pk=notice.context["request"]).first()
    if request is None:
        return None
    page = _page_of(request.service, notice)
    return _dated(notice) | {"name": name_of(request.service, notice.language), "link": page}


_ON_SERVICE = {
    NoticeClass.PIPELINE: (
        *("run_submitted", "run_returned", "run_recalled", "run_withdrawn", "run_published", "run_paused"),
        "run_languages_added",
        "run_brought_back",
        *("run_extended", "run_unscheduled", "run_due_soon", "run_overdue", "pause_asked", "pause_decided"),
        *("longer_taken", "longer_refused", "updater_named"),
    ),
    NoticeClass.FRESHNESS: (
        *("reminder_first", "reminder_second"),
        *("service_outdated", "service_archived", "service_back"),
    ),
}


def register() -> None:
    """Tell the outbox of the kinds above."""
    for notice_class, kinds in _ON_SERVICE.items():
        for name in kinds:
            notice_kinds.register(name, NoticeKind(notice_class, _about_service))
    for name in ("season_set", "season_removed", "jobs_stood_still"):
        notice_kinds.register(name, NoticeKind(NoticeClass.PIPELINE, _dated))
    notice_kinds.register("change_requested", NoticeKind(NoticeClass.REQUESTS, _request))
    notice_kinds.register("change_answered", NoticeKind(NoticeClass.REQUESTS, _request))
