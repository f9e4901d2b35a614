"""What holds for every address, whoever asks and however: methods, forms, exports, headers."""

import inspect
import re
from typing import Any

import pytest
from django.urls import get_resolver, resolve, reverse

from tests import factories
from tests.clients import Client
from tests.security.cast import Cast
from tests.security.matrix import EVERYONE, MATRIX, VISITORS
from tests.security.test_matrix import answer, expected, names
from tests.thoroughness import THOROUGH, some

EXPORTS = {
    "orgs:organisations": ({},),
    "orgs:organisation": ({},),
    "orgs:people": ({}, {"list": "invitations"}),
    "orgs:agreements": ({},),
    "orgs:log": ({}, {"event": "signed_in"}, {"who": "a"}),
    "orgs:outbox": ({},),
    "orgs:notices": ({},),
    "desk:runs": ({}, {"state": "in_review"}),
    "desk:services": ({}, {"status": "published"}),
    "desk:findings": ({},),
    "responsible:services": ({}, {"partner": "espoo"}, {"theme": "need:language_skills"}),
    "keeping:places": ({}, {"q": "a"}),
    "tuning:figures": ({}, {"week": "2026-11-16"}),
    "office:office": ({},),
    "office:cases": ({}, {"state": "proposed"}),
    "office:meetings": ({}, {"year": "2026"}),
    "office:handovers": ({},),
    "office:ledger": ({}, {"kind": "sanction"}),
    "office:letters": ({},),
}
FORMATS = ("csv", "xlsx")
DOWNLOADS = ("site:attachment", "office:evidence", "office:letter_file")
# A browser counts a search here; it reads no session and changes nothing of anyone's.
FOR_ANYONE = ("site:searched",)
READ = sorted(name for name, line in MATRIX.items() if line.method == "get")
POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def view_of(name: str, everyone: Cast) -> Any:
    return inspect.unwrap(resolve(reverse(name, args=MATRIX[name].args(everyone))).func)


@pytest.mark.parametrize("name", READ)
def test_a_page_is_closed_to_head_and_post_for_those_who_may_not_get_it(everyone: Cast, name: str) -> None:
    line = MATRIX[name]
    # Who gets the page and who does not, everyone is asked elsewhere; here some of each are.
    may = sorted(who for who in EVERYONE if expected(who, line) == line.granted)
    others = sorted(EVERYONE.difference(may))
    asked = EVERYONE if THOROUGH else {*may[:1], *some(others), *line.but}
    answers = {who: answer(everyone, who, name, line, method="head") for who in asked}
    assert answers == {who: expected(who, line) for who in asked}
    refused = EVERYONE - line.allowed - (VISITORS if line.visitor in (200, 302) else set())
    for who in some(sorted(refused)):
        got = answer(everyone, who, name, line, method="post")
        assert got in (expected(who, line), 405), who


@pytest.mark.parametrize(("name", "format_"), [(name, one) for name in EXPORTS for one in FORMATS])
def test_an_export_is_for_those_only_who_may_see_the_list(everyone: Cast, name: str, format_: str) -> None:
    line = MATRIX[name]
    for query in EXPORTS[name]:
        asked = query | {"format": format_}
        answers = {who: answer(everyone, who, name, line, query=asked) for who in EVERYONE}
        assert answers == {who: expected(who, line) for who in EVERYONE}, query


def test_no_list_is_exported_without_standing_above(everyone: Cast) -> None:
    found = {
        name
        for name in names(get_resolver().url_patterns)
        if name in MATRIX and "exported(" in inspect.getsource(inspect.unwrap(view_of(name, everyone)))
    }
    assert found == set(EXPORTS)


@pytest.mark.parametrize("who", ["ICT specialist", "main user", None])
def test_no_form_is_taken_from_another_site(everyone: Cast, who: str | None) -> None:
    client = Client(enforce_csrf_checks=True)
    if who:
        client.force_login(everyone.people[who])
    for name, line in MATRIX.items():
        if name in FOR_ANYONE:
            continue
        response = client.post(reverse(name, args=line.args(everyone)), line.data(everyone))
        # The interface asks visitors who they are, where it takes anything.
        refusals = {401, 405} if name.startswith("api") and not who else {403}
        assert response.status_code in refusals, name


def policy(response: Any) -> dict[str, str]:
    header = response.headers["Content-Security-Policy"]
    parts = (part.strip().partition(" ") for part in header.split(";") if part.strip())
    return {name: re.sub(r" ?'nonce-[\w+/=-]{16,}'", "", sources) for name, _space, sources in parts}


@pytest.mark.parametrize("who", ["ICT specialist", "main user", "provider's producer", None])
def test_every_page_carries_the_policy_against_foreign_scripts(everyone: Cast, who: str | None) -> None:
    client = Client()
    if who:
        client.force_login(everyone.people[who])
    for name, line in MATRIX.items():
        response = client.get(reverse(name, args=line.args(everyone)))
        if name in DOWNLOADS and response.status_code == 200:
            assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
            continue
        assert policy(response) == POLICY, name
        assert "unsafe" not in response.headers["Content-Security-Policy"]
        assert "style=" not in response.content.decode()
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("who", ["ICT specialist", "expert"])
def test_what_a_signed_in_reader_gets_is_kept_by_no_one(everyone: Cast, who: str) -> None:
    client = Client()
    client.force_login(everyone.people[who])
    for name, line in MATRIX.items():
        response = client.get(reverse(name, args=line.args(everyone)))
        said = response.headers["Cache-Control"]
        assert "public" not in said, name
        assert "private" in said or "no-store" in said, name


def test_a_redirect_to_the_second_factor_is_kept_by_no_one(db: None) -> None:
    client = Client()
    client.force_login(factories.member("partner", "main_user", factor=False))
    response = client.get("/fi/")
    assert response.status_code == 302
    assert "no-store" in response.headers["Cache-Control"]
