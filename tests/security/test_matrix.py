"""Every address and every kind of person: `matrix.py` says who may, these tests ask."""

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.clients import Client
from tests.security.cast import Cast
from tests.security.matrix import EVERYONE, MATRIX, SIGN_IN, VISITORS, Line

ASKERS = sorted(EVERYONE)


def names(patterns: list[URLPattern | URLResolver], namespace: str = "") -> set[str]:
    """Return the names of all addresses."""
    found: set[str] = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = ":".join(filter(None, (namespace, pattern.namespace)))
            found |= names(pattern.url_patterns, inner)
        else:
            found.add(":".join(filter(None, (namespace, pattern.name or ""))))
    return found


def answer(
    everyone: Cast,
    who: str,
    name: str,
    line: Line,
    *,
    method: str = "",
    query: dict[str, str] | None = None,
) -> int | str:
    """Ask for an address as `who` and return the status, or that signing in is asked for."""
    client = Client()
    with transaction.atomic():
        before = transaction.savepoint()
        if who in everyone.people:
            client.cookies[settings.SESSION_COOKIE_NAME] = everyone.sessions[who]
        path = reverse(name, args=line.args(everyone))
        ask = getattr(client, method or line.method)
        # From a network address of one's own: how often one asks is counted by it.
        response = ask(path, query or line.data(everyone), REMOTE_ADDR=f"127.0.1.{ASKERS.index(who)}")
        # What one changes is undone before the next asks.
        transaction.savepoint_rollback(before)
    if response.status_code == 302 and "/account/login/" in response.headers["Location"]:
        return SIGN_IN
    return int(response.status_code)


def expected(who: str, line: Line) -> int | str:
    """Return what the matrix promises."""
    if who in line.but:
        return line.but[who]
    if who in VISITORS:
        return line.visitor
    return line.granted if who in line.allowed else line.refused


def test_each_address_has_its_line_and_each_line_its_address() -> None:
    assert names(get_resolver().url_patterns) == set(MATRIX)


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_everyone_gets_what_the_matrix_says(everyone: Cast, name: str) -> None:
    line = MATRIX[name]
    answers = {who: answer(everyone, who, name, line) for who in EVERYONE}
    assert answers == {who: expected(who, line) for who in EVERYONE}


@pytest.mark.parametrize("name", sorted(name for name, line in MATRIX.items() if line.method == "post"))
def test_what_changes_something_is_not_done_by_following_a_link(everyone: Cast, name: str) -> None:
    line = MATRIX[name]
    client = Client()
    client.force_login(everyone.people["ICT specialist"])
    assert client.get(reverse(name, args=line.args(everyone))).status_code == 405
