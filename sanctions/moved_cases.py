"""Cases of services that another partner is responsible for now, or was on the day of the ground."""

from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from orgs import clock, dates
from sanctions.models import Case
from services.models import partner_on
from services.responsibility_periods import Period, of_day, periods


@dataclass(frozen=True)
class Moved:
    """A case stays with its partner although the service is `now` another's; `reason` exempts, in words."""

    now: Period
    reason: str


def moved(case: Case) -> Moved | None:
    """Return to whom a case's service has moved after the day of the ground; None where it has not."""
    if case.service is None:
        return None
    told = periods(case.service.responsibilities.select_related("partner"))
    then, now = of_day(told, case.ground_on), of_day(told, clock.today())
    if then is None or now is None or then.row.partner_id != case.partner_id:
        return None
    if now.row.partner_id == case.partner_id:
        return None
    with translation.override(case.partner.letter_language):
        reason = _("The service has moved: %(partner)s has been responsible for it since %(day)s.") % {
            "partner": now.row.partner,
            "day": dates.date(now.first),
        }
    return Moved(now, reason)


def of_another_partner() -> "QuerySet[Case, Case]":
    """Return the open cases of services that, by the record of today, were another partner's on their day."""
    cases = Case.objects.filter(state=Case.State.OPEN, service__isnull=False)
    return cases.annotate(partner_then=partner_on("ground_on", "service")).exclude(partner_then=F("partner"))
