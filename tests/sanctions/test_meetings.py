"""Recorded meetings, the absences that count, and the sanctions on cooperation (docs/rules.md section 6)."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from orgs.models import AgreedTerms, Agreement
from orgs.roles import Body, SeatKind
from sanctions.actions import deciding
from sanctions.actions.meetings import There, record
from sanctions.models import Attendance, Case, LedgerEntry, Meeting
from sanctions.neglects import partners_on
from tests import factories
from tests.browser_forms import as_a_browser_sends
from tests.clients import Client
from tests.sanctions.conftest import D, Office, on, sweep
from tests.workflow.conftest import at

pytestmark = pytest.mark.django_db

STEERING, WORKING = Meeting.Kind.STEERING_GROUP, Meeting.Kind.WORKING_GROUP
Presence = Attendance.Presence


def held(office: Office, kind: Meeting.Kind, day: str, presence: Presence = Presence.ABSENT) -> Meeting:
    """Record a meeting of a day, on the day, with how Espoo was there."""
    with on(day):
        if presence == Presence.DEPUTY:
            factories.seat(at("espoo", "expert"), Body(kind), SeatKind.DEPUTY)
        return record(kind, D(day), {office.espoo: There(presence)}, by=office.manager)


def test_the_worked_example_of_the_rules(office: Office) -> None:
    """Espoo misses the steering group of the first and of the third quarter: 500 euros, the second half."""
    held(office, STEERING, "2026-03-12")
    held(office, STEERING, "2026-06-04", Presence.DEPUTY)
    with on("2026-09-16"):
        sweep()
    assert not Case.objects.exists()
    held(office, STEERING, "2026-09-17")
    with on("2026-09-17"):
        sweep()
        case = office.case
        assert (case.ground, case.half_year, case.ground_on) == ("cooperation", "2026/2", D("2026-09-17"))
        assert (case.next_stage, case.proposed_on) == ("sanction", D("2026-09-17"))
        deciding.give(case, "sanction", by=office.manager)
    entry = LedgerEntry.objects.get()
    assert (entry.amount, entry.matter, entry.partner) == (Decimal(500), "cooperation", office.espoo)
    assert "heinä–joulukuu 2026" in entry.grounds
    held(office, STEERING, "2026-12-03")
    with on("2026-12-31"):
        sweep()
    assert Case.objects.count() == 1


def test_a_third_absence_from_the_working_group_counts_and_the_second_does_not(office: Office) -> None:
    for day in ("2026-01-21", "2026-02-18"):
        held(office, WORKING, day)
    with on("2026-03-17"):
        sweep()
    assert not Case.objects.exists()
    held(office, WORKING, "2026-03-18")
    with on("2026-03-19"):
        sweep()
    assert office.case.ground_on == D("2026-03-18")


def test_an_absence_that_was_mended_takes_the_ground_away(office: Office) -> None:
    held(office, STEERING, "2026-03-12")
    second = held(office, STEERING, "2026-06-04")
    with on("2026-06-05"):
        sweep()
        there = {office.espoo: There(Presence.SUBSTITUTE, "Sanna Sijainen")}
        record(STEERING, D("2026-06-04"), there, by=office.manager, meeting=second, reason="Sijainen oli.")
        sweep()
    assert Case.objects.get().state == Case.State.GROUNDLESS


def test_an_exempted_absence_counts_for_nothing_and_the_next_one_is_looked_at(office: Office) -> None:
    held(office, STEERING, "2026-03-12")
    held(office, STEERING, "2026-06-04")
    with on("2026-06-05"):
        sweep()
        deciding.exempt(office.case, by=office.manager, text="Äkillinen sairastuminen")
        sweep()
    assert Case.objects.count() == 1
    assert Attendance.objects.get(meeting__on=D("2026-06-04")).excused == "Äkillinen sairastuminen"
    held(office, STEERING, "2026-06-25")
    with on("2026-06-26"):
        sweep()
    assert (Case.objects.count(), office.case.ground_on) == (2, D("2026-06-25"))


def test_absences_on_days_without_an_agreement_count_for_nothing(office: Office) -> None:
    held(office, STEERING, "2026-03-12")
    held(office, STEERING, "2026-06-04")
    Agreement.objects.update(starts_on=D("2026-04-01"))
    with on("2026-06-05"):
        sweep()
    assert not Case.objects.exists()


def test_only_those_who_record_meetings_do(office: Office) -> None:
    officer = factories.member("project", "communications_officer")
    there = {office.espoo: There(Presence.MEMBER)}
    record(STEERING, D("2026-03-12"), there, by=officer)
    for person in (office.main_user, office.steering, office.pipeline.provider):
        with pytest.raises(PermissionDenied):
            record(STEERING, D("2026-03-13"), there, by=person)


@pytest.mark.parametrize("presence", [Presence.MEMBER, Presence.DEPUTY])
def test_nobody_was_there_in_a_seat_that_nobody_held(office: Office, presence: Presence) -> None:
    with on("2026-02-11"), pytest.raises(ValidationError) as refused:
        record(WORKING, D("2026-02-11"), {office.espoo: There(presence)}, by=office.manager)
    (message,) = refused.value.message_dict[f"presence-{office.espoo.pk}"]
    assert message.startswith("Espoon kaupunki: paikkaa ei hoitanut kukaan 11.2.2026")
    assert not Meeting.objects.exists()
    with on("2026-02-11"):
        there = {office.espoo: There(Presence.SUBSTITUTE, "Veera Virta")}
        record(WORKING, D("2026-02-11"), there, by=office.manager)
    assert Meeting.objects.count() == 1


def test_the_form_says_so_beside_the_box(office: Office, client: Client) -> None:
    with on("2026-02-11"):
        client.force_login(office.manager)
        data = {"on": "2026-02-11", f"presence-{office.espoo.pk}": "member"}
        refused = client.post(reverse("office:record", args=["working_group"]), data)
    assert refused.status_code == 422
    assert "paikkaa ei hoitanut kukaan" in refused.content.decode()


def test_a_meeting_is_recorded_once_and_not_before_it_was_held(office: Office) -> None:
    held(office, STEERING, "2026-03-12")
    for day in ("2026-03-12", "2026-12-24"):
        with pytest.raises(ValidationError):
            record(STEERING, D(day), {}, by=office.manager)
    assert Meeting.objects.count() == 1


def test_who_is_asked_for_are_the_partners_with_a_share(office: Office) -> None:
    vantaa = factories.OrganisationFactory(kind="partner", external_id="vantaa", name={"fi": "Vantaa"})
    assert partners_on(D("2026-03-12")) == [office.espoo, vantaa]
    AgreedTerms.objects.get().shares.create(partner=vantaa, numerator=1, denominator=1)
    assert partners_on(D("2026-03-12")) == [vantaa]


def test_the_roll_is_called_on_the_page(office: Office, client: Client) -> None:
    with on("2026-03-12"):
        client.force_login(office.manager)
        address = reverse("office:record", args=["steering_group"])
        page = client.get(address)
        assert office.steering.full_name in page.content.decode()
        form = as_a_browser_sends(page.content, of="kokous")
        assert client.post(address, form).status_code == 422  # nobody was marked
        number = office.espoo.pk
        form |= {f"presence-{number}": ["substitute"]}
        refused = client.post(address, form)
        assert "Anna sijaisen nimi." in refused.content.decode()
        assert client.post(address, form | {f"substitute-{number}": ["Sanna Sijainen"]}).status_code == 302
        matrix = client.get(reverse("office:meetings")).content.decode()
    row = Attendance.objects.get()
    assert (row.presence, row.substitute) == ("substitute", "Sanna Sijainen")
    assert "sijainen oli paikalla: Sanna Sijainen" in matrix


def test_the_matrix_says_which_absences_count_and_why(office: Office, client: Client) -> None:
    held(office, STEERING, "2026-03-12")
    held(office, STEERING, "2026-09-17")
    with on("2026-09-18"):
        client.force_login(office.manager)
        page = client.get(reverse("office:meetings"), {"year": "2026"}).content.decode()
        file = client.get(reverse("office:meetings"), {"year": "2026", "format": "csv"})
    page = " ".join(page.split())
    assert "12.3. vuoden 1. poissaolo" in page
    assert "17.9. vuoden 2. poissaolo, sanktion peruste" in page
    assert "vuoden 2. poissaolo, sanktion peruste" in file.content.decode("utf-8-sig")


def test_a_main_user_sees_the_own_partner_s_row_alone(office: Office, client: Client) -> None:
    vantaa = factories.OrganisationFactory(
        kind="partner", external_id="vantaa", name={"fi": "Vantaan kaupunki"}
    )
    there: dict[Any, There] = {
        office.espoo: There(Presence.MEMBER),
        vantaa: There(Presence.ABSENT, note="merkkisana"),
    }
    with on("2026-03-12"):
        record(STEERING, D("2026-03-12"), there, by=office.manager)
        client.force_login(office.main_user)
        page = client.get(reverse("office:meetings")).content.decode()
        file = client.get(reverse("office:meetings"), {"format": "csv"}).content.decode("utf-8-sig")
    assert "Espoon kaupunki" in page
    for text in (page, file):
        assert "Vantaan kaupunki" not in text
        assert "merkkisana" not in text
