"""What a transfer of responsibility means for cases: which stay with their partner, and which do not."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.utils.translation import ngettext

from orgs import dates
from orgs.terms_effects import Effect
from sanctions.actions import correcting
from sanctions.models import Case, Decision
from services.transfer_effects import Plan


def of(plan: Plan) -> Iterator[Effect]:
    """Tell of cases of the services that are not the new partner's, by the day of their ground."""
    day = {"day": dates.date(plan.starts_on), "partner": plan.partner}
    cases = Case.objects.filter(service__in=plan.numbers, state__in=correcting.WITH_STEPS)
    cases = cases.exclude(partner=plan.partner)
    given = Exists(Decision.objects.filter(case=OuterRef("pk"), kind=Decision.Kind.GIVEN))
    since = cases.filter(ground_on__gte=plan.starts_on)
    if count := since.filter(given).count():
        text = ngettext(
            "Of %(count)s case something was given that has its ground on %(day)s or later: a correction is "
            "proposed.",
            "Of %(count)s cases something was given that has its ground on %(day)s or later: corrections are "
            "proposed.",
            count,
        )
        yield Effect(text % (day | {"count": count}), touched=True)
    if count := since.filter(~given, state=Case.State.OPEN).count():
        text = ngettext(
            "%(count)s case with its ground on %(day)s or later ends for its partner: "
            "%(partner)s answers for it.",
            "%(count)s cases with their grounds on %(day)s or later end for their partners: "
            "%(partner)s answers for them.",
            count,
        )
        yield Effect(text % (day | {"count": count}), touched=True)
    if count := cases.filter(ground_on__lt=plan.starts_on, state=Case.State.OPEN).count():
        text = ngettext(
            "%(count)s open case has its ground before %(day)s and stays with its partner, "
            "which can be exempted.",
            "%(count)s open cases have their grounds before %(day)s and stay with their partners, "
            "which can be exempted.",
            count,
        )
        yield Effect(text % (day | {"count": count}), touched=False)
