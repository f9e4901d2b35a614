"""Two at once, on connections of their own: one effect, one clear refusal."""

from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError

from orgs import clock
from sanctions import ledger
from sanctions.actions import deciding
from sanctions.models import Case, Decision, LedgerEntry
from sanctions.sweep import sweep as sweep_cases
from tests import factories
from tests.sanctions.conftest import Office, office_of, on
from tests.workflow.conftest import pipeline_of
from tests.workflow.test_races import at_once, refusals
from workflow.sweep import sweep

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def late() -> Office:
    factories.reference_data()
    factories.agreement()
    with on("2026-01-07"):
        office = office_of(pipeline_of(factories.published().service))
        office.pipeline.submit()
    with on("2026-01-22"):
        sweep()
    return office


def test_of_two_project_managers_who_decide_one_does(late: Office) -> None:
    case = late.case
    outcomes = at_once(*[lambda: deciding.give(case, "first", by=late.manager)] * 2)
    assert len(refusals(outcomes)) == 1
    assert "Toinen huomautus" in str(refusals(outcomes)[0])
    assert Decision.objects.count() == 1


def test_of_accepting_and_exempting_one_happens(late: Office) -> None:
    case = late.case
    outcomes = at_once(
        lambda: deciding.give(case, "first", by=late.manager),
        lambda: deciding.exempt(case, by=late.manager, text="Perusteltu syy"),
    )
    # The other way round both may be: a remark was given, then the partner was exempted.
    refused = refusals(outcomes)
    decided = list(Decision.objects.order_by("pk").values_list("kind", flat=True))
    assert decided in (["given", "exempted"], ["exempted"])
    assert len(refused) == 2 - len(decided)


def test_the_sweep_proposes_while_one_decides(late: Office) -> None:
    with on("2026-01-22"):
        deciding.give(late.case, "first", by=late.manager)
    case = late.case
    with time_machine.travel(clock.now().replace(year=2026, month=3, day=10), tick=False):
        outcomes = at_once(
            sweep_cases, lambda: deciding.exempt(case, by=late.manager, text="Perusteltu syy"), sweep_cases
        )
    assert not refusals(outcomes)
    fresh = Case.objects.get()
    assert (fresh.state, fresh.proposed_on, fresh.next_stage) == (Case.State.EXEMPTED, None, "")


def test_of_two_sweeps_one_opens_the_case(late: Office) -> None:
    Case.objects.all().delete()
    outcomes = at_once(sweep_cases, sweep_cases, sweep_cases)
    assert not refusals(outcomes)
    assert Case.objects.count() == 1


def test_two_credits_never_come_to_more_than_the_sanction(late: Office) -> None:
    entry = ledger.append_sanction(late.case, Decimal(1000), grounds="Perusteet", by=late.manager)
    credit = {"by": late.manager, "amount": Decimal(600), "grounds": "Hyvitys"}
    outcomes = at_once(*[lambda: _credit(entry, credit)] * 2)
    assert sorted(map(str, outcomes)) == ["credited", "refused"]
    assert entry.left == Decimal(400)


def _credit(entry: LedgerEntry, given: dict[str, object]) -> str:
    try:
        ledger.credit(entry, **given)  # type: ignore[arg-type]
    except ValidationError:
        return "refused"
    return "credited"


def test_rows_appended_at_once_make_one_chain(late: Office) -> None:
    cases = [factories.case(late.espoo) for _ in range(4)]

    def append(case: Case) -> LedgerEntry:
        return ledger.append_sanction(case, Decimal(500), grounds="Perusteet", by=late.manager)

    at_once(*[lambda case=case: append(case) for case in cases])
    rows = list(LedgerEntry.objects.order_by("number"))
    assert [row.number for row in rows] == [1, 2, 3, 4]
    assert ledger.broken(rows) is None
