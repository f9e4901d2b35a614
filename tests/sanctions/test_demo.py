"""The demo's cases: at every step, and what was recorded comes to the ledger's sanctions exactly."""

from decimal import Decimal
from io import StringIO
from typing import Any

from django.core.management import call_command

from orgs import clock
from orgs.models import Agreement, Organisation, User
from sanctions.actions import deciding
from sanctions.models import Case, Handover, LedgerEntry, Letter, Meeting
from sanctions.recorded import scenario
from sanctions.scenario import scenario_from
from sanctions.simulation import simulate
from sanctions.sweep import sweep


def recorded() -> dict[str, Any]:
    today = clock.today()
    agreement = Agreement.objects.covering(today)
    assert agreement is not None
    return simulate(scenario_from(scenario(agreement, today)))


def sanctions_of_the_ledger() -> list[tuple[str, str, str, Decimal]]:
    names = dict(Organisation.objects.values_list("pk", "external_id"))
    rows = LedgerEntry.objects.filter(kind="sanction")
    return sorted((row.on.isoformat(), names[row.partner_id], row.matter, row.amount) for row in rows)


def test_cases_stand_at_every_step(manual: None) -> None:
    found = {(case.state, case.next_stage, case.proposed_on is not None) for case in Case.objects.all()}
    for expected in (
        ("open", "first", True),
        ("open", "second", False),
        ("open", "second", True),
        ("open", "third", False),
        ("open", "third", True),
        ("open", "remark", True),
        ("open", "sanction", True),
        ("put_right", "", False),
        ("exempted", "", False),
        ("sanctioned", "", False),
    ):
        assert expected in found, expected
    assert Case.objects.filter(with_steering=True).exists()


def test_the_worked_example_can_be_seen(manual: None) -> None:
    case = Case.objects.get(ground="cooperation", partner__external_id="raasepori")
    assert case.state == Case.State.SANCTIONED
    assert case.half_year.endswith("/2")
    absences = Meeting.objects.filter(kind="steering_group", attendance__presence="absent")
    assert [one.on.month for one in absences] == [3, 9]
    assert LedgerEntry.objects.get(case=case, kind="sanction").amount == Decimal(500)


def test_there_are_handovers_and_a_ledger(manual: None) -> None:
    open_ones = Handover.objects.filter(received_at=None)
    assert {one.due_on < clock.today() for one in open_ones} == {True, False}
    assert {row.kind for row in LedgerEntry.objects.all()} == {"sanction", "credit", "invoiced"}
    out = StringIO()
    call_command("verify_ledger", stdout=out)


def test_what_was_recorded_comes_to_the_ledger_s_sanctions_exactly(manual: None) -> None:
    """In a scenario every proposal is accepted on its day: so what waits is accepted as of its day first."""
    manager = User.objects.get(email="projektipaallikko@projekti.example")
    while waiting := Case.objects.filter(proposed_on__isnull=False).exclude(ground="error").first():
        with clock.as_of(waiting.proposed_on):
            deciding.give(waiting, waiting.next_stage, by=manager)
            sweep()
    simulated = sorted(
        (row["date"], row["partner"], row["kind"], Decimal(row["amount"])) for row in recorded()["sanctions"]
    )
    assert simulated == sanctions_of_the_ledger()
    assert len(simulated) >= 4


def test_the_recorded_remarks_are_those_that_were_given(manual: None) -> None:
    levels = {"first": 1, "second": 2, "third": 3}
    waiting = {str(case.run_id): case for case in Case.objects.filter(ground="overdue", state="open")}
    given = sorted(
        (one.on.isoformat(), str(case.run_id), levels[one.stage])
        for case in Case.objects.filter(ground="overdue")
        for one in case.decisions.filter(kind="given")
    )
    simulated = sorted(
        (row["date"], row["case"], row["level"])
        for row in recorded()["remarks"]
        if not (row["case"] in waiting and levels.get(waiting[row["case"]].next_stage, 0) <= row["level"])
    )
    assert simulated == given


def test_the_command_prints_a_scenario_that_simulate_takes(manual: None, tmp_path: Any) -> None:
    out = StringIO()
    call_command("recorded", stdout=out)
    file = tmp_path / "recorded.json"
    file.write_text(out.getvalue())
    simulated = StringIO()
    call_command("simulate", str(file), stdout=simulated)
    assert '"totals"' in simulated.getvalue()


def test_what_the_demo_writes_for_good_is_in_each_partners_own_language(manual: None) -> None:
    languages = set()
    for entry in LedgerEntry.objects.filter(kind="sanction").select_related("case__partner"):
        case, language = entry.case, entry.case.partner.letter_language
        assert case.as_opened["reason"][language] in entry.grounds, entry
        others = {case.as_opened["reason"][one] for one in ("fi", "sv", "en") if one != language}
        assert not any(said in entry.grounds for said in others), entry
        languages.add(language)
    assert languages == {"fi", "sv"}
    for letter in Letter.objects.select_related("partner"):
        assert letter.language == letter.partner.letter_language, letter
