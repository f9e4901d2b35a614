"""Policy workshops: turns, material before, who was there, notes after (docs/rules.md section 7)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from orgs.models import Agreement, Notice, Organisation, User
from orgs.refused import Refused
from orgs.roles import Body, SeatKind
from sanctions import turns
from sanctions.actions import meetings, workshops
from sanctions.actions.meetings import There
from sanctions.actions.workshops import Held
from sanctions.models import Attendance, Case, Meeting
from sanctions.recorded import scenario
from tests import factories
from tests.browser_forms import as_a_browser_sends
from tests.clients import Client
from tests.sanctions.conftest import D, Office, on, sweep
from tests.services.site_pages import html, words
from tests.workflow.conftest import at
from workflow.models import HolidaySeason

Presence = Attendance.Presence
CONTACT, ABSENT = There(Presence.CONTACT), There(Presence.ABSENT)


def member(organisation: str = "espoo") -> User:
    """Return somebody with a partner's seat in the working group."""
    person = at(organisation, "expert")
    factories.seat(person, Body.WORKING_GROUP, SeatKind.MEMBER)
    return person


@pytest.fixture
def vantaa(office: Office) -> Organisation:
    """Return another partner of the agreement."""
    name = {"fi": "Vantaan kaupunki"}
    return factories.OrganisationFactory(external_id="vantaa", kind="partner", name=name)


# Whose turn, on which day


@given(st.lists(st.integers(1, 4), max_size=20))
def test_turns_go_round_nobody_is_passed_over(earlier: list[int]) -> None:
    for _number in range(12):
        earlier.append(turns.whose([1, 2, 3, 4], earlier) or 0)
    assert sorted(earlier[-4:]) == [1, 2, 3, 4]
    assert earlier[-4:] == earlier[-8:-4]


def test_without_partners_it_is_nobodys_turn() -> None:
    assert turns.whose([], [1, 2]) is None


@pytest.mark.parametrize(
    ("last", "today", "next_day"),
    [
        # The first one: on the first Monday.
        (None, "2026-03-04", "2026-03-09"),
        (None, "2026-03-09", "2026-03-09"),
        # Four weeks after the last; in rhythm also where some were left out.
        ("2026-03-02", "2026-03-04", "2026-03-30"),
        ("2026-03-02", "2026-05-01", "2026-05-25"),
        # None in July: four weeks later still.
        ("2026-06-22", "2026-06-25", "2026-08-17"),
    ],
)
def test_a_workshop_is_proposed_every_fourth_monday_not_in_a_season(
    last: str | None, today: str, next_day: str
) -> None:
    found = turns.next_day(
        D(last) if last else None, D(today), weekday=1, weeks=4, in_season=lambda day: day.month == 7
    )
    assert found == D(next_day)


# Planning


@pytest.mark.django_db
def test_a_planned_workshop_is_told_to_whose_turn_it_is_and_counts_for_nothing(office: Office) -> None:
    with on("2026-02-02"):
        seat = member()
        made = workshops.plan(D("2026-03-02"), office.espoo, by=office.manager)
        told = Notice.objects.filter(kind="workshop_planned").values_list("recipient", flat=True)
        assert set(told) == {seat.pk, office.main_user.pk}
    with on("2026-03-10"):
        sweep()
        assert not Case.objects.exists()
        assert scenario(Agreement.objects.get(), D("2026-12-31"))["workshops"] == []
        workshops.record(made.on, office.espoo, Held(False, {}), by=office.manager)
        sweep()
    assert (office.case.half_year, office.case.ground_on) == ("2026/1", D("2026-03-02"))
    assert Meeting.objects.get() == made, "the planned one is the one that was recorded"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-02-01", "Päivä on mennyt"),
        ("2026-02-20", "Lomakaudella (16.2.–22.2.2026) ei pidetä työpajoja"),
        ("2026-02-09", "Tälle päivälle on jo työpaja"),
    ],
)
def test_a_day_that_does_not_do_says_why(office: Office, day: str, said: str) -> None:
    HolidaySeason.objects.create(first_day=D("2026-02-16"), last_day=D("2026-02-22"))
    with on("2026-02-02"):
        workshops.plan(D("2026-02-09"), office.espoo, by=office.manager)
        with pytest.raises(ValidationError) as refused:
            workshops.plan(D(day), office.espoo, by=office.manager)
    assert refused.value.message_dict["on"][0].startswith(said)
    assert Meeting.objects.count() == 1


@pytest.mark.django_db
def test_who_loses_the_turn_is_told_and_a_recorded_one_is_not_moved(
    office: Office, vantaa: Organisation
) -> None:
    with on("2026-02-02"):
        made = workshops.plan(D("2026-02-09"), office.espoo, by=office.manager)
        foreign = at("vantaa", "main_user")
        workshops.plan(D("2026-02-09"), vantaa, by=office.manager, workshop=made)
        off = Notice.objects.get(kind="workshop_off")
        assert off.recipient == office.main_user
        assert Notice.objects.filter(kind="workshop_planned", recipient=foreign).count() == 1
    with on("2026-02-09"):
        workshops.record(D("2026-02-09"), vantaa, Held(True, {}), by=office.manager)
        for refused in (
            lambda: workshops.plan(D("2026-02-10"), office.espoo, by=office.manager, workshop=made),
            lambda: workshops.cancel(made, by=office.manager),
        ):
            with pytest.raises(Refused):
                refused()


@pytest.mark.django_db
def test_only_those_who_record_meetings_plan_and_record(office: Office) -> None:
    with on("2026-02-02"):
        made = workshops.plan(D("2026-02-09"), office.espoo, by=office.manager)
        for person in (office.main_user, office.steering, member()):
            acts: tuple[Callable[[User], object], ...] = (
                lambda by: workshops.plan(D("2026-02-10"), office.espoo, by=by),
                lambda by: workshops.cancel(made, by=by),
                lambda by: workshops.record(D("2026-02-02"), office.espoo, Held(False, {}), by=by),
            )
            for act in acts:
                with pytest.raises(PermissionDenied):
                    act(person)


# Material and notes


@pytest.mark.django_db
def test_the_partner_whose_turn_it_is_writes_and_the_working_group_is_told_once(
    office: Office, vantaa: Organisation
) -> None:
    with on("2026-02-02"):
        seat, other = member(), member("vantaa")
        made = workshops.plan(D("2026-02-09"), office.espoo, by=office.manager)
        with pytest.raises(PermissionDenied):
            workshops.write(made, "material", "Ei ole vuoroni.", by=other)
        workshops.write(made, "material", "Lukekaa omat palvelunne.", by=seat)
        workshops.write(made, "material", "Lukekaa omat palvelunne ennalta.", by=seat)
        with pytest.raises(ValidationError) as early:
            workshops.write(made, "minutes", "Sovittiin.", by=seat)
        assert "9.2.2026" in early.value.message_dict["minutes"][0]
    with on("2026-02-09"):
        workshops.write(made, "minutes", "Sovittiin.", by=seat)
    told = Notice.objects.filter(kind="workshop_written").values_list("recipient", "context__which")
    assert list(told.order_by("pk")) == [(other.pk, "material"), (other.pk, "minutes")]


@pytest.mark.django_db
def test_what_is_missing_stands_on_the_desk_of_whose_turn_it_is(office: Office, client: Client) -> None:
    with on("2026-02-02"):
        made = workshops.plan(D("2026-02-09"), office.espoo, by=office.manager)
        client.force_login(office.main_user)
        said = "Vetovuoro on teillä: antakaa työpajan aineisto."
        assert said in words(html(client, reverse("desk:desk")))
        workshops.write(made, "material", "Lukekaa.", by=office.manager)
        assert said not in words(html(client, reverse("desk:desk")))
    with on("2026-02-10"):
        client.force_login(office.main_user)
        assert "Kirjoittakaa työpajan muistiinpanot." in words(html(client, reverse("desk:desk")))
        workshops.write(made, "minutes", "Sovittiin.", by=office.manager)
        assert "Kirjoittakaa" not in words(html(client, reverse("desk:desk")))


# Who was there


@pytest.mark.django_db
def test_absence_from_a_workshop_is_recorded_and_carries_no_sanction(
    office: Office, vantaa: Organisation, client: Client
) -> None:
    for day in ("2026-02-02", "2026-03-02", "2026-03-30"):
        with on(day):
            held = Held(True, {office.espoo: ABSENT, vantaa: CONTACT})
            workshops.record(D(day), vantaa, held, by=office.manager)
    with on("2026-03-31"):
        sweep()
        assert not Case.objects.exists()
        client.force_login(office.manager)
        page = words(html(client, reverse("office:meetings")))
        assert "0 laiminlyötyä, poissa 3 kertaa" in page


@pytest.mark.django_db
def test_an_exempted_steering_absence_leaves_a_workshop_of_the_same_day_as_it_was(
    office: Office, vantaa: Organisation
) -> None:
    with on("2026-03-02"):
        workshops.record(D("2026-03-02"), vantaa, Held(True, {office.espoo: ABSENT}), by=office.manager)
        absent = {office.espoo: ABSENT}
        meetings.record(Meeting.Kind.STEERING_GROUP, D("2026-03-02"), absent, by=office.manager)
        meetings.excuse(office.espoo, D("2026-03-02"), "Sairaus", by=office.manager)
    excused = dict(Attendance.objects.values_list("meeting__kind", "excused"))
    assert excused == {"workshop": "", "steering_group": "Sairaus"}


@pytest.mark.django_db
def test_from_the_plan_to_the_notes_on_the_pages(
    office: Office, vantaa: Organisation, client: Client
) -> None:
    with on("2026-02-02"):
        client.force_login(office.manager)
        page = client.get(reverse("office:plan_workshop"))
        sent: dict[str, Any] = as_a_browser_sends(page.content, of="tyopaja")
        assert sent["on"] == ["2026-02-02"], "the first Monday is proposed"
        sent |= {"on": "2026-02-09", "facilitator": "espoo"}
        made = client.post(reverse("office:plan_workshop"), sent)
        assert made.status_code == 302
        workshop = made["Location"]
        assert "vetäjänä Espoon kaupunki" in words(html(client, reverse("office:meetings")))
    with on("2026-02-09"):
        client.force_login(office.manager)
        assert "Kirjaa työpaja" in words(html(client, workshop))
        record = reverse("office:meeting", args=[Meeting.objects.get().pk])
        sent = as_a_browser_sends(client.get(record).content, of="kokous")
        refused = client.post(record, sent | {"facilitated": "yes"})
        assert refused.status_code == 422
        assert "Kerro, oliko yhteyshenkilö paikalla." in words(refused.content.decode())
        answers = {f"presence-{office.espoo.pk}": "contact", f"presence-{vantaa.pk}": "absent"}
        done = client.post(record, sent | answers | {"facilitated": "yes"})
        assert done.status_code == 302
        text = reverse("office:workshop_text", args=[Meeting.objects.get().pk, "minutes"])
        client.post(text, {"text": "Sovittiin: https://manuaali.example/linjaus"})
        shown = html(client, done["Location"])
    said = words(shown)
    assert "Espoon kaupunki yhteyshenkilö oli paikalla" in said
    assert "Vantaan kaupunki poissa" in said
    assert "9.2.2026 Marja Mallinen: Muistiinpanot kirjoitettu." in said
    assert "2.2.2026 Marja Mallinen: Suunniteltu päivälle 9.2.2026, vetäjänä Espoon kaupunki." in said
    assert 'href="https://manuaali.example/linjaus"' in shown


@pytest.mark.django_db
def test_another_partners_people_read_the_texts_and_not_who_was_there(
    office: Office, vantaa: Organisation, client: Client
) -> None:
    with on("2026-02-09"):
        made = workshops.record(
            D("2026-02-09"), vantaa, Held(True, {office.espoo: CONTACT, vantaa: ABSENT}), by=office.manager
        )
        workshops.write(made, "minutes", "Sovittiin kielestä.", by=office.manager)
        client.force_login(office.main_user)
        said = words(html(client, reverse("office:workshop", args=[made.pk])))
    assert "Sovittiin kielestä." in said
    assert "Espoon kaupunki yhteyshenkilö oli paikalla" in said
    assert "Vantaan kaupunki poissa" not in said
