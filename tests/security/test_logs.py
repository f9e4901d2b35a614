"""No link that opens something ever stands in a log, whoever asks for it and whatever the answer is."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from orgs import user_log
from orgs.models import LogEntry
from tests import factories
from tests.clients import Client
from tests.security.cast import Cast

SECRET = "7-1-SaLaInEnMeRkKiJoNo"  # in the shape of an invitation's token


@pytest.fixture
def process_log() -> Iterator[io.StringIO]:
    """Return what the process writes, through the handler, the filter and the format of the settings."""
    stream = io.StringIO()
    logging.getLogger().setLevel(settings.LOGGING["root"]["level"])
    configured = settings.LOGGING["handlers"]["console"]["filters"]
    ours = next(one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler)
    assert configured == ["without_paths"]
    former = ours.setStream(stream)
    yield stream
    ours.setStream(former)
    logging.getLogger().setLevel(logging.WARNING)


def routes_with_a_text(patterns: list[URLPattern | URLResolver], above: str = "") -> dict[str, list[str]]:
    """Return every route that takes a text in its path, with the names of its parts."""
    found: dict[str, list[str]] = {}
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = ":".join(filter(None, (above, pattern.namespace)))
            found |= routes_with_a_text(pattern.url_patterns, inner)
            continue
        converters = pattern.pattern.converters
        parts = list(pattern.pattern.regex.groupindex)
        if parts and not all(type(converters.get(part)).__name__ == "IntConverter" for part in parts):
            found[":".join(filter(None, (above, pattern.name or "")))] = parts
    return found


def paths_with_the_secret() -> list[str]:
    """Return an address of every route, with the secret wherever it takes a free text, and in the query."""
    paths = []
    for name, parts in routes_with_a_text(get_resolver().url_patterns).items():
        values: dict[str, Any] = {
            part: {"number": 1, "attachment_id": "0" * 8 + "-0000-4000-8000-" + "0" * 12}.get(part, SECRET)
            for part in parts
        }
        for ids in ("external_id", "slug"):
            values |= {ids: "espoo"} if ids in values else {}
        if "uidb36" in values:
            values["uidb36"] = "1"
        try:
            path = reverse(name, kwargs=values)
        except NoReverseMatch:  # an address that takes no such text
            continue
        paths += [path, path.rstrip("/")]
    return [*paths, reverse("site:services"), reverse("orgs:log"), "/fi/ei-ole/", f"/fi/{SECRET}/"]


def test_links_and_queries_stand_in_neither_log(everyone: Cast, process_log: io.StringIO) -> None:
    paths = paths_with_the_secret()
    assert any("/kutsu/" in path for path in paths)
    assert any("/reset/key/" in path for path in paths)
    for who in ("ICT specialist", "expert", None):
        client = Client(raise_request_exception=False)
        if who:
            client.force_login(everyone.people[who])
        for path in paths:
            client.get(path, {"q": SECRET, "next": f"/{SECRET}"})
            client.post(path, {"q": SECRET})
    written = process_log.getvalue()
    assert written.count("request_finished") > 3 * len(paths)
    assert SECRET not in written
    kept = str(list(LogEntry.objects.values()))
    assert "refused" in kept
    assert SECRET not in kept


def test_a_live_invitation_opened_by_the_wrong_person_is_in_no_log(
    everyone: Cast, process_log: io.StringIO
) -> None:
    client = Client()
    client.force_login(everyone.people["expert"])
    assert client.get(reverse("orgs:invitation", args=[everyone.token])).status_code == 403
    entry = LogEntry.objects.get(event="refused")
    assert entry.detail == {"route": "orgs:invitation"}
    assert everyone.token not in process_log.getvalue()
    assert "GET orgs:invitation" in process_log.getvalue()


@pytest.mark.parametrize("around", ["%0A", "%0D%0A", "%C3%A4", "%09", "%5C", "%00", "%E2%80%A8"])
def test_a_token_with_a_strange_letter_beside_it_is_in_no_log(
    db: None, process_log: io.StringIO, around: str
) -> None:
    for path in (
        f"/fi/kutsu/{SECRET}{around}/",
        f"/fi/{around}{SECRET}/",
        f"/{SECRET}{around}",
        f"/fi/{SECRET}{around}",
    ):
        Client().get(path)
        Client(enforce_csrf_checks=True).post(path, {})
    assert process_log.getvalue()
    assert SECRET not in process_log.getvalue()


def test_what_django_itself_logs_of_a_refusal_names_the_route(db: None, process_log: io.StringIO) -> None:
    Client(enforce_csrf_checks=True).post(reverse("orgs:invitation", args=[SECRET]), {})
    Client().get(f"/fi/{SECRET}/")
    events = [json.loads(line)["event"] for line in process_log.getvalue().splitlines()]
    assert "Forbidden (CSRF cookie not set.): orgs:invitation" in events
    assert "Not Found: unknown" in events


@pytest.mark.parametrize(("trusted", "expected"), [(0, "127.0.0.1"), (1, "203.0.113.9")])
def test_the_logs_follow_no_forged_address(
    db: None, process_log: io.StringIO, settings: Any, trusted: int, expected: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = trusted
    Client().get("/fi/", headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9"})
    lines = [json.loads(line) for line in process_log.getvalue().splitlines()]
    assert {line["ip"] for line in lines if line["event"] == "request_finished"} == {expected}


def test_a_refusal_is_logged_with_its_route_and_its_ids(client: Client, db: None) -> None:
    user = factories.member("partner", "expert")
    factories.OrganisationFactory(external_id="vantaa", kind="partner")
    client.force_login(user)
    client.get(reverse("orgs:people", args=["vantaa"]), {"q": SECRET})
    entry = LogEntry.objects.get(event=user_log.Event.REFUSED)
    assert (entry.actor, entry.detail) == (user, {"route": "orgs:people external_id=vantaa"})
