"""For ICT: the user log, the notices that could not be delivered, and the work that runs by the clock."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from orgs import access, brakes, clock, delivery, jobs, log_events, tables, user_log
from orgs.models import LogEntry, Notice, Organisation, User
from orgs.pages.common import page_of
from orgs.roles import Capability


@dataclass(frozen=True)
class Line:
    """An entry of the log with what it says."""

    entry: LogEntry
    sentence: str


_LOG_COLUMNS = (
    tables.Column[Line](_("Time"), lambda line: line.entry.at),
    tables.Column[Line](_("What happened"), lambda line: line.sentence),
    tables.Column[Line](_("Event"), lambda line: line.entry.event_label),
    tables.Column[Line](_("Who"), lambda line: line.entry.actor),
    tables.Column[Line](_("Whom it concerns"), lambda line: line.entry.subject),
    tables.Column[Line](_("Organisation"), lambda line: line.entry.organisation),
    tables.Column[Line](_("Network address"), lambda line: line.entry.ip),
)


class LogFilter(forms.Form):
    """What the log is narrowed by; what makes no sense narrows nothing and says so."""

    event = forms.ChoiceField(label=_("Event"), required=False)
    who = forms.CharField(label=_("Name or e-mail of a person"), required=False)
    organisation = forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=Organisation.objects.all(),
        to_field_name="external_id",
        required=False,
        empty_label=_("All"),
    )
    first = forms.DateField(label=_("From"), required=False, widget=forms.DateInput({"type": "date"}))
    last = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        event = self.fields["event"]
        assert isinstance(event, forms.ChoiceField)
        event.choices = [("", gettext("All")), *log_events.choices()]

    def narrow(self, entries: QuerySet[LogEntry, LogEntry]) -> QuerySet[LogEntry, LogEntry]:
        """Return the entries that were asked for."""
        self.is_valid()
        asked = self.cleaned_data
        if asked.get("event"):
            entries = entries.filter(event=asked["event"])
        if who := asked.get("who"):
            named = User.objects.filter(Q(email__icontains=who) | Q(full_name__icontains=who))
            entries = entries.filter(Q(actor__in=named) | Q(subject__in=named))
        if asked.get("organisation"):
            entries = entries.filter(organisation=asked["organisation"])
        if first := asked.get("first"):
            entries = entries.filter(at__gte=clock.beginning_of(first))
        if last := asked.get("last"):
            entries = entries.filter(at__lt=clock.beginning_of(last + datetime.timedelta(days=1)))
        return entries

    @property
    def query(self) -> str:
        """Return what was asked for as a part of an address."""
        return urlencode({name: self.data[name] for name in self.fields if self.data.get(name)})


@login_required
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Show the user log in sentences, by event, person, organisation and period."""
    access.require(request.user, Capability.READ_USER_LOG)
    asked = LogFilter(request.GET)
    entries = asked.narrow(
        LogEntry.objects.select_related(
            "actor__former_organisation", "subject__former_organisation", "organisation"
        )
    )
    if request.GET.get("format") and (
        file := tables.exported(request, "user-log", _LOG_COLUMNS, _lines(entries[: tables.MOST_ROWS]))
    ):
        return file
    user_log.record(user_log.Event.LOG_READ, actor=request.user, request=request)
    page = page_of(request, entries)
    context = {"page": page, "lines": _lines(page), "asked": asked}
    return render(request, "orgs/log.html", context)


def _lines(entries: Iterable[LogEntry]) -> list[Line]:
    kept = list(entries)
    told = log_events.sentences(kept)
    return [Line(entry, told[entry.pk]) for entry in kept]


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
    stuck = Notice.objects.exclude(state__in=[Notice.State.SENT, Notice.State.DROPPED])
    stuck = stuck.select_related("recipient__former_organisation").order_by("state", "-created_at")
    if file := tables.exported(request, "notices", _OUTBOX_COLUMNS, stuck):
        return file
    failed = Q(state=Notice.State.FAILED)
    counts = stuck.aggregate(failed=Count("pk", filter=failed), waiting=Count("pk", filter=~failed))
    tried = stuck.filter(state=Notice.State.WAITING).exclude(last_error="")
    held_up = tried.order_by("first_tried_at").first()
    context = {"page": page_of(request, stuck), "counts": counts, "held_up": held_up}
    return render(request, "orgs/outbox.html", context)


@login_required
@require_POST
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Send a notice that was given up once more."""
    access.require(request.user, Capability.KEEP_RUNNING)
    get_object_or_404(Notice, pk=number)
    return _sent_again(request, Notice.objects.filter(pk=number))


@login_required
@require_POST
def all_again(request: HttpRequest) -> HttpResponse:
    """Send all notices that were given up once more, for example after a long outage of the mail system."""
    access.require(request.user, Capability.KEEP_RUNNING)
    return _sent_again(request, Notice.objects.all())


def _sent_again(request: HttpRequest, notices: QuerySet[Notice]) -> HttpResponse:
    with transaction.atomic():
        if count := delivery.send_again(notices):
            user_log.record(
                user_log.Event.NOTICES_SENT_AGAIN, actor=request.user, request=request, count=count
            )
    said = ngettext(
        "%(count)s notice will be sent again within a minute.",
        "%(count)s notices will be sent again within a minute.",
        count,
    )
    if count:
        messages.success(request, said % {"count": count})
    else:
        messages.info(request, gettext("There was nothing to send again."))
    return redirect("orgs:outbox")


@login_required
@require_safe
def scheduled(request: HttpRequest) -> HttpResponse:
    """Show when each job was last done, and what failed in it."""
    access.require(request.user, Capability.READ_USER_LOG)
    standing = jobs.standing(clock.now())
    failures = [(one.kind.label, failure) for one in standing if one.job for failure in one.job.failures]
    context = {
        "jobs": standing,
        "failures": failures,
        "late": any(one.late for one in standing),
        "held": brakes.held(),
    }
    return render(request, "orgs/jobs.html", context)


@login_required
@require_POST
def go_on(request: HttpRequest, step: str) -> HttpResponse:
    """Let held work go on with all that waits."""
    if brakes.release(step, by=request.user):
        messages.success(request, gettext("It goes on with the next run, within the hour."))
    else:
        messages.info(request, gettext("It was not held any more."))
    return redirect("orgs:jobs")
