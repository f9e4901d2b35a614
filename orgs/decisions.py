"""What rests on a decision of the steering group names it (docs/rules.md, "Decisions")."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from orgs import clock
from orgs.models import Decided


def check_decision(row: Decided) -> None:
    """Raise ValidationError where the row does not say which decision it rests on, and of which day."""
    wrong: dict[str, Any] = {}
    row.decision = row.decision.strip()
    if not row.decision:
        wrong["decision"] = _("Name the steering group's decision that this rests on.")
    if row.decided_on is None:
        wrong["decided_on"] = _("Give the day of the decision.")
    elif row.decided_on > clock.today():
        wrong["decided_on"] = _("The decision must have been taken already.")
    if wrong:
        raise ValidationError(wrong)
