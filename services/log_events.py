"""What this room writes into the user log, and how it reads there."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from django.db import models
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from orgs import dates
from orgs.localised import here, page_language
from orgs.log_sentences import parties
from orgs.models import LogEntry
from services.models import PublishedService, StatutoryOption
from services.models.vocabulary import Vocabulary
from services.vocabularies import Words, words


class Event(models.TextChoices):
    """What happened."""

    GRANTED = "granted", gettext_lazy("Exception granted")
    GRANT_ENDED = "grant_ended", gettext_lazy("Exception ended")
    VOCABULARY_CHANGED = "vocabulary_changed", gettext_lazy("Vocabulary changed")
    WORDING_CHANGED = "wording_changed", gettext_lazy("Statutory wording changed")
    PLACE_CHANGED = "place_changed", gettext_lazy("Place changed")
    ANSWERS_PURGED = "answers_purged", gettext_lazy("Public pages made anew")
    SYNONYMS_CHANGED = "synonyms_changed", gettext_lazy("Synonyms changed")
    FILE_READ = "file_read", gettext_lazy("Internal file read")
    CONTACTS_READ = "contacts_read", gettext_lazy("Internal contacts read")


class Done(StrEnum):
    """What was done to a term, a wording, an option or a place."""

    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"
    REMOVED = "removed"
    ENDED = "ended"
    REOPENED = "reopened"


def tell(entries: list[LogEntry]) -> dict[int, str]:
    """Return a sentence for each entry; services by their names."""
    services = {entry.detail["service"] for entry in entries if "service" in entry.detail}
    rows = PublishedService.objects.filter(external_id__in=services, language=page_language())
    names = dict(rows.values_list("external_id", "name"))
    held = words() if any(entry.event in _NAMED_BY_WORDS for entry in entries) else None
    return {entry.pk: _sentence(entry, names, held) for entry in entries}


def _sentence(entry: LogEntry, names: Mapping[str, str], held: Words | None) -> str:
    detail = entry.detail
    service = detail.get("service", "")
    until, day = dates.read(detail.get("until")), dates.read(detail.get("day"))
    values = parties(entry) | {
        "service": names.get(service, service),
        "until": dates.date(until) if until else "",
        "day": dates.date(day) if day else "",
        "key": detail.get("key", ""),
        "language": _language(detail.get("language", "")),
        "file": detail.get("file", ""),
        "vocabulary": dict(Vocabulary.choices).get(detail.get("vocabulary"), ""),
        "kind": dict(StatutoryOption.Kind.choices).get(detail.get("kind"), ""),
    }
    if held is not None:
        place = held.places.get(detail.get("place", ""))
        values["place"] = here(place.name) if place else detail.get("place", "")
        values["term"] = held.label(detail.get("vocabulary", ""), values["key"], page_language())
    return _TEMPLATES[entry.event](entry) % values


def _language(code: str) -> str:
    return str(get_language_info(code)["name_translated"]).lower() if code else ""


def _granted(entry: LogEntry) -> str:
    if entry.detail.get("internal"):
        return _("%(who)s let %(whom)s write the service %(service)s and its instructions until %(until)s.")
    return _("%(who)s let %(whom)s write the service %(service)s until %(until)s.")


def _vocabulary(entry: LogEntry) -> str:
    return {
        Done.ADDED: _("%(who)s added the term ”%(term)s” to the vocabulary ”%(vocabulary)s”."),
        Done.MOVED: _("%(who)s moved the term ”%(term)s” in the vocabulary ”%(vocabulary)s”."),
        Done.REMOVED: _("%(who)s removed the term ”%(term)s” from the vocabulary ”%(vocabulary)s”."),
    }.get(_done(entry)) or _("%(who)s changed the term ”%(term)s” of the vocabulary ”%(vocabulary)s”.")


def _wording(entry: LogEntry) -> str:
    return {
        Done.ADDED: _("%(who)s wrote a wording of ”%(kind)s: %(key)s” that begins on %(day)s."),
        Done.REMOVED: _("%(who)s withdrew the wording of ”%(kind)s: %(key)s” that was to begin on %(day)s."),
        Done.ENDED: _("%(who)s set %(day)s as the last day of ”%(kind)s: %(key)s”."),
        Done.REOPENED: _("%(who)s removed the last day of ”%(kind)s: %(key)s”."),
    }.get(_done(entry)) or _("%(who)s corrected the wording of ”%(kind)s: %(key)s” that begins on %(day)s.")


def _place(entry: LogEntry) -> str:
    return {
        Done.ADDED: _("%(who)s added the place %(place)s."),
        Done.REMOVED: _("%(who)s removed the place %(place)s."),
    }.get(_done(entry)) or _("%(who)s changed the place %(place)s.")


def _done(entry: LogEntry) -> Done:
    return Done(entry.detail.get("done", Done.CHANGED))


_NAMED_BY_WORDS = (Event.VOCABULARY_CHANGED, Event.PLACE_CHANGED)
_TEMPLATES: Mapping[str, Callable[[LogEntry], str]] = {
    Event.GRANTED: _granted,
    Event.GRANT_ENDED: lambda _entry: _("%(who)s ended %(whom)s's right to write the service %(service)s."),
    Event.VOCABULARY_CHANGED: _vocabulary,
    Event.WORDING_CHANGED: _wording,
    Event.PLACE_CHANGED: _place,
    Event.ANSWERS_PURGED: lambda _entry: _("%(who)s had all public pages made anew."),
    Event.SYNONYMS_CHANGED: lambda _entry: _("%(who)s changed synonyms, %(language)s: %(key)s."),
    Event.FILE_READ: lambda _entry: _("%(who)s opened an internal file (%(file)s)."),
    Event.CONTACTS_READ: lambda _entry: _("%(who)s read the internal contacts of the service %(service)s."),
}
