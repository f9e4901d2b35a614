"""The end of an agreement: told in time, shown at the office, and nothing is given for a day after it."""

import datetime
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from orgs import agreements
from orgs.models import AgreedTerms, Agreement, Notice, User
from orgs.refused import Refused
from sanctions.actions import deciding
from sanctions.agreement_end import REMINDERS, reminder_due
from sanctions.models import Case
from sanctions.proceeding import Stage
from sanctions.scenario import BadScenario, scenario_from
from sanctions.simulation import simulate
from tests import factories
from tests.clients import Client
from tests.orgs.test_notices import deliver_all
from tests.sanctions.conftest import D, Office, on, sweep
from tests.services.site_pages import html, words

_DAY = datetime.timedelta(days=1)
LAST = D("2026-12-31")


def told() -> list[tuple[str, datetime.date]]:
    """Return who was told of the end and when, in order."""
    found = Notice.objects.filter(kind="agreement_ends").order_by("created_at", "pk")
    return [(str(one.recipient), one.created_at.date()) for one in found]


def test_the_project_manager_and_the_steering_group_are_told_90_30_and_7_days_before(office: Office) -> None:
    day = LAST - 95 * _DAY
    while day <= LAST + 3 * _DAY:
        User.objects.update(last_active_on=day)
        with on(day.isoformat()):
            sweep()
        day += _DAY
    days = [LAST - days * _DAY for days in REMINDERS]
    people = {str(office.manager), str(office.steering)}
    assert {day for _who, day in told()} == set(days)
    for one in days:
        assert {who for who, day in told() if day == one} == people
    assert len(told()) == len(days) * len(people)


def test_after_a_standstill_only_the_nearest_reminder_goes(office: Office) -> None:
    with on((LAST - 5 * _DAY).isoformat()):
        sweep()
        sweep()
    assert len(told()) == 2


@given(st.integers(-5, 200), st.sampled_from([None, *REMINDERS]))
def test_a_reminder_is_never_sent_twice_nor_after_a_nearer_one(left: int, sent: int | None) -> None:
    due = reminder_due(left, sent)
    if due is not None:
        assert due in REMINDERS
        assert 0 <= left <= due
        assert sent is None or due < sent


def test_another_last_day_is_told_of_anew(office: Office) -> None:
    with on("2026-12-26"):
        sweep()
        agreement = Agreement.objects.get()
        agreement.ends_on, agreement.decision = D("2027-01-15"), "Ohjausryhmä 5/2026, 1 §"
        agreement.decided_on = D("2026-12-20")
        agreements.change_period(agreement, by=office.manager)
        sweep()
    assert len(told()) == 4


def _of_end(mails: list[EmailMessage], person: User) -> str:
    """Return the mail to a person that names the last day in its subject."""
    return next(str(one.body) for one in mails if one.to == [person.email] and "2026" in one.subject)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_mail_says_what_follows(office: Office, language: str, mailoutbox: list[EmailMessage]) -> None:
    office.steering.language = language
    office.steering.save()
    with on("2026-12-26"):
        sweep()
        deliver_all()
    says = {"fi": "Seuraavaa sopimusta ei vielä ole", "sv": "Det finns ännu inget", "en": "No other"}
    assert says[language] in _of_end(mailoutbox, office.steering)
    first, last = D("2027-01-01"), D("2027-12-31")
    following = Agreement.objects.create(name="Sopimus 2027", starts_on=first, ends_on=last)
    AgreedTerms.objects.create(agreement=following, starts_on=following.starts_on, terms=factories.terms())
    mailoutbox.clear()
    Agreement.objects.update(end_told=None)
    with on("2026-12-27"):
        sweep()
        deliver_all()
    assert "Sopimus 2027" in _of_end(mailoutbox, office.steering)


def front(client: Client, day: str, person: Any) -> str:
    with on(day):
        client.force_login(person)
        return words(html(client, reverse("office:office"))).replace("\xa0", " ")


def test_the_office_says_that_the_end_is_near_and_what_is_open(late: Office, client: Client) -> None:
    assert "Sopimus päättyy" not in front(client, "2026-10-01", late.manager)
    page = front(client, "2026-12-01", late.manager)
    assert "Sopimus päättyy 31.12.2026, 30 päivän kuluttua." in page
    assert "Avoimia tapauksia: 1" in page
    assert "Lisää seuraava sopimus" in page
    seen = front(client, "2026-12-01", late.steering)
    assert "Sopimus päättyy 31.12.2026" in seen
    assert "Lisää seuraava sopimus" not in seen, "only who sets the terms"


def test_after_the_last_day_the_office_says_that_no_agreement_holds(late: Office, client: Client) -> None:
    page = front(client, "2027-01-04", late.manager)
    assert "Mikään sopimus ei ole voimassa: edellinen päättyi 31.12.2026." in page
    assert "sopimuskausi" not in page


def test_nothing_is_proposed_or_given_for_a_ground_after_the_last_day(office: Office) -> None:
    with on("2026-12-18"):
        office.pipeline.submit()
    with on("2027-01-20"):
        sweep()
        assert not Case.objects.exists(), "late from the 5th of January: no agreement was in force"
        case = factories.case(office.espoo, agreement=Agreement.objects.get())
        with pytest.raises(Refused, match="ei ollut voimassa sopimusta"):
            deciding.give(case, Stage.FIRST, by=office.manager)
    assert not case.decisions.exists()


RUN = {"id": "r1", "partner": "espoo", "kind": "update", "submitted": "2026-12-01"}


def simulated(**more: Any) -> dict[str, Any]:
    return simulate(scenario_from({"until": "2027-06-30"} | more))


def test_simulate_proposes_nothing_outside_of_the_agreement() -> None:
    whole = simulated(runs=[RUN])
    assert [one["level"] for one in whole["remarks"]] == [1, 2, 3]
    ends = simulated(runs=[RUN], agreement={"from": "2026-01-01", "to": "2026-12-31"})
    assert [one["level"] for one in ends["remarks"]] == [1]
    assert ends["runs"] == whole["runs"]
    assert not ends["sanctions"]
    begins = simulated(runs=[RUN], agreement={"from": "2026-12-17"})
    assert not begins["remarks"], "late from the 16th already"


def test_absences_and_handovers_outside_of_the_agreement_count_for_nothing() -> None:
    days = ("2026-12-01", "2027-01-05")
    meetings = [{"body": "steering", "date": day, "absent": ["espoo"]} for day in days]
    workshops = [{"date": "2027-01-11", "facilitator": "espoo", "done": False}]
    handovers = [{"partner": "espoo", "due": day} for day in ("2026-12-01", "2026-12-03", "2026-12-31")]
    more = {"meetings": meetings, "workshops": workshops, "handovers": handovers}
    found = simulated(**more, agreement={"from": "2026-01-01", "to": "2026-12-31"})
    assert [(one["kind"], one["date"]) for one in found["sanctions"]] == [("handover", "2026-12-04")]


def test_an_agreement_that_ends_before_it_begins_is_told_with_its_place() -> None:
    with pytest.raises(BadScenario) as refused:
        simulated(agreement={"from": "2026-12-17", "to": "2026-01-01"})
    assert [place for place, _message in refused.value.problems] == ["agreement.to"]
