"""Corrections: a record is mended after something was given; proposed the same day, given, told by letter."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from orgs import clock
from orgs.models import Agreement, Notice, Organisation
from orgs.refused import NotNow
from sanctions import ledger
from sanctions.actions import correcting, deciding, handing_over
from sanctions.actions.meetings import There, record
from sanctions.models import Attendance, Case, Correction, Decision, LedgerEntry, Letter, Meeting
from sanctions.recorded import scenario
from sanctions.scenario import scenario_from
from sanctions.simulation import simulate
from services.models import Responsibility
from tests import factories
from tests.clients import Client
from tests.sanctions.conftest import D, Office, discussed, on, sweep
from tests.sanctions.test_handovers import handover_of
from tests.sanctions.test_letters import said
from tests.services.site_pages import html, words
from workflow import run_clock
from workflow.actions import pauses
from workflow.models import HolidaySeason, Pause

_DAY = datetime.timedelta(days=1)
State = Correction.State


def give(office: Office, day: str, *stages: str) -> None:
    """Sweep on a day and accept what is proposed of the newest case."""
    for stage in stages:
        with on(day):
            sweep()
            told = discussed(day) if stage == "discussion" else {}
            deciding.give(office.case, stage, by=office.manager, **told)


def paused(office: Office, day: str, first: str, until: str) -> Pause:
    """Record on a day that the run's clock stood still before; it waits for the project manager."""
    run = office.case.run
    assert run is not None
    with on(day):
        return pauses.pause(
            run, by=office.pipeline.partner, reason=Pause.Reason.LEGAL, text="Lakiasia selvisi.",
            first_day=D(first), until=D(until),
        )  # fmt: skip


def accepted(office: Office, day: str, pause: Pause) -> None:
    with on(day):
        pauses.decide(pause, by=office.manager, accepted=True)
        sweep()


def stood_still(office: Office, day: str, first: str, until: str) -> None:
    """Record on a day that the run's clock stood still before, and have it accepted."""
    accepted(office, day, paused(office, day, first, until))


def accept(office: Office, day: str) -> Decision:
    """Make the one correction that is proposed, on a day."""
    with on(day):
        return correcting.give(Correction.objects.get(state=State.PROPOSED), by=office.manager)


def sums(day: str) -> tuple[dict[str, Any], dict[str, Decimal]]:
    """Return what simulate comes to over the mended record, and what stands in the ledger, by partner."""
    agreement = Agreement.objects.get()
    names = dict(Organisation.objects.values_list("pk", "external_id"))
    with on(day):
        simulated = simulate(scenario_from(scenario(agreement, D(day))))["totals"]
    balances = ledger.balances(LedgerEntry.objects.all())
    stands = {names[key]: one.total for key, one in balances.items() if one.total}
    return simulated, stands


def test_a_remark_is_voided_when_a_pause_is_accepted_afterwards(late: Office) -> None:
    give(late, "2026-01-22", "first")
    stood_still(late, "2026-01-27", "2026-01-12", "2026-01-20")
    correction = Correction.objects.get()
    assert (correction.state, correction.void, correction.credits) == ("proposed", ["first"], False)
    assert late.case.is_open, "the project manager decides"
    told = Notice.objects.filter(kind="correction_proposed")
    assert [one.recipient for one in told] == [late.manager]
    accept(late, "2026-01-27")
    assert late.case.state == Case.State.GROUNDLESS
    letter = Letter.objects.get(kind="void")
    assert "21.1.2026" in said(letter), "the old ground"
    assert "Tämänhetkisten tietojen mukaan julkaisu ei ollut myöhässä" in said(letter)
    assert "Ensimmäinen huomautus 22.1.2026 (kirje 1/2026)" in said(letter)
    simulated, stands = sums("2026-01-27")
    assert simulated == stands == {}


def test_a_sanction_is_credited_when_it_was_put_right_in_time_after_all(late: Office) -> None:
    for day, stage in (("2026-01-22", "first"), ("2026-02-24", "second"), ("2026-03-04", "third")):
        give(late, day, stage)
    pause = paused(late, "2026-03-04", "2026-01-12", "2026-01-24")
    with on("2026-03-05"):
        late.pipeline.publish()
        sweep()
    assert not Correction.objects.exists()
    assert sums("2026-03-05") == ({"espoo": 1000}, {"espoo": Decimal(1000)})
    accepted(late, "2026-03-09", pause)
    correction = Correction.objects.get()
    assert (correction.void, correction.credits) == (["third"], True)
    assert "korjattiin 5.3.2026" in str(correction)
    accept(late, "2026-03-09")
    assert late.case.state == Case.State.PUT_RIGHT
    assert {one.kind for one in Letter.objects.filter(on=D("2026-03-09"))} == {"correction", "credit"}
    credit = LedgerEntry.objects.get(kind="credit")
    assert (credit.amount, credit.grounds) == (Decimal(1000), correction.found["fi"])
    simulated, stands = sums("2026-03-09")
    assert simulated == stands == {}


def test_a_season_that_was_forgotten_is_a_record_that_is_mended(late: Office) -> None:
    give(late, "2026-01-22", "first")
    with on("2026-01-26"):
        HolidaySeason.objects.create(first_day=D("2026-01-08"), last_day=D("2026-01-16"))
        sweep()
    assert Correction.objects.get().void == ["first"]


def test_a_cooperation_sanction_is_credited_when_the_record_is_mended(office: Office) -> None:
    kind, absent = Meeting.Kind.STEERING_GROUP, There(Attendance.Presence.ABSENT)
    for day in ("2026-03-12", "2026-06-04"):
        with on(day):
            second = record(kind, D(day), {office.espoo: absent}, by=office.manager)
    give(office, "2026-06-05", "sanction")
    assert sums("2026-06-05") == ({"espoo": 500}, {"espoo": Decimal(500)})
    with on("2026-06-08"):
        there = {office.espoo: There(Attendance.Presence.SUBSTITUTE, "Veera Virta")}
        with pytest.raises(ValidationError, match="miksi"):
            record(kind, D("2026-06-04"), there, by=office.manager, meeting=second)
        record(
            kind, D("2026-06-04"), there, by=office.manager, meeting=second, reason="Varajäsen oli paikalla."
        )
        sweep()
    assert second.history.latest().history_change_reason == "Varajäsen oli paikalla."
    accept(office, "2026-06-08")
    assert office.case.state == Case.State.GROUNDLESS
    void = Letter.objects.get(kind="void")
    assert "4.6.2026" in said(void), "the old ground names the meetings"
    assert void.title == "Sanktio on mitätöity: tammi–kesäkuu 2026"
    simulated, stands = sums("2026-06-08")
    assert simulated == stands == {}


def test_handovers_confirmed_late_void_their_remark_and_credit_the_next(office: Office) -> None:
    first = handover_of(office, "2026-02-02")
    give(office, "2026-03-05", "discussion", "remark")
    second = handover_of(office, "2026-05-04")
    with on("2026-06-08"):
        sweep()
    case = Case.objects.get(handover=second)
    with on("2026-06-08"):
        deciding.give(case, "discussion", by=office.manager, **discussed("2026-06-08"))
        sweep()
        assert deciding.give(case, "remark", by=office.manager).amount == Decimal(500)
    assert sums("2026-06-08") == ({"espoo": 500}, {"espoo": Decimal(500)})
    with on("2026-06-10"):
        for giver in (True, False):
            handing_over.confirm(first, by=office.manager, giver=giver, note="Muistio.", on=D("2026-02-20"))
        sweep()
        found = {one.case_id: (one.void, one.credits) for one in Correction.objects.all()}
        assert found == {
            Case.objects.get(handover=first).pk: (["discussion", "remark"], False),
            case.pk: ([], True),
        }
        for one in Correction.objects.all():
            correcting.give(one, by=office.manager)
    case.refresh_from_db()
    assert case.state == Case.State.REMARKED, "the remark stands, its sanction does not"
    simulated, stands = sums("2026-06-10")
    assert simulated == stands == {}


def test_a_responsibility_that_had_moved_takes_the_ground_from_the_earlier_partner(late: Office) -> None:
    give(late, "2026-01-22", "first")
    vantaa = factories.OrganisationFactory(kind="partner", external_id="vantaa", name={"fi": "Vantaa"})
    with on("2026-01-26"):
        assert late.case.service is not None
        Responsibility.objects.create(
            service=late.case.service, partner=vantaa, basis="regional", starts_on=D("2026-01-20"),
            decision="Ohjausryhmä 1/2026", set_at=clock.now(), set_by=late.manager,
        )  # fmt: skip
        sweep()
    assert "Vantaa oli vastuussa" in str(Correction.objects.get())
    accept(late, "2026-01-26")
    with on("2026-01-26"):
        sweep()
    states = set(Case.objects.values_list("partner__external_id", "state"))
    assert states == {("espoo", "groundless"), ("vantaa", "open")}, "the case is the other partner's now"


def test_a_correction_is_refused_for_a_reason_and_not_proposed_again(late: Office) -> None:
    give(late, "2026-01-22", "first")
    stood_still(late, "2026-01-27", "2026-01-12", "2026-01-20")
    correction = Correction.objects.get()
    with on("2026-01-27"):
        with pytest.raises(ValidationError):
            correcting.refuse(correction, by=late.manager, text=" ")
        with pytest.raises(PermissionDenied):
            correcting.give(correction, by=late.main_user)
        correcting.refuse(correction, by=late.manager, text="Syy kirjattiin liian myöhään.")
        sweep()
        with pytest.raises(NotNow):
            correcting.give(correction, by=late.manager)
    assert Correction.objects.count() == 1
    assert late.case.is_open


def test_a_correction_lapses_when_the_record_is_as_before(late: Office) -> None:
    give(late, "2026-01-22", "first")
    with on("2026-01-26"):
        season = HolidaySeason.objects.create(first_day=D("2026-01-08"), last_day=D("2026-01-16"))
        sweep()
        season.delete()
        sweep()
    assert Correction.objects.get().state == State.LAPSED


def test_what_is_proposed_lapses_when_the_record_says_again_what_was_refused(late: Office) -> None:
    give(late, "2026-01-22", "first")
    with on("2026-01-26"):
        season = HolidaySeason.objects.create(first_day=D("2026-01-08"), last_day=D("2026-01-16"))
        sweep()
        correcting.refuse(Correction.objects.get(), by=late.manager, text="Kausi oli tiedossa.")
        season.last_day = D("2026-01-20")
        season.save()
        sweep()
        assert [one.state for one in Correction.objects.all()] == ["refused", "proposed"]
        season.last_day = D("2026-01-16")
        season.save()
        sweep()
    assert [one.state for one in Correction.objects.all()] == ["refused", "lapsed"]


def test_a_case_of_which_the_partner_was_told_nothing_falls_away_by_itself(late: Office) -> None:
    with on("2026-01-22"):
        HolidaySeason.objects.create(first_day=D("2026-01-08"), last_day=D("2026-01-16"))
        run_clock.refresh_open()
        sweep()
    assert late.case.state == Case.State.GROUNDLESS
    assert not Letter.objects.exists()


def test_a_case_ended_by_mistake_is_opened_again_and_goes_on(late: Office) -> None:
    give(late, "2026-01-22", "first")
    with on("2026-01-23"):
        with pytest.raises(ValidationError, match="kesken"):
            deciding.close(late.case, by=late.manager, on=D("2026-01-23"), text="Julkaistu.")
        deciding.exempt(late.case, by=late.manager, text="Väärä tapaus.")
        with pytest.raises(ValidationError):
            correcting.reopen(late.case, by=late.manager, text="")
        correcting.reopen(late.case, by=late.manager, text="Vapautus kuului toiseen tapaukseen.")
        with pytest.raises(NotNow):
            correcting.reopen(late.case, by=late.manager, text="Uudelleen.")
    assert late.case.is_open
    assert (late.case.next_stage, late.case.next_on) == ("second", D("2026-02-24"))
    letter = Letter.objects.get(kind="reopening")
    assert "Vapautus kuului toiseen tapaukseen." in said(letter)
    give(late, "2026-02-24", "second")


def test_the_pages_show_both_grounds_and_what_is_to_be_done(late: Office, client: Client) -> None:
    give(late, "2026-01-22", "first")
    stood_still(late, "2026-01-27", "2026-01-12", "2026-01-20")
    with on("2026-01-27"):
        client.force_login(late.manager)
        front = words(html(client, reverse("office:office")))
        assert "Oikaisu" in front
        page = words(html(client, reverse("office:case", args=[late.case.pk]))).replace("\xa0", " ")
        assert "julkaisun määräpäivä oli 21.1.2026" in page
        assert "Mitätöidään: ensimmäinen huomautus." in page
        step = reverse("office:case_step", args=[late.case.pk, "correct"])
        assert client.post(step, {"correct-text": ""}).status_code == 302
    assert late.case.state == Case.State.GROUNDLESS
    with on("2026-01-28"):
        client.force_login(late.main_user)
        seen = words(html(client, reverse("office:case", args=[late.case.pk])))
        assert "Oikaisua ehdotettiin." in seen


def test_the_closing_form_says_what_it_does_to_absences(office: Office, client: Client) -> None:
    kind, absent = Meeting.Kind.STEERING_GROUP, There(Attendance.Presence.ABSENT)
    for day in ("2026-03-12", "2026-06-04"):
        with on(day):
            record(kind, D(day), {office.espoo: absent}, by=office.manager)
    with on("2026-06-05"):
        sweep()
        client.force_login(office.manager)
        page = words(html(client, reverse("office:case", args=[office.case.pk])))
        assert "Poissaolot jäävät kirjatuiksi" in page
        step = reverse("office:case_step", args=[office.case.pk, "close"])
        refused = client.post(step, {"close-on": "2026-06-05", "close-text": ""})
        assert refused.status_code == 422
        assert "miten se korjattiin" in refused.content.decode()


def test_mending_a_meeting_asks_for_a_reason_and_shows_it(office: Office, client: Client) -> None:
    with on("2026-03-12"):
        there = {office.espoo: There(Attendance.Presence.ABSENT)}
        made = record(Meeting.Kind.STEERING_GROUP, D("2026-03-12"), there, by=office.manager)
        client.force_login(office.manager)
        page = reverse("office:meeting", args=[made.pk])
        form = {"on": "2026-03-12", f"presence-{office.espoo.pk}": "member"}
        refused = client.post(page, form)
        assert refused.status_code == 422
        assert "miksi" in refused.content.decode()
        assert client.post(page, form | {"reason": "Kirjattiin väärin."}).status_code == 302
        assert "Kirjattiin väärin." in html(client, page)
