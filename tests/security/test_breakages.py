"""Lines that guard something and that no other test missed: each taken out turns a test here red.

Where another line holds the same door, the docstring says which, and both are tried.
"""

import datetime
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse

from orgs import accounts, clock, invitation_links, inviting, people
from orgs.access import NotAllowed
from orgs.inviting import InvitationRefused, Problem
from orgs.models import Municipality, Organisation
from orgs.roles import ROLES_OF_KIND
from orgs.sign_in import is_confirmed
from services import rich_text, working_copy
from services.answers.keys import could_be_anyone
from services.answers.serving import personal_cookies
from services.keeping import places
from services.models import Place
from tests import factories
from tests.clients import Client
from tests.services.wsgi import environ_of
from tests.workflow.conftest import SUMMARY, Pipeline, on, pipeline
from workflow.actions import lifecycle, reviewing
from workflow.models import Confirmation, Run
from workflow.sweep import sweep

__all__ = ["pipeline"]
pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


# The layer before Django.


@pytest.mark.parametrize("cookie", ["sessionid", "messages"])
@pytest.mark.parametrize("around", ["{}", "a=b; {}", "{}; device=x", "csrftoken=y;{};a=b"])
def test_who_brings_a_cookie_of_their_own_gets_no_answer_that_is_kept_for_all(
    cookie: str, around: str
) -> None:
    """The session's, and that of the message to the next page, by the names that settings give them."""
    brought = environ_of("/fi/", HTTP_COOKIE=around.format(f"{cookie}=abc"))
    assert not could_be_anyone(brought, personal_cookies())
    assert could_be_anyone(environ_of("/fi/", HTTP_COOKIE="csrftoken=y; device=x"), personal_cookies())


# Contents.

_LINKS = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)",
    "&#106;avascript:alert(1)", "vbscript:x", "data:text/html,<script>1</script>", "file:///etc/passwd",
    "blob:https://a.fi/x", "//paha.example/x\\@y",
)  # fmt: skip


@pytest.mark.parametrize("link", _LINKS)
def test_no_link_runs_anything(link: str) -> None:
    """Of a rich text, where a browser's own policy would stop scripts, too (Content-Security-Policy)."""
    cleaned = rich_text.sanitise(f'<p><a href="{link}">paina</a> <a href="https://a.fi">hyvä</a></p>')
    schemes = re.findall(r'href="([a-z]+):', cleaned)
    assert set(schemes) == {"https"}
    assert "script:" not in cleaned.lower()


# Rights.


@pytest.mark.parametrize(
    ("kind", "role"), [(kind, role) for kind in ROLES_OF_KIND for role in ROLES_OF_KIND[kind]]
)
def test_still_valid_is_said_by_those_who_may(pipeline: Pipeline, kind: str, role: str) -> None:
    stranger = factories.member(kind, role)
    with pytest.raises(NotAllowed):
        lifecycle.confirm_valid(pipeline.service, by=stranger)
    assert not Confirmation.objects.exists()
    lifecycle.confirm_valid(pipeline.service, by=pipeline.provider)
    assert Confirmation.objects.count() == 1


def test_an_employer_s_sign_in_from_before_the_rights_grew_confirms_nothing(client: Client, rf: Any) -> None:
    factories.agreement()
    user = factories.member("partner", "producer", factor=False)
    client.force_login(user)
    request = rf.get("/")
    request.session, request.user = client.session, user
    record_authentication(request, user, "socialaccount", provider="espoo", uid="1")
    request.session.save()
    assert is_confirmed(request, user)
    assert client.get(reverse("orgs:own")).status_code == 200
    user.confirm_since = clock.now() + HOUR
    user.save()
    assert not is_confirmed(request, user)
    answer = client.get(reverse("orgs:own"))
    assert answer.headers["Location"].startswith(reverse("account_login"))
    assert "_auth_user_id" not in client.session


def test_a_set_time_publishes_the_revision_that_was_reviewed_or_nothing(pipeline: Pipeline) -> None:
    """Every way of writing takes the time away first (`reviewing.content_changed`); this is past it.

    The run's action and publishing itself compare the revision that the sweep hands them.
    """
    run = pipeline.submit()
    pipeline.confirm()
    reviewing.schedule(run, by=pipeline.partner, at=clock.now() + HOUR, revision=pipeline.revision)
    written = {SUMMARY: "Kukaan ei ole lukenut tätä."}
    working_copy.apply(pipeline.service, written, base=pipeline.revision, by=pipeline.provider)
    pipeline.confirm()  # else the internal parts, confirmed for another text, would stop it, too
    with on("2026-11-24"):
        assert sweep().not_published == ["kielikahvila"]
    assert pipeline.fresh.version_number == 1
    assert (pipeline.run.state, pipeline.run.publish_at) == (Run.State.IN_REVIEW, None)


@pytest.mark.parametrize(("demo", "shown"), [(True, True), (False, False)])
def test_the_code_is_on_the_page_in_the_demo_only(
    client: Client, settings: Any, demo: bool, shown: bool
) -> None:
    """Even for accounts that look like the demo's."""
    settings.DEMO = demo
    factories.agreement()
    user = factories.member("partner", "producer", email="aino@espoo.example")
    code = factories.code()
    client.post("/fi/account/login/", {"login": user.email, "password": factories.PASSWORD})
    assert (code in client.get(reverse("mfa_authenticate")).text) is shown
    client.force_login_by_password(user)
    assert (code in client.get(reverse("mfa_reauthenticate")).text) is shown


@pytest.mark.parametrize(
    ("address", "secure"), [("https://manuaali.example", True), ("http://127.0.0.1:8000", False)]
)
def test_every_cookie_is_for_https_only_where_the_manual_is_on_https(
    db: None, address: str, secure: bool
) -> None:
    """In a process of its own, as settings are read once."""
    here = settings.DATABASES["default"]
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "x" * 60,
        "BASE_URL": address,
        "ALLOWED_HOSTS": "manuaali.example,127.0.0.1",
        "DATABASE_URL": f"postgres://{here['USER']}:{here['PASSWORD']}@{here['HOST']}:{here['PORT']}/{here['NAME']}",
        "REDIS_URL": settings.REDIS_URL,
        "DJANGO_SETTINGS_MODULE": "palvelumanuaali.settings",
    }
    program = (
        "import django; django.setup()\n"
        "from django.conf import settings as s\n"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE)\n"
        "print(s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS > 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == [str(secure)] * 4


# Doors with two locks.


def test_an_invitation_is_taken_by_the_person_it_names_alone(client: Client) -> None:
    """The page asks, and the action asks again: each alone holds."""
    factories.agreement()
    espoo = factories.OrganisationFactory(external_id="espoo", kind="partner")
    by, other = factories.member("partner", "main_user", espoo), factories.member("partner", "expert")
    invitation = inviting.invite(espoo, "uusi@espoo.example", ["producer"], language="fi", by=by)
    assert invitation is not None
    token = invitation_links.token(invitation)
    with pytest.raises(InvitationRefused) as refused:
        inviting.accept_as(other, token)
    assert refused.value.problem is Problem.WRONG_PERSON
    client.force_login(other)
    page = reverse("orgs:invitation", args=[token])
    assert (client.get(page).status_code, client.post(page).status_code) == (403, 403)
    assert not people.roles_of(other, espoo)


def test_places_of_others_are_not_taken_over(vocabulary: object) -> None:
    """Neither a place of another's, nor one's own given to another: stored and new keeper are both asked."""
    espoo, vantaa = (factories.OrganisationFactory(kind="partner") for _two in range(2))
    by = factories.member("partner", "main_user", espoo)
    texts = {"name": {"fi": "Talo"}, "city": {"fi": "Espoo"}, "postal_code": "02100"}
    place = Place.objects.create(
        external_id="talo", owner=vantaa, municipality=Municipality.objects.get(pk="092"), **texts
    )
    for owner in (espoo, vantaa):
        place.owner = owner
        with pytest.raises(NotAllowed):
            places.save(place, [], by=by)
    own = Place.objects.create(external_id="oma", owner=espoo, **texts)
    own.owner = vantaa
    with pytest.raises(NotAllowed):
        places.save(own, [], by=by)
    place.refresh_from_db()
    own.refresh_from_db()
    assert (place.owner, own.owner) == (vantaa, espoo)


def test_a_new_password_ends_the_sessions_themselves(client: Client) -> None:
    """Django would not let them in any more either: they hold the old password's hash."""
    factories.agreement()
    user = factories.member("partner", "expert")
    there = Client()
    for one in (client, there):
        one.post("/fi/account/login/", {"login": user.email, "password": factories.PASSWORD})
    new = "uusi-pitka-polku-2026"
    form = {"oldpassword": factories.PASSWORD, "password1": new, "password2": new}
    client.post(reverse("account_change_password"), form)
    left = [one.get_decoded().get("_auth_user_id") for one in Session.objects.all()]
    assert left.count(str(user.pk)) == 1
    assert accounts.end_sessions(user) == 1


@pytest.mark.parametrize(
    ("kind", "role"), [("provider", "producer"), ("provider", "main_user"), ("partner", "expert")]
)
def test_a_draft_s_instructions_are_for_those_who_write_them(
    pipeline: Pipeline,
    client: Client,
    kind: str,
    role: str,
) -> None:
    """Not for the service's own provider, nor for experts, who read what is published."""
    organisation = Organisation.objects.get(external_id="kielisilta" if kind == "provider" else "espoo")
    client.force_login(factories.member(kind, role, organisation))
    page = reverse("desk:preview_instructions", args=[pipeline.service.external_id])
    assert client.get(page).status_code == 403
    client.force_login(pipeline.partner)
    assert client.get(page).status_code == 200


def test_files_are_read_within_bounds_of_memory_time_and_writing() -> None:
    """The reader that waits for the file has set them; whoever started it gives up after a time, too."""
    program = [sys.executable, "-m", "services.texts.extracting", ".pdf"]
    with subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=settings.BASE_DIR, env={}
    ) as reader:
        limits = ""
        for _time in range(200):
            limits = Path(f"/proc/{reader.pid}/limits").read_text()
            if "Max file size             0 " in limits:
                break
            time.sleep(0.02)
        reader.kill()
    bounds = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()}
    assert bounds["Max address space"] == str(768 * 1024 * 1024)
    assert bounds["Max cpu time"] == "20"
    assert bounds["Max file size"] == "0"
