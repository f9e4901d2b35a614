"""The remarks that a partner has had on handing over knowledge: the first carry no sanction."""

from sanctions.models import Case, Decision
from sanctions.proceeding import Stage


def on_handovers(case: Case) -> int:
    """Return how many the case's partner has had under the case's agreement."""
    given = Decision.objects.filter(kind=Decision.Kind.GIVEN, stage=Stage.REMARK)
    return given.filter(case__partner=case.partner_id, case__agreement=case.agreement_id).count()
