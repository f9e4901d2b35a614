"""For ICT: the user log, and the notices that could not be delivered."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from orgs import access, delivery, log_events, tables, user_log
from orgs.models import LogEntry, Notice
from orgs.pages.common import page_of
from orgs.roles import Capability


def _detail(entry: LogEntry) -> str:
    return ", ".join(f"{name}: {value}" for name, value in sorted(entry.detail.items()))


_LOG_COLUMNS = (
    tables.Column[LogEntry](_("Time"), lambda entry: entry.at),
    tables.Column[LogEntry](_("Event"), lambda entry: entry.event_label),
    tables.Column[LogEntry](_("Who"), lambda entry: entry.actor),
    tables.Column[LogEntry](_("Whom it concerns"), lambda entry: entry.subject),
    tables.Column[LogEntry](_("Organisation"), lambda entry: entry.organisation),
    tables.Column[LogEntry](_("More"), _detail),
    tables.Column[LogEntry](_("Network address"), lambda entry: entry.ip),
)


class LogFilter(forms.Form):
    """What the log is narrowed by; what makes no sense narrows nothing."""

    event = forms.ChoiceField(choices=log_events.choices, required=False)
    who = forms.CharField(required=False)


@login_required
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Show the user log, by event and by person."""
    access.require(request.user, Capability.READ_USER_LOG)
    entries = LogEntry.objects.select_related(
        "actor__former_organisation", "subject__former_organisation", "organisation"
    )
    asked = LogFilter(request.GET)
    asked.is_valid()
    event, who = asked.cleaned_data.get("event", ""), asked.cleaned_data.get("who", "")
    if event:
        entries = entries.filter(event=event)
    if who:
        entries = entries.filter(actor__email__icontains=who) | entries.filter(subject__email__icontains=who)
    if file := tables.exported(request, "user-log", _LOG_COLUMNS, entries[: tables.MOST_ROWS]):
        return file
    user_log.record(user_log.Event.LOG_READ, actor=request.user, request=request)
    page = page_of(request, entries)
    context = {
        "page": page,
        "lines": [{"entry": entry, "detail": _detail(entry)} for entry in page],
        "events": log_events.choices(),
        "event": event,
        "who": who,
    }
    return render(request, "orgs/log.html", context)


_OUTBOX_COLUMNS = (
    tables.Column[Notice](_("Time"), lambda notice: notice.created_at),
    tables.Column[Notice](_("To"), lambda notice: notice.recipient or notice.address),
    tables.Column[Notice](_("Kind"), lambda notice: notice.kind),
    tables.Column[Notice](_("State"), lambda notice: notice.get_state_display()),
    tables.Column[Notice](_("Attempts"), lambda notice: notice.attempts),
    tables.Column[Notice](_("What went wrong"), lambda notice: notice.last_error),
)


@login_required
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """Show the notices that wait or failed; texts are not shown, they are the recipient's."""
    access.require(request.user, Capability.READ_USER_LOG)
    stuck = Notice.objects.filter(state__in=[Notice.State.FAILED, Notice.State.WAITING])
    stuck = stuck.select_related("recipient__former_organisation").order_by("state", "-created_at")
    if file := tables.exported(request, "notices", _OUTBOX_COLUMNS, stuck):
        return file
    counts = {
        "failed": stuck.filter(state=Notice.State.FAILED).count(),
        "waiting": stuck.filter(state=Notice.State.WAITING).count(),
    }
    return render(request, "orgs/outbox.html", {"page": page_of(request, stuck), "counts": counts})


@login_required
@require_POST
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Try a notice that was given up once more."""
    access.require(request.user, Capability.READ_USER_LOG)
    delivery.try_failed_again(get_object_or_404(Notice, pk=number))
    messages.success(request, gettext("The notice will be sent again within a minute."))
    return redirect("orgs:outbox")
