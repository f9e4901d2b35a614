"""Pages for what goes wrong, and signing in."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from services.site import errors
from tests import factories
from tests.clients import Client
from tests.services.site_pages import LANGUAGES, elements, html, words


def without_database(request: HttpRequest) -> HttpResponse:
    try:
        raise OperationalError  # noqa: TRY301
    except OperationalError:
        return errors.server_error(request)


# No test of these five may use the database: pytest-django refuses it without the `db` fixture.
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (400, lambda request: errors.bad_request(request, ValueError())),
        (403, lambda request: errors.permission_denied(request, PermissionDenied())),
        (404, lambda request: errors.not_found(request, ValueError())),
        (500, errors.server_error),
        (503, without_database),
    ],
)
def test_errors_speak_the_language_of_the_address_without_the_database(
    rf: RequestFactory, status: int, answer: errors.Answer, language: str
) -> None:
    response = answer(rf.get(f"/{language}/nowhere/"))
    page = response.content.decode()
    assert response.status_code == status
    assert response.has_header("Retry-After") == (status == 503)
    assert elements(page, "html")[0].attributes["lang"] == language
    assert len(elements(page, "h1")) == 1
    ways = page[page.index("<main") : page.index("</main>")]
    assert f'href="/{language}/"' in ways


def test_an_address_without_a_language_gets_finnish(rf: RequestFactory) -> None:
    page = errors.not_found(rf.get("/nowhere/"), ValueError()).content.decode()
    assert elements(page, "html")[0].attributes["lang"] == "fi"


@pytest.mark.django_db
def test_a_missing_page_is_not_kept_by_anyone(client: Client) -> None:
    answer = client.get("/en/nowhere/")
    assert answer.status_code == 404
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_signing_in_has_a_page_in_each_language(client: Client, language: str) -> None:
    page = html(client, f"/{language}/account/login/")
    names = {e.attributes.get("name"): e.attributes for e in elements(page, "input")}
    assert names["login"]["autocomplete"] == "email"
    assert names["password"]["autocomplete"] == "current-password"
    assert "placeholder" not in names["login"]


@pytest.mark.django_db
def test_signing_in_and_out(client: Client) -> None:
    factories.UserFactory(email="aino@espoo.example", full_name="Aino Neuvonen")
    answer = client.post(
        "/en/account/login/", {"login": "aino@espoo.example", "password": factories.PASSWORD}, follow=True
    )
    page = answer.content.decode()
    assert "Aino Neuvonen" in page
    assert "Sign out" in page
    assert "/en/account/login/" not in page
    left = client.post("/en/account/logout/", follow=True).content.decode()
    assert "Aino Neuvonen" not in left


@pytest.mark.django_db
def test_a_wrong_password_is_told_of_in_an_alert(client: Client) -> None:
    page = client.post("/en/account/login/", {"login": "a@b.example", "password": "wrong"}).content.decode()
    assert 'role="alert"' in page
    assert 'value="wrong"' not in page


@pytest.mark.django_db
def test_no_one_makes_an_account_of_ones_own(client: Client) -> None:
    assert "Accounts come by invitation" in words(html(client, "/en/account/signup/"))
