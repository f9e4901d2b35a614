"""Signing in and passwords; public pages are only for reading."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage

from orgs import tasks
from orgs.models import Notice
from services.models import Term
from tests import factories
from tests.clients import Client
from tests.services.site_pages import address


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
    tasks.deliver_due()
    assert [message.to for message in mailoutbox] == [["aino@espoo.example"]]
    assert Notice.objects.get().context == {}, "the link is not kept"
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
