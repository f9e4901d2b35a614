"""Seats and duties don't fall empty unseen: asked before an account closes, told at once when they do."""

import datetime

import pytest
from django.core.mail import EmailMultiAlternatives

from orgs import accounts, clock, people
from orgs.models import Notice, Organisation, Seat, User
from orgs.roles import Body, SeatKind
from services.models import Term
from tests import factories
from tests.orgs.test_notices import deliver_all
from tests.workflow.conftest import at, on, pipeline_of

pytestmark = pytest.mark.django_db
BODY, MEMBER = Body.WORKING_GROUP, SeatKind.MEMBER


@pytest.fixture
def espoo(vocabulary: dict[tuple[str, str], Term]) -> Organisation:
    factories.agreement()
    return Organisation.objects.get(external_id="espoo")


@pytest.fixture
def manager(espoo: Organisation) -> User:
    factories.OrganisationFactory(kind="project", external_id="hanke")
    return active(at("hanke", "project_manager"))


def active(user: User) -> User:
    user.last_active_on = datetime.date(2030, 1, 1)
    user.save()
    return user


@pytest.fixture
def holder(espoo: Organisation, manager: User) -> User:
    user = at("espoo", "expert")
    user.full_name, user.last_active_on = "Aino Neuvonen", datetime.date(2026, 7, 1)
    user.save()
    Seat.objects.create(
        user=user, organisation=espoo, body=BODY, kind=MEMBER, starts_on=datetime.date(2026, 1, 1)
    )
    return user


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("recipient__email", flat=True))


def test_who_holds_a_seat_and_does_not_use_the_account_is_asked_and_the_project_manager_told(
    holder: User, manager: User, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    with on("2026-12-14"):
        accounts.sweep()
        deliver_all()
    mails = {mail.to[0]: " ".join(str(mail.body).split()) for mail in mailoutbox}
    seat = "Työryhmä, jäsen (Espoon kaupunki)"
    assert "Sinulla on nämä tehtävät, ja ne jäisivät tyhjiksi." in mails[holder.email]
    assert "Aino Neuvonen ei ole käyttänyt Palvelumanuaalia pitkään aikaan." in mails[manager.email]
    assert all(seat in text for text in mails.values())


def test_an_updater_of_a_published_service_counts_too(manager: User) -> None:
    pipeline = pipeline_of(factories.published().service)
    active(pipeline.provider)
    pipeline.partner.last_active_on = datetime.date(2026, 7, 1)
    pipeline.partner.save()
    with on("2026-12-14"):
        accounts.sweep()
    (notice,) = Notice.objects.filter(kind="holder_inactive")
    assert (notice.recipient, notice.context["duties"], notice.context["seats"]) == (manager, 1, [])


def test_nobody_is_told_of_an_account_on_which_nothing_hangs(manager: User) -> None:
    idle = at("espoo", "expert")
    idle.last_active_on = datetime.date(2026, 7, 1)
    idle.save()
    with on("2026-12-14"):
        accounts.sweep()
    assert told("inactive_first") == {idle.email}
    assert told("holder_inactive") == set()


def test_a_seat_that_falls_empty_is_told_at_once(holder: User, manager: User) -> None:
    main_user = active(at("espoo", "main_user"))
    people.end_seat(holder.seats.get(), by=manager)
    assert told("seat_empty") == {main_user.email}, "the manager did it"


def test_a_seat_that_someone_follows_in_is_not_empty(
    holder: User, espoo: Organisation, manager: User
) -> None:
    people.give_seat(at("espoo", "expert"), espoo, BODY, MEMBER, by=manager, follows=holder.seats.get())
    assert told("seat_empty") == set()


def test_a_seat_whose_holder_is_blocked_or_leaves_is_empty_too(holder: User, manager: User) -> None:
    accounts.block(User.objects.select_for_update().get(pk=holder.pk), accounts.Reason.INACTIVE)
    assert told("seat_empty") == {manager.email}


def test_a_role_that_ran_out_takes_the_seat_along(holder: User, manager: User) -> None:
    holder.memberships.update(ends_on=clock.today() - datetime.timedelta(days=1))
    accounts.sweep()
    assert not Seat.objects.filter(ends_on=None).exists()
    assert told("seat_empty") == {manager.email}
