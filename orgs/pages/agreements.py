"""Agreements as those who signed them read them: what holds on a day, and what changed when."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from orgs import access, clock, tables, terms_in_words
from orgs.agreement_changes import Difference, differences
from orgs.models import AgreedTerms, Agreement, CostShare, Seat
from orgs.models.dated import in_force
from orgs.roles import Body, Capability, SeatKind
from orgs.shares import votes_of

_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Terms and shares with the days on which they hold, and what is another in them than before."""

    agreed: AgreedTerms
    ends_on: datetime.date
    changes: list[Difference]


def periods_of(agreement: Agreement) -> list[Period]:
    """Return what was agreed on from which day to which, the latest first."""
    rows = list(agreement.agreed.prefetch_related("shares__partner").order_by("starts_on"))
    lasts = [row.starts_on - _DAY for row in rows[1:]] + [agreement.ends_on]
    changes: list[list[Difference]] = [[]]
    told = [(row, row.by_partner()) for row in rows]
    changes += [differences(one, other) for one, other in pairwise(told)]
    return [Period(*one) for one in zip(rows, lasts, changes, strict=True)][::-1]


_COLUMNS = (
    tables.Column[CostShare](_("Agreement"), lambda row: row.agreed.agreement),
    tables.Column[CostShare](_("First day"), lambda row: row.agreed.starts_on),
    tables.Column[CostShare](_("Last day"), lambda row: _last_day(row.agreed)),
    tables.Column[CostShare](_("Partner"), lambda row: row.partner),
    tables.Column[CostShare](_("Share"), lambda row: row.share),
)


def _last_day(agreed: AgreedTerms) -> datetime.date:
    later = [row.starts_on for row in agreed.agreement.agreed.all() if row.starts_on > agreed.starts_on]
    return min(later) - _DAY if later else agreed.agreement.ends_on


@login_required
@require_safe
def agreements(request: HttpRequest) -> HttpResponse:
    """List the agreements with their shares of today, or of their nearest day; in the file all there were."""
    access.require(request.user, Capability.READ_AGREEMENT)
    shares = CostShare.objects.select_related("agreed__agreement", "partner").order_by(
        F("agreed__starts_on").desc(), "partner"
    )
    if file := tables.exported(
        request, "cost-shares", _COLUMNS, shares.prefetch_related("agreed__agreement__agreed")
    ):
        return file
    today = clock.today()
    found = Agreement.objects.prefetch_related("agreed__shares__partner")
    context = {
        "agreements": [(one, one.agreed_on(today).shares.all()) for one in found],
        "today": today,
        "may_change": access.may(request.user, Capability.SET_TERMS),
    }
    return render(request, "orgs/agreements.html", context)


@login_required
@require_safe
def agreement(request: HttpRequest, number: int) -> HttpResponse:
    """Show an agreement in words as it is on a day, today unless asked for another."""
    access.require(request.user, Capability.READ_AGREEMENT)
    found = get_object_or_404(Agreement, pk=number)
    today, periods = clock.today(), periods_of(found)
    day = _within(found, _asked(request) or today)
    shown = _on(day, periods)
    rows = sorted(shown.agreed.shares.all(), key=lambda row: str(row.partner))
    votes, needed = votes_of({row.pk: row.share for row in rows}, shown.agreed.terms.majority)
    context = {
        "agreement": found,
        "shown": shown,
        "another_day": shown != _on(_within(found, today), periods),
        "periods": periods,
        "sections": terms_in_words.sections(shown.agreed.terms),
        "bodies": _bodies(day),
        "shares": [(row.partner, row.share, votes[row.pk]) for row in rows],
        "total": sum((row.share for row in rows), Fraction(0)),
        "votes": sum(votes.values()),
        "needed": needed,
        "today": today,
        "in_force": found.starts_on <= today <= found.ends_on,
        "may_change": access.may(request.user, Capability.SET_TERMS),
    }
    return render(request, "orgs/agreement.html", context)


def _within(agreement: Agreement, day: datetime.date) -> datetime.date:
    """Return a day, or the nearest one on which the agreement is in force."""
    return min(max(day, agreement.starts_on), agreement.ends_on)


def _on(day: datetime.date, periods: list[Period]) -> Period:
    return next(one for one in periods if one.agreed.starts_on <= day)


def _asked(request: HttpRequest) -> datetime.date | None:
    try:
        return parse_date(request.GET.get("on", ""))
    except ValueError:
        return None


def _bodies(day: datetime.date) -> Iterator[tuple[str, list[Seat]]]:
    """Yield the seats of both bodies on a day."""
    seats = Seat.objects.filter(in_force(day)).select_related("user", "organisation")
    in_order = sorted(seats, key=lambda seat: (str(seat.organisation), seat.kind != SeatKind.MEMBER))
    for body in Body:
        yield str(body.label), [seat for seat in in_order if seat.body == body]
