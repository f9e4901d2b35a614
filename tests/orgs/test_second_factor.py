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
from django.urls import reverse

from orgs import delivery, factor_links, people
from orgs.models import LogEntry, Notice, Organisation, User
from orgs.roles import ROLES_OF_KIND, Body, SeatKind
from orgs.sign_in import has_second_factor
from tests import factories
from tests.clients import Client
from tests.moment import NOW

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


@pytest.mark.django_db(transaction=True)
def test_setting_up_an_authenticator_app_opens_the_way(client: Client) -> None:
    user = factories.member("partner", "main_user", factor=False)
    sign_in(client, user)
    page = client.get(reverse("mfa_activate_totp"))
    secret = re.search(r"<code>(\w+)</code>", page.content.decode())
    assert secret
    wrong = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert wrong.status_code == 200
    assert not Authenticator.objects.exists()
    code = factories.code(secret.group(1))
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
    people.set_roles(expert, espoo, ["main_user"], by=factories.member("project", "project_manager"))
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
        ("partner", "expert", "site:instruction_search"),
        ("partner", "main_user", "desk:desk"),
        ("provider", "main_user", "desk:desk"),
        ("provider", "producer", "desk:desk"),
        ("project", "project_manager", "office:office"),
        ("project", "ict_specialist", "desk:desk"),
    ],
)
def test_signing_in_leads_to_where_the_work_is(client: Client, kind: str, role: str, leads_to: str) -> None:
    user = factories.member(kind, role)
    client.force_login(user)
    answer = client.get(reverse("orgs:start"))
    assert answer.headers["Location"] == reverse(leads_to)


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


def test_a_session_opened_by_password_alone_is_no_use_once_the_account_has_a_factor() -> None:
    espoo = factories.OrganisationFactory(kind="partner")
    expert = factories.member("partner", "expert", espoo)
    other = Client()
    other.force_login_by_password(expert)
    people.set_roles(expert, espoo, ["main_user"], by=factories.member("project", "project_manager"))
    factories.second_factor(expert)  # set up in another session
    page = reverse("orgs:people", args=[espoo.external_id])
    answer = other.get(page)
    assert answer.headers["Location"] == f"{reverse('mfa_reauthenticate')}?next={page.replace('/', '%2F')}"
    for name in ("mfa_activate_totp", "mfa_add_webauthn", "account_change_password", "orgs:second_factor"):
        assert reverse("mfa_reauthenticate") in other.get(reverse(name)).headers["Location"], name
    wrong = other.post(reverse("mfa_reauthenticate"), {"code": "000000", "next": page})
    assert wrong.status_code == 200
    right = other.post(reverse("mfa_reauthenticate"), {"code": factories.code(), "next": page})
    assert right.headers["Location"] == page
    assert other.get(page).status_code == 200


def test_who_has_a_passkey_alone_is_led_to_it_and_offered_no_password(client: Client) -> None:
    user = factories.member("partner", "main_user", factor=False)
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "Puhelin", "credential": {}})
    client.force_login_by_password(user)
    answer = client.get(reverse("orgs:own"))
    assert answer.headers["Location"].startswith(reverse("mfa_reauthenticate_webauthn"))


def test_a_password_is_no_other_way_to_show_the_factor(client: Client) -> None:
    user = factories.member("partner", "main_user")
    client.force_login_by_password(user)
    page = client.get(reverse("mfa_reauthenticate"))
    assert page.status_code == 200
    assert reverse("account_reauthenticate") not in page.text


def test_what_a_form_sent_is_not_done_before_the_factor_is_shown() -> None:
    user = factories.member("partner", "main_user")
    client = Client()
    client.force_login_by_password(user)
    own = user.memberships.get().organisation.external_id
    form = {"addresses": "x@x.example", "roles": ["expert"], "language": "fi", "send": "1"}
    answer = client.post(reverse("orgs:invite", args=[own]), form)
    assert answer.headers["Location"].startswith(reverse("mfa_reauthenticate"))
    assert not Notice.objects.filter(kind="invitation").exists()


@pytest.mark.django_db(transaction=True)
def test_a_new_factor_ends_the_other_sessions_and_counts_in_this_one() -> None:
    user = factories.member("partner", "main_user", factor=False)
    here, there = Client(), Client()
    for one in (here, there):
        sign_in(one, user)
    page = here.get(reverse("mfa_activate_totp"))
    secret = re.search(r"<code>(\w+)</code>", page.content.decode())
    assert secret
    here.post(reverse("mfa_activate_totp"), {"code": factories.code(secret.group(1))})
    assert here.get(reverse("orgs:own")).status_code == 200
    assert reverse("account_login") in there.get(reverse("orgs:own")).headers["Location"]


@pytest.mark.parametrize("what", ["role", "seat"])
def test_a_right_that_is_given_has_the_factor_shown_anew(client: Client, what: str) -> None:
    espoo = factories.OrganisationFactory(kind="partner")
    producer = factories.member("partner", "producer", espoo)
    by = factories.member("project", "project_manager")
    client.force_login(producer)
    assert client.get(reverse("orgs:own")).status_code == 200
    with later(minutes=1):
        if what == "role":
            people.set_roles(producer, espoo, ["producer", "main_user"], by=by)
        else:
            people.give_seat(producer, espoo, Body.WORKING_GROUP, SeatKind.MEMBER, by=by)
    with later(minutes=2):
        answer = client.get(reverse("orgs:own"))
        assert answer.headers["Location"].startswith(reverse("mfa_reauthenticate"))
        client.post(reverse("mfa_reauthenticate"), {"code": factories.code()})
        assert client.get(reverse("orgs:own")).status_code == 200


def lost(user: User) -> str:
    return reverse("orgs:factor_reset", args=[factor_links.token(user)])


def start_page(user: User) -> str:
    own = user.memberships.get().organisation.external_id
    return reverse("orgs:start_factor_reset", args=[own, user.pk])


def test_a_lost_factor_is_taken_off_by_a_main_user_and_the_person_together(
    client: Client, mailoutbox: list[Any]
) -> None:
    espoo = factories.OrganisationFactory(kind="partner")
    user = factories.member("partner", "producer", espoo, full_name="Aino Neuvonen")
    by = factories.member("partner", "main_user", espoo, full_name="Kaarina Rinne")
    other = factories.member("partner", "main_user", espoo)
    session = Client()
    sign_in(session, user)
    session.post(reverse("mfa_authenticate"), {"code": factories.code()})
    client.force_login(by)
    assert "Lähetä linkki" in client.get(reverse("orgs:person", args=[espoo.external_id, user.pk])).text
    client.post(start_page(user))
    assert has_second_factor(user), "nothing is taken off before the person says so"
    for number in delivery.due():
        delivery.deliver(number)
    told = {mail.to[0]: f"{mail.subject}\n{mail.body}" for mail in mailoutbox}
    assert set(told) == {user.email, other.email}
    assert "Kaarina Rinne" in told[other.email]
    assert "Aino Neuvonen" in told[other.email]
    link = re.search(r"http://[^/\s]+(/\S+)", told[user.email])
    assert link
    assert link.group(1) == lost(user)
    assert link.group(1) not in str(list(Notice.objects.values())), "the link is not kept"

    stranger = Client()
    assert "Aino Neuvonen" in stranger.get(lost(user)).text
    assert has_second_factor(user), "opening the link changes nothing"
    assert stranger.post(link.group(1)).headers["Location"] == reverse("account_login")
    assert not Authenticator.objects.filter(user=user).exists()
    assert stranger.post(link.group(1)).status_code == 410, "it works once"
    assert sign_in(stranger, user).status_code == 302
    assert stranger.get(reverse("orgs:own")).headers["Location"] == reverse("orgs:second_factor")
    assert reverse("account_login") in session.get(reverse("orgs:own")).headers["Location"]
    kinds = set(Notice.objects.filter(state="waiting").values_list("kind", "recipient"))
    assert kinds == {
        ("security_change", user.pk), ("factor_reset_done", by.pk), ("factor_reset_done", other.pk)
    }  # fmt: skip
    logged = LogEntry.objects.filter(event__startswith="factor_reset").order_by("pk")
    assert [(e.event, e.actor, e.subject) for e in logged] == [
        ("factor_reset_started", by, user),
        ("factor_reset", user, user),
    ]


def test_the_link_dies_after_a_day_and_with_the_next_use_of_the_factor(client: Client) -> None:
    user = factories.member("partner", "producer")
    link = lost(user)
    with later(days=1, seconds=-1):
        assert client.get(link).status_code == 200
    with later(days=1, seconds=1):
        assert client.get(link).status_code == 410
    sign_in(client, user)
    client.post(reverse("mfa_authenticate"), {"code": factories.code()})
    assert client.post(link).status_code == 410
    assert has_second_factor(user)


def test_a_forged_link_takes_nothing_off(client: Client) -> None:
    user = factories.member("partner", "producer")
    right = factor_links.token(user)
    for forged in (right[:-1], f"9{right}", "x.y.z", right.replace("-", "", 1)):
        assert client.post(reverse("orgs:factor_reset", args=[forged])).status_code == 410
    assert has_second_factor(user)


def test_strangers_and_oneself_start_nothing(client: Client) -> None:
    user = factories.member("partner", "main_user")
    client.force_login(factories.member("partner", "main_user"))
    assert client.post(start_page(user)).status_code == 403
    client.force_login(user)
    told = client.post(start_page(user), follow=True).text
    assert "Vaihda oma toinen tunnistustapasi omalla sivullasi" in told
    assert not Notice.objects.exists()


def test_the_main_users_of_someone_whose_role_ends_later_are_told_too(client: Client) -> None:
    espoo = factories.OrganisationFactory(kind="partner")
    user, by = factories.member("partner", "producer", espoo), factories.member("partner", "main_user", espoo)
    user.memberships.update(ends_on=NOW.date() + datetime.timedelta(days=30))
    assert client.post(lost(user)).status_code == 302
    assert Notice.objects.filter(kind="factor_reset_done", recipient=by).exists()


def test_a_person_gets_no_more_than_three_links_for_a_lost_factor_in_an_hour(client: Client) -> None:
    espoo = factories.OrganisationFactory(kind="partner")
    user, by = factories.member("partner", "producer", espoo), factories.member("partner", "main_user", espoo)
    client.force_login(by)
    start = reverse("orgs:start_factor_reset", args=[espoo.external_id, user.pk])
    for _time in range(5):
        answer = client.post(start, follow=True)
    assert "useita linkkejä tunnin sisällä" in answer.text
    assert Notice.objects.filter(kind="factor_reset", recipient=user).count() == 3


@pytest.mark.parametrize("known", [True, False])
def test_a_mailbox_is_not_filled_with_links_to_a_new_password(client: Client, known: bool) -> None:
    """The answer is the same, whether another mail goes out or the address has an account or not."""
    if known:
        factories.UserFactory(email="aino@espoo.example")
    answers = set()
    for minutes in range(0, 10, 2):
        with later(minutes=minutes):
            answer = client.post(reverse("account_reset_password"), {"email": "Aino@espoo.example"})
            answers.add((answer.status_code, answer.headers["Location"]))
    assert len(answers) == 1
    assert Notice.objects.filter(kind="password_reset").count() == 3
