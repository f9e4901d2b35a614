"""Telling of the end of an agreement before it comes."""

from django.db import transaction

from orgs import clock
from orgs.models import Agreement
from sanctions import agreement_end, telling


@transaction.atomic
def tell_of_end() -> int | None:
    """Tell once that the agreement ends in so many days; return which reminder went, None where none did."""
    today = clock.today()
    agreement = Agreement.objects.select_for_update().filter(starts_on__lte=today, ends_on__gte=today).first()
    if agreement is None:
        return None
    due = agreement_end.reminder_due((agreement.ends_on - today).days, agreement.end_told)
    if due is None:
        return None
    Agreement.objects.filter(pk=agreement.pk).update(end_told=due)
    telling.agreement_ends(agreement)
    return due
