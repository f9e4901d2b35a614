"""Signing in through the employer: a real OpenID Connect provider runs beside the tests."""

import datetime
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import environ
import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from orgs import clock, invitation_links, inviting, people
from orgs.models import Invitation, LogEntry, Notice, Organisation, User
from palvelumanuaali.employers import employers_from
from tests import factories
from tests.clients import Client

pytestmark = pytest.mark.django_db
NEW = "uusi@manuaali.example"
PROVIDER = "espoo"
LOGIN = f"/oidc/{PROVIDER}/login/"
CALLBACK = f"http://testserver/oidc/{PROVIDER}/login/callback/"


@pytest.fixture
def espoo() -> Organisation:
    factories.agreement()
    made: Organisation = factories.OrganisationFactory(
        external_id="espoo", kind="partner", name={"fi": "Espoon kaupunki"}
    )
    return made


@pytest.fixture
def main_user(espoo: Organisation) -> User:
    return factories.member("partner", "main_user", espoo)


@pytest.fixture
def invitation(espoo: Organisation, main_user: User) -> Invitation:
    made = inviting.invite(espoo, NEW, ["producer"], language="fi", by=main_user)
    assert made is not None
    return made


@pytest.fixture(scope="session")
def iam_configuration(iam_configuration: dict[str, Any]) -> dict[str, Any]:
    """Ask for no nonce: the code is bound to the session by PKCE."""
    iam_configuration["CANAILLE_OIDC"]["REQUIRE_NONCE"] = False
    return iam_configuration


@pytest.fixture
def employer(iam_server: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The provider, knowing us as a client, and we it, as its environment variables would say."""
    with iam_server.app.app_context():
        known = iam_server.models.Client(
            client_id="manuaali",
            client_secret="manuaali-secret",
            client_name="Palvelumanuaali",
            contacts=["yllapito@manuaali.example"],
            client_uri="http://testserver",
            redirect_uris=[CALLBACK],
            scope=["openid", "profile", "email"],
            grant_types=["authorization_code"],
            response_types=["code"],
            token_endpoint_auth_method="client_secret_post",
        )
        iam_server.backend.save(known)
        known.audience = [known]
        iam_server.backend.save(known)
    variables = {
        "OIDC_PROVIDERS": PROVIDER,
        "OIDC_ESPOO_NAME": "Espoon kaupunki",
        "OIDC_ESPOO_SERVER": iam_server.url.rstrip("/"),
        "OIDC_ESPOO_CLIENT_ID": "manuaali",
        "OIDC_ESPOO_CLIENT_SECRET": "manuaali-secret",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    apps = employers_from(environ.Env())
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": apps}}
    yield iam_server
    iam_server.logout()
    with iam_server.app.app_context():
        iam_server.backend.delete(known)


Works = Callable[..., Any]


@pytest.fixture
def works_at(employer: Any) -> Works:
    """Return a maker of people whom the employer knows."""

    def make(email: str = NEW, name: str = "Uusi Ihminen") -> Any:
        made = employer.random_user(
            user_name=name.replace(" ", ".").lower(),
            emails=[email],
            formatted_name=name,
            given_name=name.split(maxsplit=1)[0],
            family_name=name.split()[1],
        )
        employer.consent(made)
        return made

    return make


def through(client: Client, employer: Any, person: Any, start: str = LOGIN) -> Any:
    """Go on to the employer, sign in there as the person, and come back; the last answer."""
    employer.login(person)
    leaving = client.post(start)
    assert leaving.status_code == 302
    there = urlsplit(leaving.headers["Location"])
    assert "code_challenge=" in there.query
    asked = employer.test_client.get(f"{there.path}?{there.query}")
    assert asked.status_code == 302, asked.text
    assert asked.headers["Location"].startswith(CALLBACK)
    back = urlsplit(asked.headers["Location"])
    return client.get(f"{back.path}?{back.query}")


def invited(client: Client, invitation: Invitation) -> str:
    """Open the invitation, choose the employer, and return where that leads."""
    token = invitation_links.token(invitation)
    shown = client.get(reverse("orgs:invitation", args=[token]))
    assert "Jatka tunnuksella: Espoon kaupunki" in shown.content.decode()
    chosen = client.post(reverse("orgs:invitation_employer", args=[token]), {"employer": LOGIN})
    assert chosen.status_code == 302
    assert client.get(chosen.headers["Location"]).status_code == 200
    location: str = chosen.headers["Location"]
    return location


def test_an_invited_person_joins_through_the_employer_and_has_no_password(
    client: Client, employer: Any, works_at: Works, invitation: Invitation
) -> None:
    answer = through(client, employer, works_at(), invited(client, invitation))
    assert answer.status_code == 302
    user = User.objects.get(email=NEW)
    assert (user.full_name, user.has_usable_password()) == ("Uusi Ihminen", False)
    assert SocialAccount.objects.get().user == user
    assert list(user.memberships.values_list("role", flat=True)) == ["producer"]
    invitation.refresh_from_db()
    assert invitation.accepted_by == user
    own = client.get(reverse("orgs:own"))
    assert own.status_code == 200, "the employer's sign-in counts as the second factor"


def test_the_second_time_the_subject_alone_says_who_it_is(
    client: Client, employer: Any, works_at: Works, invitation: Invitation
) -> None:
    person = works_at()
    through(client, employer, person, invited(client, invitation))
    with employer.app.app_context():
        employer.backend.update(person, emails=["naimisissa@manuaali.example"])
        employer.backend.save(person)
    later = Client()
    through(later, employer, person)
    own = later.get(reverse("orgs:own"))
    assert own.context["user"].email == NEW
    assert User.objects.filter(email__startswith="naimisissa").count() == 0
    assert SocialAccount.objects.count() == 1


def test_without_an_invitation_no_account_comes_into_being(
    client: Client, employer: Any, works_at: Works, espoo: Organisation
) -> None:
    answer = through(client, employer, works_at())
    assert "Tunnuksen saa kutsulla" in answer.content.decode()
    assert not User.objects.exists()
    assert not SocialAccount.objects.exists()
    assert "_auth_user_id" not in client.session


def test_an_invitation_for_another_address_stays_open(
    client: Client, employer: Any, works_at: Works, invitation: Invitation
) -> None:
    stranger = works_at("joku.muu@manuaali.example", "Joku Muu")
    answer = through(client, employer, stranger, invited(client, invitation))
    page = client.get(answer.headers["Location"])
    assert page.status_code == 403
    assert "Kutsu on toiselle henkilölle" in page.content.decode()
    assert not User.objects.exclude(memberships__role="main_user").exists()
    assert not SocialAccount.objects.exists()
    invitation.refresh_from_db()
    assert invitation.accepted_at is None
    assert client.get(answer.headers["Location"]).status_code == 200, "said once, then one may try again"


def test_the_same_address_alone_never_opens_an_account(
    client: Client, employer: Any, works_at: Works, espoo: Organisation
) -> None:
    local = factories.member("partner", "producer", espoo, email=NEW)
    answer = through(client, employer, works_at())
    assert "Tunnuksen saa kutsulla" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    assert not SocialAccount.objects.filter(user=local).exists()


def test_an_invitation_to_someone_with_an_account_asks_to_sign_in_with_it(
    client: Client, employer: Any, works_at: Works, espoo: Organisation, main_user: User
) -> None:
    member = factories.member("partner", "producer", email=NEW)
    invitation = inviting.invite(espoo, NEW, ["expert"], language="fi", by=main_user)
    assert invitation is not None
    token = invitation_links.token(invitation)
    client.post(reverse("orgs:invitation_employer", args=[token]), {"employer": LOGIN})
    answer = through(client, employer, works_at())
    page = client.get(answer.headers["Location"]).content.decode()
    assert "on jo tunnus" in page
    assert not SocialAccount.objects.exists()
    assert member.memberships.count() == 1


def test_one_connects_the_employers_account_on_ones_own_page(
    client: Client, employer: Any, works_at: Works, espoo: Organisation
) -> None:
    member = factories.member("partner", "expert", espoo, email="vanha@manuaali.example")
    client.post(reverse("account_login"), {"login": member.email, "password": factories.PASSWORD})
    person = works_at("virka@espoo.example")
    through(client, employer, person, f"{LOGIN}?process=connect")
    assert SocialAccount.objects.get().user == member
    elsewhere = Client()
    through(elsewhere, employer, person)
    assert elsewhere.get(reverse("orgs:own")).context["user"] == member


def test_connecting_and_removing_are_logged_told_and_ask_once_more_who_one_is(
    client: Client, employer: Any, works_at: Works, espoo: Organisation
) -> None:
    member = factories.member("partner", "producer", espoo, email="vanha@manuaali.example")
    client.force_login(member)
    person = works_at("virka@espoo.example")
    with time_machine.travel(clock.now() + datetime.timedelta(hours=1), tick=False):
        asked = through(client, employer, person, f"{LOGIN}?process=connect")
        assert asked.headers["Location"] == reverse("account_reauthenticate")
        asked = client.get(asked.headers["Location"])
        assert asked.headers["Location"].startswith(reverse("mfa_reauthenticate")), "no password is enough"
        assert not SocialAccount.objects.exists()
        client.post(reverse("mfa_reauthenticate"), {"code": factories.code()})
    account = SocialAccount.objects.get(user=member)
    with time_machine.travel(clock.now() + datetime.timedelta(hours=2), tick=False):
        page = reverse("socialaccount_connections")
        asked = client.post(page, {"account": account.pk})
        assert asked.status_code == 302
        assert SocialAccount.objects.exists()
        client.post(reverse("mfa_reauthenticate"), {"code": factories.code()})
        client.post(page, {"account": account.pk})
    assert not SocialAccount.objects.exists()
    logged = LogEntry.objects.filter(actor=member, event__startswith="employer_").order_by("pk")
    assert [one.event for one in logged] == ["employer_connected", "employer_removed"]
    told = Notice.objects.filter(kind="security_change", recipient=member).order_by("pk")
    assert [one.context["what"] for one in told] == ["employer_connected", "employer_removed"]


def test_an_account_of_someone_else_is_not_taken_over(
    client: Client, employer: Any, works_at: Works, invitation: Invitation, espoo: Organisation
) -> None:
    person = works_at()
    joined = Client()
    through(joined, employer, person, invited(joined, invitation))
    other = factories.member("partner", "expert", espoo)
    client.post(reverse("account_login"), {"login": other.email, "password": factories.PASSWORD})
    through(client, employer, person, f"{LOGIN}?process=connect")
    assert SocialAccount.objects.get().user.email == NEW


def test_a_removed_person_does_not_come_in_and_comes_back_by_a_new_invitation(
    client: Client, employer: Any, works_at: Works, invitation: Invitation, main_user: User
) -> None:
    person = works_at()
    through(client, employer, person, invited(client, invitation))
    user = User.objects.get(email=NEW)
    people.remove(user, invitation.organisation, by=main_user)
    gone = Client()
    through(gone, employer, person)
    assert "_auth_user_id" not in gone.session
    again = inviting.invite(invitation.organisation, NEW, ["expert"], language="fi", by=main_user)
    assert again is not None
    back = Client()
    through(back, employer, person, invited(back, again))
    assert back.get(reverse("orgs:own")).context["user"] == user
    assert SocialAccount.objects.get().user == user


def test_an_answer_that_was_not_asked_for_is_refused(
    client: Client, employer: Any, works_at: Works, espoo: Organisation
) -> None:
    answer = client.get(CALLBACK, {"code": "keksitty", "state": "keksitty"})
    assert "Työnantajan kirjautuminen ei onnistunut" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_only_known_employers_can_be_chosen(client: Client, employer: Any, invitation: Invitation) -> None:
    token = invitation_links.token(invitation)
    chosen = client.post(
        reverse("orgs:invitation_employer", args=[token]), {"employer": "https://paha.example/"}
    )
    assert chosen.headers["Location"] == reverse("orgs:invitation", args=[token])


def test_an_employer_that_is_named_but_not_described_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OIDC_PROVIDERS", "vantaa")
    with pytest.raises(ImproperlyConfigured, match="OIDC_VANTAA_NAME"):
        employers_from(environ.Env())
