"""The notices of the pipeline: who is told what. Each is put into the outbox with what it tells of.

The context of a notice holds keys and dates; the words are put in when it is sent, in the
recipient's language. Nothing internal is in any of them: a mail leaves the house.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from orgs import access, clock, notices
from orgs.models import Notice, Organisation, User
from orgs.roles import Role
from services.models import Service
from workflow import recipients
from workflow.models import ChangeRequest, ExtensionNotice, HolidaySeason, Pause, Run, Updater

_PROVIDER, _PARTNER = Updater.Half.PROVIDER, Updater.Half.PARTNER


def _tell(
    people: Iterable[User], kind: str, service: Service, by: User | None = None, **context: Any
) -> list[Notice]:
    """Tell each but the one who did it; `by` is named in the notice."""
    return [
        notices.tell(kind, person, service=service.external_id, actor=by.full_name if by else "", **context)
        for person in dict.fromkeys(people)
        if by is None or person.pk != by.pk
    ]


def submitted(run: Run, changed: list[str], *, by: User, again: bool, reply: str = "") -> None:
    """Tell the partner's half that content waits for review, with the public fields that changed.

    Content that was returned comes back to the one who returned it as well, with the provider's reply.
    """
    people = [*recipients.who_returned(run), *recipients.of_half(run.service, _PARTNER)]
    due = run.due_on.isoformat() if run.due_on else None
    words = {"fields": changed, "due": due, "again": again, "reply": reply}
    _tell(people, "run_submitted", run.service, by, new=run.kind == Run.Kind.NEW, **words)


def languages_added(run: Run, languages: list[str], *, by: User) -> None:
    """Tell both halves and whoever worked on it that a review has texts in more languages."""
    people = [*recipients.of_both(run.service), *recipients.of_run(run)]
    _tell(people, "run_languages_added", run.service, by, languages=languages)


def returned(run: Run, reason: str, *, by: User) -> None:
    """Tell the provider's half and whoever wrote it what to mend."""
    _tell(_provider_and_writers(run), "run_returned", run.service, by, reason=reason)


def recalled(run: Run, *, by: User) -> None:
    """Tell the provider's half and whoever wrote it that their answer is not waited for any more."""
    _tell(_provider_and_writers(run), "run_recalled", run.service, by)


def withdrawn(run: Run, *, by: User) -> None:
    """Tell both halves and whoever worked on it that there is nothing to review."""
    people = [*recipients.of_both(run.service), *recipients.of_run(run)]
    _tell(people, "run_withdrawn", run.service, by)


def brought_back_from(run: Run, *, by: User) -> None:
    """Tell whoever worked on a withdrawn run that its words are a draft again."""
    _tell(recipients.of_run(run), "run_brought_back", run.service, by)


def published(run: Run, *, by: User) -> None:
    """Tell the provider's half and whoever worked on it that it is public."""
    _tell(_provider_and_writers(run), "run_published", run.service, by)


def _provider_and_writers(run: Run) -> list[User]:
    return [*recipients.of_half(run.service, _PROVIDER), *recipients.of_run(run)]


def paused(pause: Pause, *, by: User) -> None:
    """Tell the provider's half that the clock stands; ask the project manager about what needs a yes."""
    service = pause.run.service
    if pause.accepted is None:
        _tell(access.project_managers(), "pause_asked", service, by, text=pause.text)
    elif pause.until is None:
        people = recipients.of_half(service, _PROVIDER)
        _tell(people, "run_paused", service, by, reason=pause.reason, text=pause.text)


def pause_decided(pause: Pause, *, by: User) -> None:
    """Tell the one who asked what the project manager said."""
    _tell(
        [pause.opened_by],
        "pause_decided",
        pause.run.service,
        by,
        accepted=bool(pause.accepted),
        decision=pause.decision,
    )


def lengthened(run: Run, *, by: User) -> None:
    """Tell the project manager, who may refuse it, and the provider's half, which waits longer."""
    due = run.due_on.isoformat() if run.due_on else None
    _tell(access.project_managers(), "longer_taken", run.service, by, text=run.longer_reason, due=due)
    people = recipients.of_half(run.service, _PROVIDER)
    _tell(people, "longer_taken", run.service, by, text=run.longer_reason, due=due)


def longer_refused(run: Run, reason: str, *, by: User) -> None:
    """Tell the partner's half that the shorter terms hold, and why."""
    due = run.due_on.isoformat() if run.due_on else None
    people = recipients.of_half(run.service, _PARTNER)
    _tell(people, "longer_refused", run.service, by, text=reason, due=due)


def extended(sent: ExtensionNotice, *, by: User) -> None:
    """Tell the provider's half why it takes longer, and until when."""
    people = recipients.of_half(sent.run.service, _PROVIDER)
    _tell(people, "run_extended", sent.run.service, by, text=sent.text, estimate=sent.estimate_on.isoformat())


def unscheduled(run: Run, approver: User, *, by: User | None) -> None:
    """Tell the one who approved it that a publication at a set time will not happen."""
    _tell([approver], "run_unscheduled", run.service, by)


def due_soon(run: Run, due: datetime.date) -> None:
    """Tell the partner's half that the due date is near."""
    _tell(recipients.of_half(run.service, _PARTNER), "run_due_soon", run.service, due=due.isoformat())


def overdue(run: Run, due: datetime.date) -> None:
    """Tell the partner's half and its main users that the due date has passed."""
    partner = run.service.responsible_partner
    people = recipients.of_half(run.service, _PARTNER)
    people += recipients.main_users_of([partner] if partner else [])
    _tell(people, "run_overdue", run.service, due=due.isoformat())


def reminded(service: Service, kind: str, outdates_on: datetime.date) -> list[Notice]:
    """Remind of a service that nobody has confirmed; the second time both halves."""
    people = recipients.of_reminder(service) if kind == "reminder_first" else recipients.of_both(service)
    return _tell(people, kind, service, outdates=outdates_on.isoformat())


def outdated(service: Service, *, by: User | None) -> list[Notice]:
    """Tell both halves that a service has left the public pages."""
    return _tell(recipients.of_both(service), "service_outdated", service, by)


def brought_back(service: Service, *, by: User) -> None:
    """Tell both halves that an outdated service is on the public pages again."""
    _tell(recipients.of_both(service), "service_back", service, by)


def archived(service: Service) -> list[Notice]:
    """Tell both halves that a service went into the archive."""
    return _tell(recipients.of_both(service), "service_archived", service)


def season_set(season: HolidaySeason) -> None:
    """Tell providers' people that handling takes longer in a season (docs/rules.md section 5)."""
    _tell_providers("season_set", season)


def season_removed(season: HolidaySeason) -> None:
    """Tell providers' people that a season which they were told of is not."""
    _tell_providers("season_removed", season)


def _tell_providers(kind: str, season: HolidaySeason) -> None:
    providers = Organisation.objects.open().filter(kind=Organisation.Kind.PROVIDER)
    for person in access.holders_among(providers, [Role.MAIN_USER, Role.PRODUCER]).order_by("pk"):
        notices.tell(kind, person, first=season.first_day.isoformat(), last=season.last_day.isoformat())


def requested(request: ChangeRequest) -> None:
    """Tell the half that writes what the request is about."""
    half = _PROVIDER if request.audience == "public" else _PARTNER
    people = recipients.of_half(request.service, half)
    _tell(people, "change_requested", request.service, request.by, request=request.pk)


def answered(request: ChangeRequest, *, by: User) -> None:
    """Tell the asker what became of the request."""
    _tell([request.by], "change_answered", request.service, by, request=request.pk)


def on_stood_still(name: str, since: datetime.datetime, until: datetime.datetime, **_more: Any) -> None:
    """Tell the project manager that nothing was done that falls due: rules count days, so from a day on."""
    first, last = clock.day_of(since), clock.day_of(until)
    if name == "sweep" and first < last:
        for person in access.project_managers():
            notices.tell("jobs_stood_still", person, first=first.isoformat(), last=last.isoformat())
