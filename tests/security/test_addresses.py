"""Every address and who may open it. A new address fails this test until it is in the table."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from services.models import Term
from tests import factories
from tests.services.site_pages import address

PAGES = (
    *("front", "services", "service", "attachment", "organisations", "organisation", "municipalities"),
    *("municipality", "employers", "about", "accessibility", "privacy"),
)
ANYONE = {
    *("health", "door", "robots", "sitemap"),
    *(f"site:{page}" for page in PAGES),
    *("account_login", "account_logout", "account_signup", "account_inactive"),
    *("account_reset_password", "account_reset_password_done"),
    *("account_reset_password_from_key", "account_reset_password_from_key_done"),
    *("account_confirm_login_code", "account_confirm_email", "account_email_verification_sent"),
}
NO_ONE = {"account_email"}
SIGNED_IN = {"account_change_password", "account_set_password", "account_reauthenticate"}
STAFF_NAMESPACES = {"admin"}


def names(patterns: list[URLPattern | URLResolver], namespace: str = "") -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = ":".join(filter(None, (namespace, pattern.namespace)))
            found |= names(pattern.url_patterns, inner)
        else:
            found.add(":".join(filter(None, (namespace, pattern.name or ""))))
    return found


def test_each_address_is_in_the_table() -> None:
    known = ANYONE | SIGNED_IN | NO_ONE
    found = {
        name for name in names(get_resolver().url_patterns) if name.split(":")[0] not in STAFF_NAMESPACES
    }
    assert found == known


@pytest.mark.parametrize("name", sorted(SIGNED_IN))
def test_an_own_page_asks_a_visitor_to_sign_in(client: Client, db: None, name: str) -> None:
    from django.urls import reverse

    answer = client.get(reverse(name))
    assert answer.status_code == 302
    assert "/account/login/" in answer.headers["Location"]


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        ("partner", "expert"),
        ("partner", "main_user"),
        ("provider", "main_user"),
        ("project", "project_manager"),
    ],
)
def test_the_admin_is_for_staff_only(client: Client, db: None, kind: str, role: str) -> None:
    client.force_login(factories.member(kind, role))
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/services/term/").status_code == 302


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_public_pages_are_only_for_reading(
    client: Client, vocabulary: dict[tuple[str, str], Term], method: str
) -> None:
    for name in ("front", "services", "employers", "organisations", "about"):
        assert getattr(client, method)(address(name)).status_code == 405, name


def test_no_one_makes_an_account_of_ones_own_accord(client: Client, db: None) -> None:
    form = {
        "email": "uusi@manuaali.example",
        "password1": "hyvin-pitka-salasana",
        "password2": "hyvin-pitka-salasana",
    }
    client.post("/fi/account/signup/", form)
    from orgs.models import User

    assert not User.objects.exists()


def test_people_sign_in_with_e_mail_and_password_in_any_case(client: Client, db: None) -> None:
    factories.UserFactory(email="aino@espoo.example")
    wrong = client.post("/fi/account/login/", {"login": "aino@espoo.example", "password": "x"})
    assert wrong.status_code == 200
    right = client.post("/fi/account/login/", {"login": "Aino@Espoo.example", "password": factories.PASSWORD})
    assert right.status_code == 302
    assert client.session["_auth_user_id"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_one_adds_an_e_mail_address_of_ones_own_accord(client: Client, db: None, method: str) -> None:
    user = factories.member("partner", "main_user")
    client.force_login(user)
    form = {"email": "toinen@manuaali.example", "action_add": ""}
    assert getattr(client, method)("/fi/account/email/", form).status_code == 404
    assert not EmailAddress.objects.filter(user=user).exists()


def test_a_forgotten_password_is_renewed_by_a_link_in_the_mail(
    client: Client, db: None, mailoutbox: list[EmailMessage]
) -> None:
    user = factories.UserFactory(email="aino@espoo.example")
    client.post("/fi/account/password/reset/", {"email": "aino@espoo.example"})
    assert [message.to for message in mailoutbox] == [["aino@espoo.example"]]
    link = re.search(r"http://\S+(/fi/account/password/reset/key/\S+)", str(mailoutbox[0].body))
    assert link
    form = client.get(link.group(1), follow=True)
    weak = {"password1": "lyhyt", "password2": "lyhyt"}
    assert client.post(form.request["PATH_INFO"], weak).status_code == 200
    good = {"password1": "uusi-pitka-polku-2026", "password2": "uusi-pitka-polku-2026"}
    assert client.post(form.request["PATH_INFO"], good).status_code == 302
    user.refresh_from_db()
    assert user.check_password("uusi-pitka-polku-2026")


def test_an_unknown_address_gets_the_same_answer_as_a_known_one(client: Client, db: None) -> None:
    factories.UserFactory(email="aino@espoo.example")
    known = client.post("/fi/account/password/reset/", {"email": "aino@espoo.example"})
    unknown = client.post("/fi/account/password/reset/", {"email": "tuntematon@espoo.example"})
    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )
