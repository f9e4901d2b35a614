"""A second factor for everyone who may change things, and how long sessions last."""

import datetime
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from orgs import people
from orgs.models import LogEntry, Notice, Organisation, User
from orgs.roles import ROLES_OF_KIND
from tests import factories
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
LOGIN = "/fi/account/login/"
ROLES = [(kind, role) for kind, roles in ROLES_OF_KIND.items() for role in roles]


@pytest.fixture(autouse=True)
def _agreement(db: None) -> None:
    factories.agreement()


@contextmanager
def later(**moment: int) -> Iterator[None]:
    with time_machine.travel(NOW + datetime.timedelta(**moment), tick=False):
        yield


def sign_in(client: Client, user: User, password: str = factories.PASSWORD) -> Any:
    return client.post(LOGIN, {"login": user.email, "password": password})


@pytest.mark.parametrize(("kind", "role"), ROLES)
def test_everyone_but_experts_is_led_to_set_one_up_whatever_page_they_open(
    client: Client, kind: str, role: str
) -> None:
    user = factories.member(kind, role, factor=False)
    sign_in(client, user)
    for name in ("orgs:own", "site:front", "orgs:notices", "mfa_index"):
        answer = client.get(reverse(name))
        if role == "expert":
            assert answer.status_code == 200
        else:
            assert answer.headers["Location"] == reverse("orgs:second_factor")


def test_nothing_is_changed_without_the_second_factor(client: Client) -> None:
    user = factories.member("partner", "main_user", factor=False)
    sign_in(client, user)
    own = user.memberships.get().organisation.external_id
    form = {"addresses": "x@x.example", "roles": ["expert"], "language": "fi", "send": "1"}
    answer = client.post(reverse("orgs:invite", args=[own]), form)
    assert answer.headers["Location"] == reverse("orgs:second_factor")
    assert not Notice.objects.filter(kind="invitation").exists()


def test_setting_up_an_authenticator_app_opens_the_way(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    user = factories.member("partner", "main_user", factor=False)
    sign_in(client, user)
    page = client.get(reverse("mfa_activate_totp"))
    secret = re.search(r"<code>(\w+)</code>", page.content.decode())
    assert secret
    wrong = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert wrong.status_code == 200
    assert not Authenticator.objects.exists()
    code = factories.code(secret.group(1))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": code})
    assert client.get(reverse("orgs:own")).status_code == 200
    assert secret.group(1) not in str(list(Authenticator.objects.values())), "kept encrypted"
    kinds = set(Authenticator.objects.values_list("type", flat=True))
    assert kinds == {"totp", "recovery_codes"}
    assert Notice.objects.get(kind="security_change").context == {"what": "factor_added"}


def test_the_second_factor_is_asked_for_at_each_sign_in(client: Client) -> None:
    user = factories.member("partner", "main_user")
    answer = sign_in(client, user)
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("orgs:own")).status_code == 302
    wrong = client.post(reverse("mfa_authenticate"), {"code": "123456"})
    assert wrong.status_code == 200
    assert LogEntry.objects.filter(event="sign_in_failed", subject=user, detail={"factor": True}).exists()
    right = client.post(reverse("mfa_authenticate"), {"code": factories.code()})
    assert right.status_code == 302
    assert client.get(reverse("orgs:own")).status_code == 200


def test_a_code_works_once(client: Client) -> None:
    user = factories.member("partner", "main_user")
    sign_in(client, user)
    client.post(reverse("mfa_authenticate"), {"code": factories.code()})
    other = Client()
    sign_in(other, user)
    assert other.post(reverse("mfa_authenticate"), {"code": factories.code()}).status_code == 200
    assert "_auth_user_id" not in other.session


def test_a_recovery_code_lets_in_once(client: Client) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    user = factories.member("partner", "main_user")
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    for expected in (302, 200):
        one = Client()
        sign_in(one, user)
        assert one.post(reverse("mfa_authenticate"), {"code": code}).status_code == expected


def test_taking_the_only_factor_off_leads_to_setting_one_up_anew(client: Client) -> None:
    user = factories.member("partner", "main_user")
    sign_in(client, user)
    client.post(reverse("mfa_authenticate"), {"code": factories.code()})
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert client.get(reverse("orgs:own")).headers["Location"] == reverse("orgs:second_factor")


def test_an_expert_who_becomes_a_main_user_needs_it_on_the_next_request(client: Client) -> None:
    espoo = factories.OrganisationFactory(kind="partner")
    expert = factories.member("partner", "expert", espoo)
    client.force_login(expert)
    assert client.get(reverse("orgs:own")).status_code == 200
    people.set_roles(expert, espoo, ["main_user"], by=factories.member("partner", "main_user", espoo))
    assert client.get(reverse("orgs:own")).headers["Location"] == reverse("orgs:second_factor")


@pytest.mark.parametrize(("role", "ends_after"), [("main_user", {"hours": 8}), ("expert", {"days": 14})])
def test_a_session_ends_after_the_agreed_time_without_use(
    client: Client, role: str, ends_after: dict[str, int]
) -> None:
    client.force_login(factories.member("partner", role))
    page = reverse("orgs:own")
    client.get(page)
    seconds = int(datetime.timedelta(**ends_after).total_seconds())
    with later(seconds=seconds - 10):
        assert client.get(page).status_code == 200
    with later(seconds=2 * seconds - 20):
        assert client.get(page).status_code == 200, "use makes it last"
    with later(seconds=3 * seconds):
        assert client.get(page).status_code == 302


def test_sign_out_everywhere_ends_the_other_sessions_and_keeps_this_one() -> None:
    user = factories.member("partner", "expert")
    here, there, elsewhere = Client(), Client(), Client()
    for one in (here, there, elsewhere):
        sign_in(one, user)
    assert UserSession.objects.filter(user=user).count() == 3
    assert "3 istuntoa auki" in here.get(reverse("orgs:own")).content.decode()
    here.post(reverse("orgs:sign_out_everywhere"))
    assert [one.get(reverse("orgs:own")).status_code for one in (here, there, elsewhere)] == [200, 302, 302]


def test_a_new_password_ends_the_other_sessions_and_is_told() -> None:
    user = factories.member("partner", "expert")
    here, there = Client(), Client()
    for one in (here, there):
        sign_in(one, user)
    new = "toinen-polku-metsassa"
    form = {"oldpassword": factories.PASSWORD, "password1": new, "password2": new}
    assert here.post(reverse("account_change_password"), form).status_code == 302
    assert here.get(reverse("orgs:own")).status_code == 200
    assert there.get(reverse("orgs:own")).status_code == 302
    assert Notice.objects.get(kind="security_change").recipient == user


def test_guessing_is_slowed_down(client: Client) -> None:
    user = factories.member("partner", "expert")
    answers = [sign_in(client, user, f"arvaus-{number}-arvaus").content.decode() for number in range(7)]
    assert "_auth_user_id" not in client.session
    sign_in(client, user)
    assert "_auth_user_id" not in client.session, "after too many tries even the right one has to wait"
    assert answers[0] != answers[-1]


def test_a_password_too_short_for_the_agreement_is_refused(client: Client) -> None:
    user = factories.member("partner", "expert")
    sign_in(client, user)
    form = {"oldpassword": factories.PASSWORD, "password1": "polku-kulku", "password2": "polku-kulku"}
    answer = client.post(reverse("account_change_password"), form)
    assert "12 merkkiä" in answer.content.decode()
    user.refresh_from_db()
    assert user.check_password(factories.PASSWORD)


@pytest.mark.parametrize(
    ("kind", "role", "leads_to"),
    [
        ("partner", "expert", "site:services"),
        ("partner", "main_user", "orgs:people"),
        ("provider", "main_user", "orgs:people"),
        ("provider", "producer", "site:services"),
        ("project", "ict_specialist", "orgs:organisations"),
    ],
)
def test_signing_in_leads_to_where_the_work_is(client: Client, kind: str, role: str, leads_to: str) -> None:
    user = factories.member(kind, role)
    client.force_login(user)
    answer = client.get(reverse("orgs:start"))
    own = [user.memberships.get().organisation.external_id] if leads_to == "orgs:people" else []
    assert answer.headers["Location"] == reverse(leads_to, args=own)


def test_without_an_agreement_people_still_work(client: Client) -> None:
    from orgs.models import Agreement

    Agreement.objects.all().delete()
    user = factories.member("partner", "main_user")
    client.force_login(user)
    organisation = Organisation.objects.get(memberships__user=user)
    assert client.get(reverse("orgs:own")).status_code == 200
    assert client.get(reverse("orgs:people", args=[organisation.external_id])).status_code == 200
    form = {"addresses": "x@x.example", "roles": ["expert"], "language": "fi", "send": "1"}
    told = client.post(reverse("orgs:invite", args=[organisation.external_id]), form, follow=True)
    assert "Mikään sopimus ei kerro" in told.content.decode()


def test_no_passkey_is_asked_of_those_who_have_none(client: Client) -> None:
    sign_in(client, factories.member("partner", "main_user"))
    page = client.get(reverse("mfa_authenticate")).content.decode()
    assert "Käytä pääsyavainta" not in page
