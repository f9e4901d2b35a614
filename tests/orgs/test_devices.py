"""Guessing is slowed down, and locks nobody out: not the owner, not an office."""

import datetime
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.urls import reverse

from orgs import clock, devices, tasks
from orgs.models import LogEntry, User
from tests import factories
from tests.clients import Client

pytestmark = pytest.mark.django_db
LOGIN = "/fi/account/login/"
OFFICE, ATTACKER = "192.0.2.1", "198.51.100.7"


@pytest.fixture
def person() -> User:
    factories.agreement()
    return factories.member("partner", "expert", email="aino@espoo.example")


def sign_in(client: Client, email: str, password: str = factories.PASSWORD, address: str = OFFICE) -> bool:
    answer = client.post(LOGIN, {"login": email, "password": password}, REMOTE_ADDR=address)
    return bool(answer.status_code == 302 and "_auth_user_id" in client.session)


def guess(email: str, times: int, address: str = ATTACKER) -> None:
    for number in range(times):
        assert not sign_in(Client(), email, f"arvaus-{number}-arvaus", address)


@contextmanager
def later(**moment: int) -> Iterator[None]:
    with time_machine.travel(clock.now() + datetime.timedelta(**moment), tick=False):
        yield


def with_device(person: User) -> Client:
    client = Client()
    assert sign_in(client, person.email)
    client.post(reverse("account_logout"))
    return client


def test_others_guessing_keeps_the_owner_out_nowhere_where_they_have_signed_in(person: User) -> None:
    known = with_device(person)
    for network in range(40):
        guess(person.email, 2, f"198.51.100.{network}")
    assert not sign_in(Client(), person.email), "a strange device has to wait"
    assert sign_in(known, person.email)
    with later(minutes=11):
        assert sign_in(Client(), person.email), "not for long"


def test_five_wrong_tries_elsewhere_refuse_nobody_here(person: User) -> None:
    guess(person.email, 9)
    assert sign_in(Client(), person.email)


def test_one_s_own_wrong_tries_wait_a_minute_on_a_known_device_too(person: User) -> None:
    known = with_device(person)
    for _number in range(5):
        assert not sign_in(known, person.email, "väärä")
    assert not sign_in(known, person.email)
    with later(seconds=61):
        assert sign_in(known, person.email)


def test_ten_who_mistype_in_one_office_shut_out_nobody_there(person: User) -> None:
    for number in range(20):
        assert not sign_in(Client(), factories.UserFactory(email=f"a{number}@espoo.example").email, "väärä")
    assert sign_in(Client(), person.email)


def test_one_address_can_not_try_many_accounts(person: User) -> None:
    for number in range(60):
        sign_in(Client(), f"a{number}@espoo.example", "väärä", ATTACKER)
    assert not sign_in(Client(), person.email, address=ATTACKER)
    assert sign_in(Client(), person.email)


def test_a_device_of_one_is_no_device_of_another(person: User) -> None:
    other = factories.member("partner", "expert")
    known = with_device(other)
    guess(person.email, 9)
    guess(person.email, 5, "198.51.100.8")
    assert not sign_in(known, person.email)


def test_people_who_share_a_computer_are_all_known_on_it(person: User) -> None:
    other = factories.member("partner", "expert")
    shared = Client()
    for one in (person, other):
        assert sign_in(shared, one.email)
        shared.post(reverse("account_logout"))
    for one in (person, other):
        for network in range(10):
            guess(one.email, 2, f"198.51.100.{network}")
        assert sign_in(shared, one.email)
        shared.post(reverse("account_logout"))


@pytest.mark.parametrize("forged", ["", "x", "eyJkZXZpY2UiOiJ4IiwicGVvcGxlIjpbMV19:1abc:def"])
def test_a_forged_cookie_is_no_device(person: User, forged: str) -> None:
    guess(person.email, 9)
    guess(person.email, 5, "198.51.100.8")
    client = Client()
    client.cookies[devices.COOKIE] = forged
    assert not sign_in(client, person.email)


def test_a_new_password_by_the_link_in_a_mail_lets_in_at_once(
    person: User, mailoutbox: list[EmailMessage]
) -> None:
    for network in range(10):
        guess(person.email, 2, f"198.51.100.{network}")
    client = Client()
    assert not sign_in(client, person.email)
    client.post(reverse("account_reset_password"), {"email": person.email})
    tasks.deliver_due()
    link = re.search(r"http://\S+(/fi/account/password/reset/key/\S+)", str(mailoutbox[-1].body))
    assert link
    form = client.get(link.group(1), follow=True)
    new = "uusi-pitka-polku-2026"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    assert sign_in(client, person.email, new)


def test_every_refused_try_is_in_the_log(person: User) -> None:
    guess(person.email, 8)
    entries = LogEntry.objects.filter(event="sign_in_failed").order_by("pk")
    assert [one.detail.get("slowed", False) for one in entries] == [False] * 5 + [True] * 3
    assert {one.subject for one in entries} == {person}
    ict = factories.member("project", "ict_specialist")
    client = Client()
    client.force_login(ict)
    assert "torjuttiin tutkimatta, koska yrityksiä oli liikaa: " in client.get(reverse("orgs:log")).text


def test_a_refused_code_is_in_the_log_too(person: User) -> None:
    factories.second_factor(person)
    client = Client()
    client.post(LOGIN, {"login": person.email, "password": factories.PASSWORD})
    for _number in range(12):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    last = LogEntry.objects.filter(event="sign_in_failed").latest("pk")
    assert (last.subject, last.detail) == (person, {"slowed": True})


def test_a_flood_from_one_address_gets_a_page_and_an_entry(person: User, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": "2/m/ip"}
    answers = [
        Client().post(LOGIN, {"login": person.email, "password": "väärä"}, REMOTE_ADDR=ATTACKER)
        for _n in range(3)
    ]
    assert answers[-1].status_code == 429
    assert "Odota minuutti" in answers[-1].text
    assert LogEntry.objects.latest("pk").detail["slowed"]


def test_the_cookie_is_for_us_alone(person: User, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = True
    client = Client()
    sign_in(client, person.email)
    cookie = client.cookies[devices.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", True)
    assert person.email not in cookie.value
    before = cookie.value
    client.get(reverse("orgs:own"))
    assert client.cookies[devices.COOKIE].value == before, "set once"
