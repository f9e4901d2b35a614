"""Setting agreements: their periods, terms and cost shares (domain.md sections 6, 7 and 11)."""

from collections.abc import Mapping
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orgs import access, user_log
from orgs.models import Agreement, CostShare, Organisation, User
from orgs.roles import Capability


def check_shares(shares: Mapping[Organisation, Fraction]) -> None:
    """Refuse shares that don't add up to exactly one, or that are of others than partners."""
    if any(partner.kind != Organisation.Kind.PARTNER for partner in shares):
        raise ValidationError(_("Only partners have a share."))
    if any(share <= 0 for share in shares.values()):
        raise ValidationError(_("A share is more than nothing. Leave out a partner that has none."))
    total = sum(shares.values(), Fraction(0))
    if total != 1:
        raise ValidationError(
            _("The shares add up to %(total)s. They must add up to exactly 1."), params={"total": total}
        )


@transaction.atomic
def save(agreement: Agreement, shares: Mapping[Organisation, Fraction], *, by: User) -> None:
    """Add or change an agreement with its shares; raises ValidationError with what is wrong."""
    access.require(by, Capability.SET_TERMS)
    check_shares(shares)
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
