"""Handovers: opened by a change, confirmed by both, made a case when overdue (docs/rules.md section 6)."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from orgs.models import Notice, Seat, User
from orgs.refused import NotNow
from orgs.roles import Body, SeatKind
from sanctions.actions import deciding, handing_over
from sanctions.actions.deciding import Discussion
from sanctions.models import Case, Handover, LedgerEntry
from tests import factories
from tests.clients import Client
from tests.sanctions.conftest import D, Office, at, discussed, on, sweep
from tests.sanctions.test_letters import said
from workflow.models import Absence, Updater

pytestmark = pytest.mark.django_db


def successor_of(office: Office, day: str) -> User:
    """Let a new person follow Espoo's member in the steering group on a day."""
    with on(day):
        new = at("espoo", "expert")
        old = office.steering.seats.latest("pk")
        Seat.objects.create(
            user=new, organisation=office.espoo, body=Body.STEERING_GROUP, kind=SeatKind.MEMBER,
            starts_on=D(day), predecessor=old,
        )  # fmt: skip
        sweep()
    return new


def handover_of(office: Office, day: str = "2026-02-02") -> Handover:
    successor_of(office, day)
    return Handover.objects.latest("pk")


def test_a_change_of_a_seat_opens_a_handover_once(office: Office) -> None:
    new = successor_of(office, "2026-02-02")
    with on("2026-02-03"):
        sweep()
    one = Handover.objects.get()
    assert (one.giver, one.receiver, one.partner) == (office.steering, new, office.espoo)
    assert (one.starts_on, one.due_on) == (D("2026-02-02"), D("2026-03-04"))
    assert {notice.recipient for notice in Notice.objects.filter(kind="handover_opened")} == {
        office.steering,
        new,
    }


def test_a_change_of_the_partner_s_updater_opens_one_for_all_its_services(office: Office) -> None:
    with on("2026-02-02"):
        new = at("espoo", "producer")
        old = Updater.objects.get(half="partner")
        old.end(D("2026-02-02"))
        Updater.objects.create(
            service=old.service,
            half="partner",
            user=new,
            organisation=office.espoo,
            starts_on=D("2026-02-02"),
        )
        sweep()
    one = Handover.objects.get()
    assert (one.reason, one.giver, one.receiver) == ("updater", office.pipeline.partner, new)


@pytest.mark.parametrize(("last", "opened"), [("2026-03-02", 0), ("2026-03-03", 1)])
def test_a_substitution_of_thirty_days_is_long(office: Office, last: str, opened: int) -> None:
    with on("2026-02-02"):
        deputy = at("espoo", "producer")
        Absence.objects.create(
            user=office.pipeline.partner, deputy=deputy, first_day=D("2026-02-02"), last_day=D(last)
        )
        sweep()
    assert Handover.objects.filter(reason="substitution").count() == opened


def test_both_confirm_and_nobody_else(office: Office) -> None:
    one = handover_of(office)
    with on("2026-02-10"):
        with pytest.raises(PermissionDenied):
            handing_over.confirm(one, by=office.main_user, giver=True)
        with pytest.raises(PermissionDenied):
            handing_over.confirm(one, by=one.receiver, giver=True)
        handing_over.confirm(one, by=one.giver, giver=True)
        with pytest.raises(NotNow):
            handing_over.confirm(one, by=one.giver, giver=True)
    with on("2026-02-12"):
        handing_over.confirm(one, by=one.receiver, giver=False)
    one.refresh_from_db()
    assert one.done_on == D("2026-02-12")


def test_the_project_confirms_for_someone_who_has_left_with_a_note(office: Office) -> None:
    one = handover_of(office)
    with on("2026-02-10"):
        with pytest.raises(ValidationError):
            handing_over.confirm(one, by=office.manager, giver=True)
        handing_over.confirm(one, by=office.manager, giver=True, note="Muistio 10.2.")
    one.refresh_from_db()
    assert one.note == "Muistio 10.2."


def test_what_is_handed_over_on_the_due_date_is_in_time(office: Office) -> None:
    one = handover_of(office)
    with on("2026-03-04"):
        handing_over.confirm(one, by=one.giver, giver=True)
        handing_over.confirm(one, by=one.receiver, giver=False)
    with on("2026-04-01"):
        sweep()
    assert not Case.objects.exists()


def test_an_overdue_handover_is_discussed_then_remarked_and_only_the_second_is_fined(office: Office) -> None:
    handover_of(office, "2026-02-02")
    with on("2026-03-05"):
        sweep()
        case = office.case
        assert (case.ground, case.next_stage, case.ground_on) == ("handover", "discussion", D("2026-03-05"))
        deciding.give(case, "discussion", by=office.manager, **discussed("2026-03-05"))
        sweep()
        given = deciding.give(office.case, "remark", by=office.manager)
    assert given.amount is None
    assert office.case.state == Case.State.REMARKED
    with on("2026-04-01"):
        Seat.objects.filter(predecessor__isnull=False).update(ends_on=D("2026-03-31"))
        newest = Seat.objects.latest("pk")
        person = at("espoo", "expert")
        Seat.objects.create(
            user=person, organisation=office.espoo, body=newest.body, kind=newest.kind,
            starts_on=D("2026-04-01"), predecessor=newest,
        )  # fmt: skip
        sweep()
    with on("2026-05-05"):  # 1 May is a Friday and the due date; a holiday, so Monday the 4th
        sweep()
        assert office.case.ground_on == D("2026-05-05")
        deciding.give(office.case, "discussion", by=office.manager, **discussed("2026-05-05"))
        sweep()
        given = deciding.give(office.case, "remark", by=office.manager)
    assert given.amount == Decimal(500)
    assert LedgerEntry.objects.get().matter == "handover"
    told = Notice.objects.filter(kind="letter", context__letter=given.letter.pk)
    assert office.main_user in {one.recipient for one in told}


def test_what_is_handed_over_before_the_remark_closes_the_case(office: Office) -> None:
    one = handover_of(office, "2026-02-02")
    with on("2026-03-06"):
        sweep()
        deciding.postpone(office.case, "discussion", by=office.manager, until=D("2026-03-12"), text="Sovittu")
    with on("2026-03-10"):
        handing_over.confirm(one, by=one.giver, giver=True)
        handing_over.confirm(one, by=one.receiver, giver=False)
        sweep()
    assert (office.case.state, office.case.closed_on) == (Case.State.PUT_RIGHT, D("2026-03-10"))


def test_a_reason_that_could_not_be_influenced_exempts(office: Office) -> None:
    one = handover_of(office, "2026-02-02")
    with on("2026-03-06"):
        sweep()
        deciding.exempt(office.case, by=office.manager, text="Äkillinen sairastuminen")
        sweep()
    one.refresh_from_db()
    assert one.excused == "Äkillinen sairastuminen"
    assert Case.objects.get().state == Case.State.EXEMPTED


def test_both_confirm_on_the_page_that_the_mail_leads_to(office: Office, client: Client) -> None:
    one = handover_of(office)
    with on("2026-02-10"):
        factories.second_factor(one.receiver)
        client.force_login(one.receiver)
        page = client.get(reverse("office:handover", args=[one.pk])).content.decode()
        assert page.count("Tiedot on siirretty") == 1
        client.post(reverse("office:confirm_handover", args=[one.pk, "receiver"]))
        assert client.post(reverse("office:confirm_handover", args=[one.pk, "giver"])).status_code == 403
    one.refresh_from_db()
    assert one.received_at is not None
    assert one.given_at is None


def test_the_two_are_reminded_a_week_before_it_is_due_unless_they_have_confirmed(office: Office) -> None:
    one = handover_of(office, "2026-02-02")  # due on 4 March
    for day in ("2026-02-24", "2026-02-25", "2026-02-26"):
        with on(day):
            if day == "2026-02-25":
                handing_over.confirm(one, by=one.giver, giver=True)
            sweep()
    told = Notice.objects.filter(kind="handover_due")
    assert [(one.recipient, one.created_at.date()) for one in told] == [(one.receiver, D("2026-02-25"))]


def test_a_discussion_says_when_with_whom_and_what_was_said(office: Office) -> None:
    handover_of(office, "2026-02-02")
    told: dict[str, Any] = {
        "discussion": Discussion(D("2026-03-09"), "Aino Neuvonen"), "text": "Siirto pidetään."
    }  # fmt: skip
    wrong: list[dict[str, Any]] = [
        {},
        told | {"text": " "},
        told | {"discussion": Discussion(None, "Aino")},
        told | {"discussion": Discussion(D("2026-03-09"), " ")},
        told | {"discussion": Discussion(D("2026-03-11"), "Aino")},  # still to come
        told | {"discussion": Discussion(D("2026-03-04"), "Aino")},  # before the breach
    ]
    with on("2026-03-10"):
        sweep()
        for one in wrong:
            with pytest.raises(ValidationError):
                deciding.give(office.case, "discussion", by=office.manager, **one)
        given = deciding.give(office.case, "discussion", by=office.manager, **told)
    assert (given.held_on, given.held_with) == (D("2026-03-09"), "Aino Neuvonen")
    text = said(given.letter)
    assert "Projektipäällikkö keskusteli 9.3.2026 sopimuskumppanin kanssa tiedonsiirrosta" in text
    assert "Sopimuskumppanin puolesta keskusteli Aino Neuvonen." in text
    assert "Siirto pidetään." in text


def test_the_form_of_a_discussion_asks_for_it_and_other_steps_do_not(office: Office, client: Client) -> None:
    handover_of(office, "2026-02-02")
    with on("2026-03-10"):
        sweep()
        client.force_login(office.manager)
        page = reverse("office:case", args=[office.case.pk])
        assert "Päivä, jona keskusteltiin" in client.get(page).content.decode()
        step = reverse("office:case_step", args=[office.case.pk, "give"])
        data = {"give-stage": "discussion", "give-held_on": "2026-03-09", "give-held_with": "Aino Neuvonen"}
        refused = client.post(step, data)
        assert refused.status_code == 422
        assert "Kirjoita, mitä sanottiin." in refused.content.decode()
        client.post(step, data | {"give-text": "Siirto pidetään."})
        shown = client.get(page).content.decode()
    assert "Keskusteltu 9.3.2026: Aino Neuvonen." in shown
    assert "Päivä, jona keskusteltiin" not in shown
