"""The life of an account: notices, blocking, anonymising (docs/rules.md section 10)."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from orgs import accounts, clock, stored_data
from orgs.accounts import expiry, rungs_of, since_return
from orgs.ladders import Step, next_step
from orgs.models import AccountStep, LogEntry, Membership, Notice, Seat, User
from orgs.roles import Body, SeatKind
from tests import factories
from tests.clients import Client
from tests.moment import NOW

pytestmark = pytest.mark.django_db
Kind = AccountStep.Kind
DAY = datetime.date
TODAY = DAY(2026, 11, 23)


@contextmanager
def days_later(days: int) -> Iterator[None]:
    with time_machine.travel(NOW + datetime.timedelta(days=days), tick=False):
        yield


@pytest.fixture
def person() -> User:
    factories.agreement()
    espoo = factories.OrganisationFactory(
        kind="partner", external_id="espoo", name={"fi": "Espoon kaupunki", "sv": "Esbo stad"}
    )
    return factories.member("partner", "expert", espoo, full_name="Aino Neuvonen", email="aino@espoo.example")


def kinds(user: User) -> list[str]:
    return list(user.account_steps.values_list("kind", flat=True))


# Reckoned by hand with a calendar: 165 days after 1.1.2026 is 15.6.2026, and so on.
def test_the_days_of_a_life_without_use() -> None:
    coming = expiry(DAY(2026, 1, 1), [], factories.terms(), DAY(2026, 1, 1))
    assert coming == {
        Kind.FIRST_NOTICE: DAY(2026, 6, 15),
        Kind.SECOND_NOTICE: DAY(2026, 6, 29),
        Kind.BLOCKED: DAY(2026, 7, 1),
        Kind.ANONYMISED: DAY(2026, 7, 31),
    }


def test_a_step_is_counted_from_the_day_the_one_before_was_really_taken() -> None:
    late = [Step(Kind.FIRST_NOTICE, DAY(2026, 8, 1))]
    assert next_step(DAY(2026, 1, 1), late, rungs_of(factories.terms())) == Step(
        Kind.SECOND_NOTICE, DAY(2026, 8, 15)
    )


def test_steps_before_a_return_do_not_count() -> None:
    taken = [Step(Kind.FIRST_NOTICE, DAY(2026, 6, 15)), Step(Kind.RETURNED, DAY(2026, 6, 20))]
    step = next_step(DAY(2026, 6, 20), since_return(taken), rungs_of(factories.terms()))
    assert step == Step(Kind.FIRST_NOTICE, DAY(2026, 12, 2))


@given(
    st.dates(DAY(2020, 1, 1), DAY(2030, 1, 1)),
    st.integers(1, 400),
    st.integers(1, 60),
    st.integers(1, 60),
    st.integers(1, 60),
)
def test_the_steps_come_in_order_and_end_with_anonymising(
    last: datetime.date, inactive: int, second: int, block: int, anonymise: int
) -> None:
    terms = factories.terms(
        inactive_days=inactive, second_notice_days=second, block_days=block, anonymise_days=anonymise
    )
    coming = list(expiry(last, [], terms, last).items())
    assert [kind for kind, _day in coming] == [
        Kind.FIRST_NOTICE, Kind.SECOND_NOTICE, Kind.BLOCKED, Kind.ANONYMISED,
    ]  # fmt: skip
    days = [day for _kind, day in coming]
    assert days == sorted(set(days))


def test_the_sweep_takes_each_step_on_its_day(person: User) -> None:
    for days, expected in ((164, 0), (165, 1), (178, 1), (179, 2), (180, 2), (181, 3), (210, 3), (211, 4)):
        with days_later(days):
            accounts.sweep()
        assert len(kinds(person)) == expected, days
    assert kinds(person) == [Kind.FIRST_NOTICE, Kind.SECOND_NOTICE, Kind.BLOCKED, Kind.ANONYMISED]
    person.refresh_from_db()
    assert not person.is_active


def test_a_sweep_that_runs_twice_or_after_a_long_gap_takes_one_step_a_day(person: User) -> None:
    with days_later(400):
        accounts.sweep()
        accounts.sweep()
        assert kinds(person) == [Kind.FIRST_NOTICE]
    with days_later(401):
        accounts.sweep()
    assert kinds(person) == [Kind.FIRST_NOTICE]
    with days_later(414):
        accounts.sweep()
    assert kinds(person) == [Kind.FIRST_NOTICE, Kind.SECOND_NOTICE]


def test_the_notices_say_when_the_account_will_be_closed(person: User) -> None:
    with days_later(165):
        accounts.sweep()
    notice = Notice.objects.get(kind="inactive_first")
    assert notice.context == {"last": "23.11.2026", "blocked": "23.5.2027", "seats": [], "duties": 0}


def test_using_the_account_starts_the_count_anew(person: User, client: Client) -> None:
    with days_later(170):
        accounts.sweep()
        client.force_login(person)
        client.get(reverse("orgs:own"))
        accounts.sweep()
    person.refresh_from_db()
    assert person.last_active_on == TODAY + datetime.timedelta(days=170)
    assert kinds(person) == [Kind.FIRST_NOTICE, Kind.RETURNED]
    with days_later(170 + 164):
        accounts.sweep()
    assert kinds(person) == [Kind.FIRST_NOTICE, Kind.RETURNED]


def test_the_day_of_use_is_written_once_a_day(person: User, client: Client) -> None:
    client.force_login(person)
    client.get(reverse("orgs:own"))
    before = User.history.filter(id=person.pk).count()
    with days_later(3):
        client.force_login(person)
        client.get(reverse("orgs:own"))
        client.get(reverse("orgs:own"))
    assert User.history.filter(id=person.pk).count() == before, "use is not a change of the account"


def test_a_blocked_persons_sessions_end_at_once(person: User, client: Client) -> None:
    client.force_login(person)
    assert client.get(reverse("orgs:own")).status_code == 200
    accounts.block(person, AccountStep.Reason.INACTIVE)
    assert client.get(reverse("orgs:own")).status_code == 302


def test_whose_last_membership_runs_out_by_its_date_is_blocked_on_the_next_day(person: User) -> None:
    membership = person.memberships.get()
    membership.ends_on = TODAY
    membership.save()
    accounts.sweep()
    assert kinds(person) == []
    with days_later(1):
        accounts.sweep()
    assert kinds(person) == [Kind.BLOCKED]
    assert person.account_steps.get().reason == AccountStep.Reason.LEFT


def test_one_whose_role_begins_later_is_not_blocked(person: User) -> None:
    membership = person.memberships.get()
    membership.starts_on = TODAY + datetime.timedelta(days=5)
    membership.save()
    accounts.sweep()
    assert kinds(person) == []


def test_anonymising_keeps_the_record_readable_and_takes_the_person_out_of_it(person: User) -> None:
    factories.second_factor(person)
    factories.seat(person, Body.WORKING_GROUP, SeatKind.MEMBER)
    Notice.objects.create(
        recipient=person, language="fi", kind="role_given", notice_class="membership",
        created_at=clock.now(), not_before=clock.now(), context={"name": "Aino Neuvonen"},
    )  # fmt: skip
    person.full_name = "Aino Uusinimi"
    person.save()
    accounts.anonymise(person)
    person.refresh_from_db()
    assert str(person) == "entinen käyttäjä, Espoon kaupunki"
    assert not person.has_usable_password()
    assert not Membership.objects.filter(user=person, ends_on=None).exists()
    assert not Seat.objects.filter(user=person, ends_on=None).exists()
    everything = str(list(User.objects.values())) + str(list(User.history.values()))
    everything += str(list(Notice.objects.values())) + str(list(LogEntry.objects.values()))
    for trace in ("Aino", "Neuvonen", "Uusinimi", "aino@"):
        assert trace not in everything


def test_an_anonymised_address_can_be_invited_anew(person: User) -> None:
    accounts.anonymise(person)
    assert factories.UserFactory(email="aino@espoo.example").pk != person.pk


def test_the_own_page_says_when_the_account_expires(person: User, client: Client) -> None:
    client.force_login(person)
    text = client.get(reverse("orgs:own")).content.decode()
    assert all(day in text for day in ("7.5.2027", "21.5.2027", "23.5.2027", "22.6.2027"))


def test_a_person_takes_along_everything_that_is_stored(person: User, client: Client) -> None:
    client.force_login(person)
    answer = client.get(reverse("orgs:stored"))
    data = answer.json()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert data["account"]["email"] == "aino@espoo.example"
    assert data["memberships"][0]["organisation"] == "espoo"
    assert {"services", "updater_of", "notices", "user_log", "seats", "account_steps"} <= set(data)
    assert "password" not in str(data)
    assert LogEntry.objects.filter(event="exported", actor=person).exists()


def test_every_table_that_names_a_person_is_in_the_stored_data_or_said_to_be_without_it() -> None:
    told = {
        "orgs.Membership", "orgs.Seat", "orgs.AccountStep", "orgs.Notice", "orgs.NoticeChoice",
        "orgs.LogEntry", "orgs.AccessToken",
        "services.ServiceVersion", "services.WorkingCopy", "services.Responsibility",
        "services.Transfer", "services.ServiceUserObjectPermission",
        "workflow.Updater", "workflow.Run", "workflow.Run_writers",
        "workflow.Pause", "workflow.ExtensionNotice", "workflow.Event", "workflow.Absence",
        "workflow.SectionConfirmation", "workflow.Look", "workflow.Comment",
        "workflow.Confirmation", "workflow.ChangeRequest",
        "sanctions.Case", "sanctions.Mention", "sanctions.Decision", "sanctions.Answer",
        "sanctions.LedgerEntry", "sanctions.Meeting", "sanctions.Handover", "sanctions.Correction",
    }  # fmt: skip
    # Names of those who are anonymised; who let a held step go on (it is in the log); who has a page open
    # just now; sign-in secrets, sessions and what allauth and guardian keep; invitations hold the address;
    # keys of the interface are kept for a week.
    without = {
        "orgs.Invitation", "mfa.Authenticator", "usersessions.UserSession", "account.EmailAddress",
        "orgs.Brake", "workflow.Presence", "workflow.CreatedOnce", "socialaccount.SocialAccount",
        "guardian.UserObjectPermission",
        "sanctions.NameOnRecord",
    }  # fmt: skip
    related = {
        relation.related_model._meta.label
        for relation in User._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and relation.related_model
    }
    related = {name for name in related if "Historical" not in name and not name.startswith("orgs.User")}
    assert related <= told | without
    assert stored_data.of(factories.UserFactory())
