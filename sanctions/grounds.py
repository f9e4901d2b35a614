"""The grounds of a case in words: for its page, its letters, the ledger and the invoice.

They are frozen when the case is opened: a service that is renamed, a person who leaves and a record that is
mended change nothing in what was said.
"""

import datetime
from collections.abc import Callable

from django.conf import settings
from django.utils import translation
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orgs import dates
from orgs.localised import page_language, reading
from sanctions import neglects
from sanctions.attendance import Kind
from sanctions.models import Case, Decision
from sanctions.proceeding import Ground
from services.names import name_of

_DAY = datetime.timedelta(days=1)
_LANGUAGES = [code for code, _name in settings.LANGUAGES]


def in_words(case: Case) -> dict[str, dict[str, str]]:
    """Return what a case says of itself, by language, to be kept with it: partner, matter and reason."""
    told: dict[str, Callable[[], str]] = {
        "partner": lambda: str(case.partner),
        "what": lambda: _what(case),
        "reason": lambda: _reason(case),
    }
    found: dict[str, dict[str, str]] = {name: {} for name in told}
    for language in _LANGUAGES:
        with translation.override(language):
            for name, say in told.items():
                found[name][language] = say()
    return found


def _as_opened(case: Case, name: str, language: str) -> str:
    return reading(case.as_opened.get(name, {}), language).text


def partner_of(case: Case, language: str) -> str:
    """Return the partner's name as it was when the case was opened."""
    return _as_opened(case, "partner", language) or str(case.partner)


def what_of(case: Case, language: str) -> str:
    """Return what the case is about in a few words: the service's name, or the half-year."""
    if said := _as_opened(case, "what", language):
        return said
    with translation.override(language):
        return _what(case)


def sentence_of(case: Case) -> str:
    """Return the ground as a sentence in the language of the page."""
    return _as_opened(case, "reason", page_language()) or _reason(case)


def _what(case: Case) -> str:
    if case.service is not None:
        return name_of(case.service, page_language())
    if case.half_year:
        year, half = case.half_year.split("/")
        return (_("January–June %(year)s") if half == "1" else _("July–December %(year)s")) % {"year": year}
    if case.handover is not None:
        people = {
            "giver": case.handover.giver.get_full_name(),
            "receiver": case.handover.receiver.get_full_name(),
        }
        return _("%(giver)s to %(receiver)s") % people
    return str(case.get_ground_display())


def _reason(case: Case) -> str:
    """Return which, when and why, so that the words stand by themselves on an invoice."""
    words = {"day": dates.date(case.ground_on), "what": _what(case)}
    match case.ground:
        case Ground.OVERDUE:
            due = {"due": dates.date(case.ground_on - _DAY)}
            return _(
                "The publication of “%(what)s” was due on %(due)s. It has been late from %(day)s on "
                "without a justified reason."
            ) % (words | due)
        case Ground.ERROR:
            error = _("“%(what)s”: a significant error that affects guidance was found again on %(day)s.")
            return error % words
        case Ground.NEGLECT:
            return _("“%(what)s”: the content has been neglected repeatedly, found on %(day)s.") % words
        case Ground.COOPERATION:
            return _cooperation(case)
    return _handover(case)


def _handover(case: Case) -> str:
    assert case.handover is not None
    return _(
        "The handover of knowledge from %(giver)s to %(receiver)s was due on %(due)s and was not "
        "confirmed by then."
    ) % {
        "giver": case.handover.giver.get_full_name(),
        "receiver": case.handover.receiver.get_full_name(),
        "due": dates.date(case.handover.due_on),
    }


def _cooperation(case: Case) -> str:
    """Return which meetings the partner was absent from, or which workshop it did not facilitate."""
    counted = neglects.counted_of(case.ground_on.year).get(case.partner_id, [])
    one = next((one for one in counted if one.sanctionable and one.neglect.on == case.ground_on), None)
    if one is None:
        return _("An absence or a neglected workshop of %(day)s.") % {"day": dates.date(case.ground_on)}
    if one.neglect.kind == Kind.FACILITATION:
        return _("The policy workshop of %(day)s, which the partner was to facilitate, was not held.") % {
            "day": dates.date(case.ground_on)
        }
    alike = [other.neglect.on for other in counted if other.neglect.kind == one.neglect.kind]
    days = [dates.date(day) for day in alike if day <= case.ground_on]
    words = {"days": get_text_list(days, _("and")), "number": len(days)}
    if one.neglect.kind == Kind.STEERING_ABSENCE:
        return (
            ngettext(
                "The partner was absent from the steering group's meeting on %(days)s.",
                "The partner was absent from the steering group's meetings on %(days)s.",
                len(days),
            )
            % words
        )
    return (
        ngettext(
            "The partner was absent from the working group's meeting on %(days)s.",
            "The partner was absent from the working group's meetings on %(days)s.",
            len(days),
        )
        % words
    )


def for_the_ledger(case: Case, given: Decision) -> str:
    """Return in the partner's language, for the ledger and the invoice, what a sanction rests on."""
    language = case.partner.letter_language
    with translation.override(language):
        what = what_of(case, language)
        parts = [f"{what}: {sentence_of(case)}" if case.half_year else sentence_of(case)]
        if case.text:
            parts.append(case.text)
        earlier = case.decisions.filter(kind=Decision.Kind.GIVEN).exclude(pk=given.pk)
        parts += [f"{one.get_stage_display()} {dates.date(one.on)}." for one in earlier]
        if given.text:
            parts.append(given.text)
    return " ".join(parts)[:4000]
