"""The end of an agreement: when it is told beforehand, and what is open then (docs/rules.md section 6)."""

import datetime
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from orgs.models import Agreement, User
from orgs.navigation import Link
from orgs.roles import Capability
from sanctions import access, ledger
from sanctions.models import Case, Handover
from workflow.models import Run
from workflow.states import CLOCKED

# Days before the last one on which those who must act are told.
REMINDERS = (90, 30, 7)


def reminder_due(left: int, told: int | None) -> int | None:
    """Return the reminder to send when an agreement has `left` days after today; None where none is due.

    `told` is the one that was sent last. Whoever was away is sent the nearest one alone.

    >>> reminder_due(60, None), reminder_due(60, 90), reminder_due(6, 90), reminder_due(-1, 30)
    (90, None, 7, None)
    """
    reached = min((days for days in REMINDERS if 0 <= left <= days), default=None)
    return reached if reached is not None and (told is None or reached < told) else None


@dataclass(frozen=True)
class End:
    """How an agreement ends, or has ended: `left` days after today, and the one that follows."""

    agreement: Agreement
    left: int
    follows: Agreement | None

    @property
    def is_over(self) -> bool:
        """Tell whether its last day has passed."""
        return self.left < 0


def end_of(today: datetime.date) -> End | None:
    """Return the end that is near or has come; None where an agreement holds for longer, or none ever did."""
    agreement = Agreement.objects.filter(starts_on__lte=today).order_by("-starts_on").first()
    if agreement is None:
        return None
    left = (agreement.ends_on - today).days
    if left > max(REMINDERS):
        return None
    return End(agreement, left, agreement.following())


def open_matters(user: User) -> list[Link]:
    """Return what is open of what a person sees, each kind with its number in its name."""
    cases = access.cases_for(user).filter(state=Case.State.OPEN)
    partners = access.partners_for(user, Capability.SEE_CASES)
    runs = Run.objects.filter(state__in=CLOCKED, service__responsible_partner__in=partners)
    undone = Handover.objects.filter(Q(given_at=None) | Q(received_at=None), partner__in=partners, excused="")
    balances = ledger.balances(access.ledger_for(user))
    counted = (
        (_("Open cases: %(n)s"), cases.count(), f"{reverse('office:cases')}?state={Case.State.OPEN}"),
        (_("Publications on their way: %(n)s"), runs.count(), reverse("office:office")),
        (_("Handovers to be confirmed: %(n)s"), undone.count(), reverse("office:handovers")),
        (
            _("Partners with sanctions to invoice: %(n)s"),
            sum(one.open > 0 for one in balances.values()),
            reverse("office:ledger"),
        ),
    )
    return [Link(words % {"n": count}, url) for words, count, url in counted if count]
