"""Nothing ages unseen: what waits is said with its days, reminded of weekly, and read before deciding."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.urls import reverse

from orgs.models import Notice
from sanctions.actions import answering, deciding
from sanctions.models import Case
from tests import factories
from tests.clients import Client
from tests.orgs.test_notices import deliver_all
from tests.sanctions.conftest import D, Office, on, sweep
from tests.sanctions.test_letters import said
from tests.services.site_pages import html, words
from workflow.actions import pauses
from workflow.models import Pause

_DAY = datetime.timedelta(days=1)


def page_of(client: Client, office: Office, name: str, *args: object) -> str:
    client.force_login(office.manager)
    return words(html(client, reverse(name, args=args)))


def test_a_proposal_says_for_how_long_it_has_waited(late: Office, client: Client) -> None:
    with on("2026-01-22"):
        assert "Odottanut" not in page_of(client, late, "office:office")
    with on("2026-01-25"):
        assert "Odottanut 3 päivää." in page_of(client, late, "office:office")
        assert "Odottanut 3 päivää." in page_of(client, late, "office:case", late.case.pk)


def test_every_project_manager_is_reminded_once_a_week(late: Office) -> None:
    with on("2026-01-07"):
        second = factories.member("project", "project_manager", late.manager.memberships.get().organisation)
    day = D("2026-01-22")
    while day <= D("2026-02-12"):
        with on(day.isoformat()):
            sweep()
        day += _DAY
    told = Notice.objects.filter(kind="decisions_wait")
    days = sorted({one.created_at.date() for one in told})
    assert days == [D("2026-01-29"), D("2026-02-05"), D("2026-02-12")]
    assert {one.recipient for one in told} == {late.manager, second}
    assert {one.context["days"] for one in told} == {7, 14, 21}


def test_a_case_with_the_steering_group_leaves_what_waits_for_me_and_its_seats_are_told(
    late: Office, client: Client, mailoutbox: list[EmailMessage]
) -> None:
    with on("2026-01-23"):
        deciding.take_to_steering(late.case, by=late.manager, text="Oliko syy perusteltu?")
        deliver_all()
        page = page_of(client, late, "office:office")
    assert "Mikään tapaus ei odota päätöstä" in page
    assert "Ohjausryhmässä" in page
    told = [one for one in mailoutbox if one.to == [late.steering.email]]
    assert "Ohjausryhmälle: Kielikahvila" in told[-1].subject
    with on("2026-02-20"):
        sweep()
    assert not Notice.objects.filter(kind="decisions_wait").exists()


def test_a_decision_on_it_names_the_groups_own_which_stands_in_the_letter(
    late: Office, client: Client
) -> None:
    with on("2026-01-23"):
        deciding.take_to_steering(late.case, by=late.manager, text="Oliko syy perusteltu?")
        with pytest.raises(ValidationError, match="ohjausryhmän"):
            deciding.give(late.case, "first", by=late.manager)
        with pytest.raises(ValidationError, match="ohjausryhmän"):
            deciding.exempt(late.case, by=late.manager, text="Perusteltu.")
        client.force_login(late.manager)
        step = reverse("office:case_step", args=[late.case.pk, "give"])
        refused = client.post(step, {"give-stage": "first", "give-text": "Ryhmä päätti."})
        assert refused.status_code == 422
        assert "Ryhmä päätti." in refused.content.decode(), "nothing typed is lost"
        given = {"give-stage": "first", "give-text": "", "give-steering": "Ohjausryhmä 1/2026, 3 §"}
        assert client.post(step, given).status_code == 302
    decision = late.case.decisions.get(kind="given")
    assert decision.steering == "Ohjausryhmä 1/2026, 3 §"
    assert "Ohjausryhmän päätös: Ohjausryhmä 1/2026, 3 §." in said(decision.letter)
    assert not late.case.with_steering, "the group has decided"


def test_the_partners_answer_and_a_reason_that_waits_are_read_before_deciding(
    late: Office, client: Client
) -> None:
    with on("2026-01-23"):
        run = late.case.run
        assert run is not None
        pauses.pause(
            run, by=late.pipeline.partner, reason=Pause.Reason.LEGAL, text="Lakiasia.",
            first_day=D("2026-01-12"), until=D("2026-01-14"),
        )  # fmt: skip
        answering.answer(late.case, by=late.main_user, text="Odotimme lausuntoa.")
        page = page_of(client, late, "office:case", late.case.pk)
    assert "Kellon pysäyttämisen syy odottaa päätöstä" in page
    assert "Sopimuskumppani vastasi 23.1.2026: ”Odotimme lausuntoa.”" in page


def test_a_case_that_waits_for_the_group_is_not_closed_without_its_decision(office: Office) -> None:
    case = factories.case(office.espoo, with_steering=True)
    with pytest.raises(ValidationError):
        deciding.close(case, by=office.manager, on=case.ground_on, text="Korjattu.")
    deciding.close(case, by=office.manager, on=case.ground_on, text="Korjattu.", steering="2/2026")
    assert Case.objects.get(pk=case.pk).state == Case.State.PUT_RIGHT
