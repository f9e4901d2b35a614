"""Cases from their grounds to their ends, over simulated weeks (docs/rules.md section 6)."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from orgs.models import Agreement, Notice, User
from orgs.refused import NotNow
from sanctions import ledger
from sanctions.actions import deciding, opening
from sanctions.actions.opening import Raised
from sanctions.models import Case, Decision, LedgerEntry
from sanctions.proceeding import Ground
from services import responsibility
from tests import factories
from tests.sanctions.conftest import D, Office, on, sweep
from workflow.actions import pauses
from workflow.models import Pause

pytestmark = pytest.mark.django_db


def give(office: Office, day: str, stage: str) -> Decision:
    """Sweep on a day and accept what is proposed on it."""
    with on(day):
        sweep()
        return deciding.give(office.case, stage, by=office.manager)


def test_an_overdue_run_opens_a_case_and_proposes_its_first_remark(late: Office) -> None:
    case = late.case
    assert (case.partner, case.ground, case.ground_on) == (late.espoo, "overdue", D("2026-01-22"))
    assert (case.next_stage, case.next_on, case.proposed_on) == ("first", D("2026-01-22"), D("2026-01-22"))
    told = Notice.objects.get(kind="case_proposed")
    assert told.recipient == late.manager


def test_sweeping_twice_or_late_gives_the_same_case(office: Office) -> None:
    with on("2026-01-07"):
        office.pipeline.submit()
    with on("2026-02-03"):
        sweep()
        sweep()
    case = Case.objects.get()
    assert (case.ground_on, case.proposed_on) == (D("2026-01-22"), D("2026-01-22"))
    assert Notice.objects.filter(kind="case_proposed").count() == 1


def test_the_ladder_to_the_sanction_as_reckoned_by_hand(late: Office) -> None:
    assert give(late, "2026-01-22", "first").put_right_by == D("2026-02-23")
    assert give(late, "2026-02-24", "second").put_right_by == D("2026-03-03")
    third = give(late, "2026-03-04", "third")
    assert third.amount == Decimal(1000)
    entry = LedgerEntry.objects.get()
    assert (entry.partner, entry.amount, entry.on, entry.matter) == (
        late.espoo, Decimal(1000), D("2026-03-04"), "content",
    )  # fmt: skip
    assert "Ensimmäinen huomautus 22.1.2026" in entry.grounds
    assert late.case.state == Case.State.SANCTIONED
    with on("2026-06-01"):
        sweep()
    assert late.case.next_on is None
    assert Case.objects.count() == 1


def test_a_remark_that_is_given_late_gives_the_partner_its_whole_month(late: Office) -> None:
    with on("2026-01-28"):
        given = deciding.give(late.case, "first", by=late.manager)
    assert given.put_right_by == D("2026-03-02")  # 28 February is a Saturday
    assert late.case.next_on == D("2026-03-03")


def test_publishing_by_the_last_day_of_a_term_closes_the_case(late: Office) -> None:
    give(late, "2026-01-22", "first")
    with on("2026-02-23"):
        late.pipeline.publish()
    with on("2026-03-01"):
        sweep()
    case = late.case
    assert (case.state, case.closed_on) == (Case.State.PUT_RIGHT, D("2026-02-23"))
    assert case.decisions.get(kind="put_right").actor is None
    assert not LedgerEntry.objects.exists()


def test_publishing_on_the_day_after_is_too_late(late: Office) -> None:
    give(late, "2026-01-22", "first")
    with on("2026-02-24"):
        late.pipeline.publish()
        sweep()
    assert late.case.proposed_on == D("2026-02-24")


def test_what_was_published_between_the_breach_and_the_decision_still_has_its_first_remark(
    late: Office,
) -> None:
    with on("2026-01-23"):
        late.pipeline.publish()
        sweep()
        assert late.case.next_stage == "first"
        deciding.give(late.case, "first", by=late.manager)
        sweep()
    assert late.case.state == Case.State.PUT_RIGHT
    assert late.case.closed_on == D("2026-01-23")


def test_a_reason_accepted_afterwards_takes_the_ground_away_and_a_later_breach_opens_another(
    late: Office,
) -> None:
    with on("2026-01-23"):
        pause = pauses.pause(
            late.pipeline.run, by=late.pipeline.partner, reason=Pause.Reason.LEGAL, text="Lakimies selvittää",
            first_day=D("2026-01-12"), until=D("2026-01-20"),
        )  # fmt: skip
        pauses.decide(pause, by=late.manager, accepted=True)
        sweep()
    first = Case.objects.get()
    assert (first.state, first.closed_on) == (Case.State.GROUNDLESS, D("2026-01-23"))
    with on("2026-02-02"):
        sweep()
    # Eight days stood still: due on Thursday the 29th, a breach from the 30th.
    assert Case.objects.count() == 2
    assert late.case.ground_on == D("2026-01-30")


def test_the_partner_of_the_day_of_the_ground_answers(office: Office) -> None:
    vantaa = factories.OrganisationFactory(kind="partner", external_id="vantaa", name={"fi": "Vantaa"})
    with on("2026-01-07"):
        office.pipeline.submit()
        responsibility.assign(
            office.pipeline.service, vantaa, basis="thematic", starts_on=D("2026-01-23"),
            decision="Ohjausryhmä 1/2026", by=office.manager,
        )  # fmt: skip
    with on("2026-02-02"):
        sweep()
    assert office.case.partner == office.espoo


def test_nothing_is_proposed_for_a_day_without_an_agreement(late: Office) -> None:
    give(late, "2026-01-22", "first")
    Agreement.objects.update(ends_on=D("2026-02-20"))
    with on("2026-03-10"):
        sweep()
    assert late.case.proposed_on is None


def test_no_case_is_opened_for_a_breach_on_a_day_without_an_agreement(office: Office) -> None:
    Agreement.objects.update(ends_on=D("2026-01-15"))
    with on("2026-01-07"):
        office.pipeline.submit()
    with on("2026-01-30"):
        sweep()
    assert not Case.objects.exists()


def test_a_postponed_proposal_comes_back_on_its_day(late: Office) -> None:
    with on("2026-01-22"):
        deciding.postpone(
            late.case, "first", by=late.manager, until=D("2026-01-30"), text="Kumppani selvittää."
        )
    with on("2026-01-29"):
        sweep()
    assert late.case.proposed_on is None
    with on("2026-01-30"):
        sweep()
    assert late.case.proposed_on == D("2026-01-30")
    assert Notice.objects.filter(kind="case_proposed").count() == 2


@pytest.mark.parametrize("day", ["2026-01-22", "2026-01-21"])
def test_a_proposal_is_postponed_to_a_day_to_come(late: Office, day: str) -> None:
    with on("2026-01-22"), pytest.raises(ValidationError) as refused:
        deciding.postpone(late.case, "first", by=late.manager, until=D(day), text="Syy")
    assert "until" in refused.value.message_dict


def test_a_justified_reason_exempts_with_its_text(late: Office) -> None:
    with on("2026-01-23"):
        with pytest.raises(ValidationError):
            deciding.exempt(late.case, by=late.manager, text=" ")
        deciding.exempt(late.case, by=late.manager, text="Tietoliikennekatko koko alueella.")
        sweep()
    assert Case.objects.get().state == Case.State.EXEMPTED
    decision = Decision.objects.get()
    assert (decision.actor, decision.text) == (late.manager, "Tietoliikennekatko koko alueella.")


def test_an_unclear_case_is_marked_once_for_the_steering_group(late: Office) -> None:
    with on("2026-01-23"):
        deciding.take_to_steering(late.case, by=late.manager, text="Oliko syy perusteltu?")
        with pytest.raises(NotNow):
            deciding.take_to_steering(late.case, by=late.manager, text="Uudelleen")
    case = late.case
    assert case.with_steering
    assert case.proposed_on == D("2026-01-22")


def test_only_the_project_manager_decides(late: Office) -> None:
    for person in (late.main_user, late.steering, late.pipeline.partner, late.pipeline.provider):
        with pytest.raises(PermissionDenied):
            deciding.give(late.case, "first", by=person)
        with pytest.raises(PermissionDenied):
            deciding.exempt(late.case, by=person, text="Syy")
    assert not Decision.objects.exists()


def test_what_is_not_proposed_cannot_be_given(late: Office) -> None:
    give(late, "2026-01-22", "first")
    with pytest.raises(NotNow):
        deciding.give(late.case, "second", by=late.manager)
    with pytest.raises(NotNow):
        deciding.give(late.case, "first", by=late.manager)
    assert Decision.objects.count() == 1


def test_the_partner_hears_of_remarks_and_its_steering_member_of_the_sanction(late: Office) -> None:
    def told() -> set[User | None]:
        return {one.recipient for one in Notice.objects.filter(kind="letter")}

    give(late, "2026-01-22", "first")
    assert told() == {late.main_user}
    give(late, "2026-02-24", "second")
    assert told() == {late.main_user}
    give(late, "2026-03-04", "third")
    assert told() == {late.main_user, late.steering}


def by_hand(office: Office, **changed: object) -> Case:
    """Open a case of a recurring error that was raised with the main user on 5 February."""
    given: dict[str, object] = {
        "by": office.manager,
        "ground_on": D("2026-03-02"),
        "text": "Maksu on ohjeessa yhä väärin.",
        "mentions": [Raised(D("2026-02-05"), office.main_user, "Maksu on väärin.")],
        "service": office.pipeline.service,
    } | changed
    with on("2026-03-02"):
        return opening.by_hand(office.espoo, Ground.ERROR, **given)  # type: ignore[arg-type]


def test_a_recurring_error_that_was_raised_before_opens_a_case(office: Office) -> None:
    case = by_hand(office)
    assert (case.ground_on, case.next_stage, case.proposed_on) == (
        D("2026-03-02"), "first", D("2026-03-02"),
    )  # fmt: skip
    assert case.mentions.get().to == office.main_user
    with on("2026-03-05"):
        deciding.give(case, "first", by=office.manager)
        deciding.close(office.case, by=office.manager, on=D("2026-03-04"), text="Korjattu.")
    assert (office.case.state, office.case.closed_on) == (Case.State.PUT_RIGHT, D("2026-03-04"))


def test_an_error_needs_an_earlier_mention_to_someone_who_answers_for_the_partner(office: Office) -> None:
    producer, stranger = office.pipeline.partner, factories.member("partner", "main_user")
    for mentions, why in [
        ([], "aiemmin"),
        ([Raised(D("2026-03-02"), office.main_user, "Samana päivänä")], "aikaisempi"),
        ([Raised(D("2026-02-05"), producer, "Tuottajalle")], producer.full_name),
        ([Raised(D("2026-02-05"), stranger, "Toisen kumppanin")], stranger.full_name),
    ]:
        with pytest.raises(ValidationError) as refused:
            by_hand(office, mentions=mentions)
        assert why in " ".join(refused.value.messages)
    assert not Case.objects.exists()


def test_a_case_by_hand_falls_on_the_partner_responsible_for_the_service(office: Office) -> None:
    other = factories.OrganisationFactory(kind="partner", external_id="kerava", name={"fi": "Kerava"})
    person = factories.member("partner", "main_user", other)
    person.memberships.update(starts_on=D("2025-01-01"))
    with on("2026-03-02"), pytest.raises(ValidationError) as refused:
        opening.by_hand(
            other, Ground.ERROR, by=office.manager, ground_on=D("2026-03-02"), text="Väärin",
            mentions=[Raised(D("2026-02-05"), person, "Väärin")], service=office.pipeline.service,
        )  # fmt: skip
    assert "service" in refused.value.message_dict


def test_a_sanction_is_credited_in_parts_but_never_beyond(late: Office) -> None:
    for day, stage in (("2026-01-22", "first"), ("2026-02-24", "second"), ("2026-03-04", "third")):
        give(late, day, stage)
    entry = LedgerEntry.objects.get()
    with pytest.raises(PermissionDenied):
        ledger.credit(entry, by=late.main_user, amount=Decimal(1), grounds="Ei")
    ledger.credit(entry, by=late.manager, amount=Decimal("400.00"), grounds="Osa oli perusteltu.")
    for wrong in ("600.01", "0", "-5"):
        with pytest.raises(ValidationError):
            ledger.credit(entry, by=late.manager, amount=Decimal(wrong), grounds="Liikaa")
    with pytest.raises(ValidationError):
        ledger.credit(entry, by=late.manager, amount=Decimal(1), grounds=" ")
    assert ledger.balances(LedgerEntry.objects.all())[late.espoo.pk].total == Decimal(600)
    ledger.mark_invoiced(entry, by=late.manager, reference="2026-17")
    with pytest.raises(NotNow):
        ledger.mark_invoiced(entry, by=late.manager, reference="2026-18")
    invoiced = LedgerEntry.objects.get(kind="invoiced")
    assert (invoiced.amount, invoiced.reference) == (Decimal(600), "2026-17")


def test_a_person_sees_what_is_kept_of_decisions(late: Office) -> None:
    from orgs import stored_data

    give(late, "2026-01-22", "first")
    kept = stored_data.of(late.manager)["cases_and_ledger"]
    assert kept["decisions"] == [{"case": late.case.pk, "what": "given", "on": "2026-01-22", "text": ""}]
