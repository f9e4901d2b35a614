"""What this room writes into the user log, and how it reads there."""

from collections.abc import Callable, Mapping

from django.apps import apps
from django.db import models
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from orgs import dates
from orgs.localised import page_language
from orgs.log_sentences import parties
from orgs.models import LogEntry
from services.models import PublishedService


class Event(models.TextChoices):
    """What happened."""

    GRANTED = "granted", gettext_lazy("Exception granted")
    GRANT_ENDED = "grant_ended", gettext_lazy("Exception ended")
    VOCABULARY_CHANGED = "vocabulary_changed", gettext_lazy("Vocabulary changed")
    SYNONYMS_CHANGED = "synonyms_changed", gettext_lazy("Synonyms changed")
    FILE_READ = "file_read", gettext_lazy("Internal file read")
    CONTACTS_READ = "contacts_read", gettext_lazy("Internal contacts read")


def tell(entries: list[LogEntry]) -> dict[int, str]:
    """Return a sentence for each entry; services by their names."""
    services = {entry.detail["service"] for entry in entries if "service" in entry.detail}
    rows = PublishedService.objects.filter(external_id__in=services, language=page_language())
    names = dict(rows.values_list("external_id", "name"))
    return {entry.pk: _sentence(entry, names) for entry in entries}


def _sentence(entry: LogEntry, names: Mapping[str, str]) -> str:
    detail = entry.detail
    service = detail.get("service", "")
    until = dates.read(detail.get("until"))
    return _TEMPLATES[entry.event](entry) % (
        parties(entry)
        | {
            "service": names.get(service, service),
            "until": dates.date(until) if until else "",
            "what": _model(detail.get("what", "")),
            "key": detail.get("key", ""),
            "language": _language(detail.get("language", "")),
            "file": detail.get("file", ""),
        }
    )


def _model(name: str) -> str:
    """Return what a model is called; its technical name where it does not exist any more."""
    try:
        return str(apps.get_model(name)._meta.verbose_name)
    except (LookupError, ValueError):
        return name


def _language(code: str) -> str:
    return str(get_language_info(code)["name_translated"]).lower() if code else ""


def _granted(entry: LogEntry) -> str:
    if entry.detail.get("internal"):
        return _("%(who)s let %(whom)s write the service %(service)s and its instructions until %(until)s.")
    return _("%(who)s let %(whom)s write the service %(service)s until %(until)s.")


_TEMPLATES: Mapping[str, Callable[[LogEntry], str]] = {
    Event.GRANTED: _granted,
    Event.GRANT_ENDED: lambda _entry: _("%(who)s ended %(whom)s's right to write the service %(service)s."),
    Event.VOCABULARY_CHANGED: lambda _entry: _("%(who)s changed a vocabulary: %(what)s, %(key)s."),
    Event.SYNONYMS_CHANGED: lambda _entry: _("%(who)s changed synonyms, %(language)s: %(key)s."),
    Event.FILE_READ: lambda _entry: _("%(who)s opened an internal file (%(file)s)."),
    Event.CONTACTS_READ: lambda _entry: _("%(who)s read the internal contacts of the service %(service)s."),
}
