"""Setting agreements: their periods, terms and cost shares (docs/rules.md sections 6, 7 and 11)."""

import datetime
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from orgs import access, agreement_notices, clock, user_log
from orgs.dates import date
from orgs.decisions import check_decision
from orgs.models import AgreedTerms, Agreement, CostShare, Organisation, User
from orgs.refused import NotNow
from orgs.roles import Capability
from orgs.shares import percent

_DAY = datetime.timedelta(days=1)
Shares = Mapping[Organisation, Fraction]


def check_shares(shares: Shares) -> None:
    """Refuse shares that don't add up to exactly one, or that are of others than partners."""
    if any(partner.kind != Organisation.Kind.PARTNER for partner in shares):
        raise ValidationError(_("Only partners have a share."))
    if any(share <= 0 for share in shares.values()):
        raise ValidationError(_("A share is more than nothing. Leave out a partner that has none."))
    total = sum(shares.values(), Fraction(0))
    if total != 1:
        raise ValidationError(
            _("The shares add up to %(total)s, that is %(percent)s. They must add up to exactly 1."),
            params={"total": total, "percent": percent(total)},
        )


@transaction.atomic
def add(agreement: Agreement, agreed: AgreedTerms, shares: Shares, *, by: User) -> None:
    """Add an agreement with the terms and shares that it begins with, on the decision they name.

    Raises PermissionDenied, and ValidationError with what is wrong.
    """
    access.require(by, Capability.SET_TERMS)
    check_decision(agreed)
    check_shares(shares)
    agreement.decision, agreement.decided_on = agreed.decision, agreed.decided_on
    agreement.full_clean()
    agreement.save()
    agreed.agreement, agreed.starts_on = agreement, agreement.starts_on
    _keep(agreed, shares)
    _note(agreement, by)
    agreement_notices.set_(agreement, by=by)


@transaction.atomic
def change_period(agreement: Agreement, *, by: User) -> None:
    """Keep an agreement's name and period as they stand in `agreement`, on the decision that it names.

    Raises PermissionDenied, and ValidationError with what is wrong: days that are over keep the
    agreement that they had.
    """
    access.require(by, Capability.SET_TERMS)
    check_decision(agreement)
    before = Agreement.objects.select_for_update().get(pk=agreement.pk)
    moved = (before.starts_on, before.ends_on) != (agreement.starts_on, agreement.ends_on)
    if moved and (before.decision, before.decided_on) == (agreement.decision, agreement.decided_on):
        raise ValidationError({"decision": _("Name the decision on which the period changes.")})
    if wrong := _wrong_period(before, agreement, clock.today()):
        raise ValidationError(wrong)
    if before.ends_on != agreement.ends_on:
        agreement.end_told = None
    agreement.full_clean()
    agreement.save()
    begins = agreement.agreed_on(before.starts_on)
    if begins.starts_on != agreement.starts_on:
        begins.starts_on = agreement.starts_on
        begins.save()
    _note(agreement, by)
    if moved:
        agreement_notices.set_(agreement, by=by)


def _wrong_period(before: Agreement, after: Agreement, today: datetime.date) -> dict[str, Any]:
    wrong: dict[str, Any] = {}
    later = [row.starts_on for row in before.agreed.all() if row.starts_on != before.starts_on]
    moved = after.starts_on != before.starts_on
    if moved and min(after.starts_on, before.starts_on) <= today:
        wrong["starts_on"] = _("What has begun keeps its first day; what has not begins tomorrow or later.")
    elif moved and later and after.starts_on >= min(later):
        wrong["starts_on"] = _("Other terms were agreed on from an earlier day on. Take them back first.")
    if after.ends_on < min(before.ends_on, today):
        wrong["ends_on"] = _("Days that are over stay within the agreement: end it today or later.")
    elif later and after.ends_on < max(later):
        wrong["ends_on"] = _("Other terms were agreed on from a later day on. Take them back first.")
    return wrong


def check_change(agreed: AgreedTerms, shares: Shares) -> None:
    """Raise ValidationError where terms and shares can't hold from the day they name.

    A change holds from tomorrow at the earliest, so that no day has two: what has its ground on a day
    that is over, or today, keeps what it had.
    """
    check_decision(agreed)
    check_shares(shares)
    agreement, first = agreed.agreement, agreed.starts_on
    if first <= clock.today():
        raise ValidationError({"starts_on": _("A change holds from tomorrow at the earliest.")})
    if not agreement.starts_on <= first <= agreement.ends_on:
        days = {"first": date(agreement.starts_on), "last": date(agreement.ends_on)}
        raise ValidationError({"starts_on": _("The agreement is in force %(first)s–%(last)s.") % days})
    if first == agreement.starts_on:
        return
    before = agreement.agreed_on(first - _DAY)
    if before.terms == agreed.terms and before.by_partner() == dict(shares):
        raise ValidationError(_("Nothing changes: neither a term nor a share is another than before."))


@transaction.atomic
def change_terms(agreed: AgreedTerms, shares: Shares, *, by: User) -> None:
    """Have terms and shares hold from a day on, in place of what was planned for that very day.

    Raises PermissionDenied, and ValidationError with what is wrong.
    """
    access.require(by, Capability.SET_TERMS)
    agreement = Agreement.objects.select_for_update().get(pk=agreed.agreement_id)
    check_change(agreed, shares)
    planned = agreement.agreed.filter(starts_on=agreed.starts_on).first()
    if planned is not None:
        planned.terms = agreed.terms
        planned.decision, planned.decided_on = agreed.decision, agreed.decided_on
    kept = planned or agreed
    _keep(kept, shares)
    _note(agreement, by)
    agreement_notices.changed(kept, by=by)


@transaction.atomic
def take_back(agreed: AgreedTerms, *, by: User) -> None:
    """Take back a change whose day has not come; raises PermissionDenied, and NotNow where it has."""
    access.require(by, Capability.SET_TERMS)
    agreement = Agreement.objects.select_for_update().get(pk=agreed.agreement_id)
    if agreed.starts_on <= max(clock.today(), agreement.starts_on):
        raise NotNow(_("in force"))
    agreement_notices.taken_back(agreed, by=by)
    agreed.delete()
    _note(agreement, by)


def _keep(agreed: AgreedTerms, shares: Shares) -> None:
    """Keep a row with exactly these shares."""
    agreed.full_clean()
    agreed.save()
    for old in agreed.shares.exclude(partner__in=[partner.pk for partner in shares]):
        old.delete()
    for partner, share in shares.items():
        row = agreed.shares.filter(partner=partner).first() or CostShare(agreed=agreed, partner=partner)
        if row.pk is None or row.share != share:
            row.numerator, row.denominator = share.numerator, share.denominator
            row.save()


def _note(agreement: Agreement, by: User) -> None:
    user_log.record(user_log.Event.AGREEMENT_CHANGED, actor=by, agreement=agreement.pk)
