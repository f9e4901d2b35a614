"""Before it costs: of which body one more absence would carry a sanction, as the rule itself reckons."""

import datetime
from decimal import Decimal

import pytest
from django.core.mail import EmailMessage
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from orgs.models import Notice
from orgs.terms_by_day import TermsByDay
from sanctions import matters
from sanctions.actions import meetings
from sanctions.actions.meetings import There
from sanctions.attendance import ABSENCES, Kind, Neglect, costs_next, sanctions
from sanctions.models import Attendance, Meeting
from tests import factories
from tests.clients import Client
from tests.orgs.test_notices import deliver_all
from tests.sanctions.conftest import Office
from tests.sanctions.test_cases import give
from tests.services.site_pages import html, words
from tests.workflow.conftest import at, on
from workflow.actions import pauses
from workflow.desk.events import events_of
from workflow.models import Pause

D = datetime.date.fromisoformat
Presence = Attendance.Presence
AGREED = TermsByDay.always(factories.terms())
STEERING, WORKING = Kind.STEERING_ABSENCE, Kind.WORKING_ABSENCE


@pytest.mark.parametrize(
    ("absences", "day", "costs"),
    [
        ([], "2026-06-10", set()),  # the first absence is nobody's last warning
        ([("2026-02-10", STEERING)], "2026-06-10", {STEERING}),
        ([("2026-02-10", WORKING)], "2026-06-10", set()),
        ([("2026-02-10", WORKING), ("2026-03-10", WORKING)], "2026-06-10", {WORKING}),
        # The half-year carries one already: another absence in it costs nothing more.
        ([("2026-02-10", STEERING), ("2026-03-10", STEERING)], "2026-06-10", set()),
        ([("2026-02-10", STEERING), ("2026-03-10", STEERING)], "2026-07-01", {STEERING}),
        ([("2025-02-10", STEERING)], "2026-06-10", set()),  # counted by calendar year
        ([("2026-02-10", STEERING), ("2026-03-10", WORKING)], "2026-06-10", {STEERING}),
    ],
)
def test_of_which_body_one_more_absence_costs(
    absences: list[tuple[str, Kind]], day: str, costs: set[Kind]
) -> None:
    events = [Neglect(D(on), kind) for on, kind in absences]
    found = costs_next(events, D(day), AGREED)
    assert set(found) == costs
    assert set(found.values()) <= {Decimal(500)}


days = st.dates(D("2026-01-01"), D("2026-12-31"))
histories = st.lists(st.builds(Neglect, days, st.sampled_from(Kind)), max_size=8)


@given(histories, days)
def test_what_is_warned_of_comes_true_by_the_rule(events: list[Neglect], day: datetime.date) -> None:
    found, before = costs_next(events, day, AGREED), sanctions(events, AGREED)
    for kind in ABSENCES:
        after = sanctions([*events, Neglect(day, kind)], AGREED)
        earlier = any(one.kind == kind and one.on <= day for one in events)
        assert (kind in found) == (earlier and len(after) > len(before))
        if kind in found:
            assert sum(one.amount for one in after) - sum(one.amount for one in before) == found[kind]


def absent(office: Office, *days: str, kind: Meeting.Kind = Meeting.Kind.STEERING_GROUP) -> None:
    for day in days:
        with on(day):
            meetings.record(kind, D(day), {office.espoo: There(Presence.ABSENT)}, by=office.manager)


def test_who_was_absent_is_told_by_mail_what_the_next_absence_costs(
    office: Office, mailoutbox: list[EmailMessage]
) -> None:
    absent(office, "2026-02-10")
    with on("2026-02-10"):
        deliver_all()
    assert {mail.to[0] for mail in mailoutbox} == {office.main_user.email, office.steering.email}
    body = str(mailoutbox[0].body)
    assert "Vielä yksi poissaolo ohjausryhmästä tänä vuonna tuo sanktion: 500 €." in " ".join(body.split())


def test_nobody_is_warned_of_what_costs_nothing_yet_or_any_more(office: Office) -> None:
    absent(office, "2026-02-11", kind=Meeting.Kind.WORKING_GROUP)
    absent(office, "2026-03-10", "2026-04-10")
    told = Notice.objects.filter(kind="absence_warning").values_list("context__on", flat=True)
    # The second absence was the sanction; a third in the half-year adds none.
    assert set(told) == {"2026-03-10"}


def test_a_warning_that_is_not_true_any_more_is_not_sent(
    office: Office, mailoutbox: list[EmailMessage]
) -> None:
    absent(office, "2026-02-10")
    with on("2026-02-11"):
        row = Attendance.objects.get()
        there = {office.espoo: There(Presence.MEMBER)}
        meetings.record(
            Meeting.Kind.STEERING_GROUP, D("2026-02-10"), there, by=office.manager, meeting=row.meeting,
            reason="Nimilista puuttui.",
        )  # fmt: skip
        deliver_all()
    assert mailoutbox == []


def desk_of(office: Office, day: str) -> str:
    client = Client()
    with on(day):
        client.force_login(office.main_user)
        return words(html(client, reverse("desk:desk")))


def test_the_main_users_desk_says_by_when_a_remark_is_to_be_put_right_and_what_follows(late: Office) -> None:
    assert "Yhteistyösopimus" not in desk_of(late, "2026-01-21")
    give(late, "2026-01-22", "first")
    desk = desk_of(late, "2026-01-26")
    assert "Ensimmäinen huomautus, annettu 22.1.2026. Asia on korjattava viimeistään 23.2.2026." in desk
    assert "Muuten seuraa: toinen huomautus." in desk


def test_the_main_users_desk_warns_of_the_absence_that_costs(office: Office) -> None:
    absent(office, "2026-02-10")
    assert "Vielä yksi poissaolo ohjausryhmästä" in desk_of(office, "2026-02-11")


def test_nobody_else_has_the_partners_remarks_at_the_desk(late: Office) -> None:
    give(late, "2026-01-22", "first")
    with on("2026-01-26"):
        people = [late.pipeline.partner, late.pipeline.provider, at("kielisilta", "main_user"), late.manager]
        assert [list(matters.of(person)) for person in people] == [[], [], [], []]
        assert len(list(matters.of(late.main_user))) == 1


def test_a_pause_that_waits_has_not_stopped_the_clock(office: Office) -> None:
    with on("2026-01-07"):
        run, partner = office.pipeline.submit(), office.pipeline.partner
    with on("2026-01-14"):
        one = pauses.pause(run, by=partner, reason=Pause.Reason.OTHER, text="Muutto")
    assert "pyysi pysäyttämään kellon" in events_of(office.pipeline.service, internal=False)[0].sentence
    with on("2026-01-15"):
        pauses.decide(one, by=office.manager, accepted=True)
        pauses.resume(one, by=partner)
    with on("2026-01-16"):
        pauses.pause(run, by=partner, reason=Pause.Reason.LEGAL, text="Laki")
    assert "pysäytti kellon" in events_of(office.pipeline.service, internal=False)[0].sentence
