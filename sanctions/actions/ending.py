"""Telling of the end of an agreement before it comes."""

from django.db import transaction

from orgs import clock
from orgs.models import Agreement
from sanctions import agreement_end, telling


@transaction.atomic
def tell_of_end() -> int | None:
    """Tell once that the agreement ends in so many days; return which reminder went, None where none did."""
    agreement = Agreement.objects.covering(clock.today())
    if agreement is None or _due(agreement) is None:
        return None
    # Two sweeps at once: the second finds it told.
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    due = _due(agreement)
    if due is None:
        return None
    Agreement.objects.filter(pk=agreement.pk).update(end_told=due)
    telling.agreement_ends(agreement)
    return due


def _due(agreement: Agreement) -> int | None:
    return agreement_end.reminder_due((agreement.ends_on - clock.today()).days, agreement.end_told)
