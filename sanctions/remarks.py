"""The remarks that a partner has had on handing over knowledge: the first carry no sanction."""

from django.db.models import QuerySet

from sanctions.models import Case, Decision
from sanctions.proceeding import Stage


def on_handovers(case: Case) -> "QuerySet[Decision, Decision]":
    """Return those that the case's partner has had under the case's agreement."""
    given = Decision.objects.filter(kind=Decision.Kind.GIVEN, stage=Stage.REMARK)
    return given.filter(case__partner=case.partner_id, case__agreement=case.agreement_id)
