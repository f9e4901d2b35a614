"""The grounds of a case in words: for the case's page, its mails and the invoice."""

from django.utils import translation
from django.utils.translation import gettext as _

from orgs import dates
from orgs.localised import SOURCE_LANGUAGE
from sanctions.models import Case, Decision
from sanctions.proceeding import Ground
from services.names import name_of


def what_of(case: Case, language: str) -> str:
    """Return what the case is about in a few words: the service's name, or the half-year."""
    if case.service is not None:
        return name_of(case.service, language)
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


def sentence_of(case: Case) -> str:
    """Return the ground as a sentence in the language of the page."""
    day = {"day": dates.date(case.ground_on)}
    match case.ground:
        case Ground.OVERDUE:
            return _("The publication run has been overdue from %(day)s without a justified reason.") % day
        case Ground.ERROR:
            return _("A significant error that affects guidance was found again on %(day)s.") % day
        case Ground.NEGLECT:
            return _("The partner's content has been neglected repeatedly, found on %(day)s.") % day
        case Ground.COOPERATION:
            return _("An absence or a neglected workshop became sanctionable on %(day)s.") % day
    return _("Knowledge had not been handed over by its due date; breach from %(day)s.") % day


def grounds_of(case: Case, given: Decision) -> str:
    """Return in Finnish, for the ledger and the invoice, what a sanction rests on."""
    with translation.override(SOURCE_LANGUAGE):
        parts = [f"{case.get_ground_display()}: {what_of(case, SOURCE_LANGUAGE)}.", sentence_of(case)]
        if case.text:
            parts.append(case.text)
        earlier = case.decisions.filter(kind=Decision.Kind.GIVEN).exclude(pk=given.pk)
        parts += [f"{one.get_stage_display()} {dates.date(one.on)}." for one in earlier]
        if given.text:
            parts.append(given.text)
    return " ".join(parts)[:4000]
