"""What has happened to a service, in sentences."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orgs import clock, dates
from orgs.localised import language_names
from orgs.models import Organisation, User
from orgs.wording import lower_first
from services.fields import GROUP_LABELS, Group, Label
from services.models import Service
from services.tracks import Track
from workflow.models import Event, Pause, Run

_MOST = 40
_Kind = Event.Kind
# What is done to internal information is not a provider's to read.
_INTERNAL = (
    _Kind.SECTION_CONFIRMED, _Kind.MUNICIPAL_PUBLISHED, _Kind.INSTRUCTIONS_ALONG, _Kind.INSTRUCTIONS_LEFT,
)  # fmt: skip
_OF_INSTRUCTIONS = (Track.INTERNAL, Track.MUNICIPAL)
# What is said of a run of the instructions.
_INSTRUCTED: dict[_Kind, Label] = {
    _Kind.OPENED: _("began a draft of the instructions"),
    _Kind.PUBLISHED: _("published the instructions"),
    _Kind.WITHDRAWN: _("withdrew the changes of the instructions"),
}
# These say themselves what happened, whoever or whatever did it.
_WHOLE_SENTENCES = (_Kind.OVERDUE, _Kind.OVERDUE_UNDONE, _Kind.OUTDATED, _Kind.ARCHIVED)
_WORDS = {
    _Kind.RESUBMITTED: "reply",
    **dict.fromkeys((_Kind.RETURNED, _Kind.LENGTHENED, _Kind.PAUSE_REFUSED, _Kind.LONGER_REFUSED), "reason"),
    _Kind.MOVED: "decision",
    **dict.fromkeys((_Kind.PAUSED, _Kind.PAUSE_ACCEPTED, _Kind.ESTIMATED), "text"),
}


@dataclass(frozen=True)
class Happened:
    """One thing that happened: when, who did what, and in which words.

    `day` is the one on which it took effect; `at` is when it was done, later where a sweep was late.
    """

    day: datetime.date
    at: datetime.datetime
    sentence: str
    words: str

    @property
    def was_done_then(self) -> bool:
        """Tell whether its time of day is one of its day."""
        return clock.day_of(self.at) == self.day


def events_of(
    service: Service, *, internal: bool, run: Run | None = None, named: Callable[[User], str] = str
) -> list[Happened]:
    """Return the newest events of a service, or of one run; not `internal`: without the instructions'.

    `named` says how the people who acted are called.
    """
    events = service.events.select_related("actor", "run__municipality")
    if run is not None:
        events = events.filter(run=run)
    if not internal:
        events = events.exclude(kind__in=_INTERNAL).exclude(run__track__in=_OF_INSTRUCTIONS)
    return [_happened(event, named) for event in events[:_MOST]]


def _happened(event: Event, named: Callable[[User], str]) -> Happened:
    kind = _Kind(event.kind)
    what = str(event.get_kind_display())
    if kind == _Kind.PAUSED and _waited(event):
        what = gettext("asked to stop the clock, which the project manager decides")
    if event.run and event.run.track in _OF_INSTRUCTIONS:
        what = str(_INSTRUCTED.get(kind, what))
        what = f"{what} ({event.run.municipality})" if event.run.municipality else what
    if kind not in _WHOLE_SENTENCES:
        who = named(event.actor) if event.actor else event.get_actor_as_display()
        what = f"{who} {what}"
    if kind == _Kind.SECTION_CONFIRMED:
        what = f"{what}: {lower_first(str(GROUP_LABELS[Group(event.detail['group'])]))}"
    if kind == _Kind.MOVED:
        what = _moved(what, event.detail)
    if kind == _Kind.LANGUAGES_ADDED:
        what = f"{what}: {language_names(event.detail['languages'])}"
    words = event.detail.get(_WORDS.get(kind, ""), "")
    return Happened(event.day, event.at, f"{what}.", str(words))


def _waited(event: Event) -> bool:
    """Tell whether a pause only asked to stop the clock; other reasons than the agreement's always do."""
    waited: bool = event.detail.get("waits", event.detail.get("reason") == Pause.Reason.OTHER)
    return waited


def _moved(what: str, detail: dict[str, Any]) -> str:
    """Say to whom and from which day on, by the partner's name of today."""
    partner = Organisation.objects.filter(external_id=detail["partner"]).first()
    return gettext("%(what)s to %(partner)s from %(day)s on") % {
        "what": what,
        "partner": partner or detail["partner"],
        "day": dates.date(datetime.date.fromisoformat(detail["first"])),
    }
