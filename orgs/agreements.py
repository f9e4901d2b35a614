"""Setting agreements: their periods, terms and cost shares (docs/rules.md sections 6, 7 and 11)."""

from collections.abc import Mapping
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orgs import access, user_log
from orgs.decisions import check_decision
from orgs.models import Agreement, CostShare, Organisation, User
from orgs.roles import Capability
from orgs.shares import percent


def check_shares(shares: Mapping[Organisation, Fraction]) -> None:
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


def _decision(agreement: Agreement) -> tuple[str, object]:
    return agreement.decision, agreement.decided_on


def _changes(before: Agreement, after: Agreement, shares: Mapping[Organisation, Fraction]) -> bool:
    period = (before.starts_on, before.ends_on) == (after.starts_on, after.ends_on)
    standing = {row.partner: row.share for row in before.shares.select_related("partner")}
    return not period or before.terms != after.terms or standing != dict(shares)


@transaction.atomic
def save(agreement: Agreement, shares: Mapping[Organisation, Fraction], *, by: User) -> None:
    """Add or change an agreement with its shares, on the decision that it names.

    Raises ValidationError with what is wrong. A change of terms or shares names another decision
    than the one that stood before (docs/rules.md, "Decisions").
    """
    access.require(by, Capability.SET_TERMS)
    check_decision(agreement)
    check_shares(shares)
    before = Agreement.objects.filter(pk=agreement.pk).first()
    if (
        before is not None
        and _changes(before, agreement, shares)
        and _decision(before) == _decision(agreement)
    ):
        raise ValidationError({"decision": _("Name the decision on which the terms or shares change.")})
    agreement.full_clean()
    agreement.save()
    kept = {partner.pk for partner in shares}
    for old in agreement.shares.exclude(partner__in=kept):
        old.delete()
    for partner, share in shares.items():
        row = agreement.shares.filter(partner=partner).first() or CostShare(
            agreement=agreement, partner=partner
        )
        if row.pk is None or row.share != share:
            row.numerator, row.denominator = share.numerator, share.denominator
            row.save()
    user_log.record(user_log.Event.AGREEMENT_CHANGED, actor=by, agreement=agreement.pk)
