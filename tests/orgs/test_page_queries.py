"""Pages of management ask the database as often for many rows as for few."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orgs import notices, tokens, user_log
from orgs.models import Organisation, User
from orgs.user_log import Event
from tests import factories
from tests.clients import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def ict(client: Client) -> User:
    factories.agreement()
    person = factories.member("project", "ict_specialist")
    client.force_login(person)
    return person


@pytest.fixture
def espoo() -> Organisation:
    made: Organisation = factories.OrganisationFactory(external_id="espoo", kind="partner")
    return made


def add_rows(ict: User, espoo: Organisation, count: int) -> None:
    """Add people, providers, log entries and notices to what the pages list."""
    for _each in range(count):
        person = factories.member("partner", "producer", espoo)
        main_user = factories.member("partner", "main_user", espoo)
        tokens.make(main_user, name="Sivusto", scopes=[], days=30, organisation=espoo)
        provider = factories.OrganisationFactory(kind="provider")
        provider.partners.add(espoo)
        factories.member("provider", "provider_producer", provider)
        user_log.record(Event.ROLE_GIVEN, actor=ict, subject=person, organisation=espoo)
        notices.tell("role_given", person, organisation="espoo", role="expert")
        notices.tell("role_given", ict, organisation="espoo", role="expert")


PAGES: dict[str, tuple[str, list[str], int]] = {
    "own page": ("orgs:own", [], 18),
    "access tokens": ("orgs:tokens_of", ["espoo"], 9),
    "messages to me": ("orgs:notices", [], 7),
    "organisations": ("orgs:organisations", [], 11),
    "organisation": ("orgs:organisation", ["espoo"], 13),
    "people": ("orgs:people", ["espoo"], 16),
    "agreements": ("orgs:agreements", [], 8),
    "user log": ("orgs:log", [], 9),
    "outbox": ("orgs:outbox", [], 9),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_as_often_for_many_rows_as_for_few(
    client: Client, ict: User, espoo: Organisation, name: str
) -> None:
    view, arguments, pinned = PAGES[name]
    asked: list[list[dict[str, Any]]] = []
    for count in (2, 8):
        add_rows(ict, espoo, count)
        address = reverse(view, args=arguments)
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        asked.append(captured.captured_queries)
    few, many = map(len, asked)
    assert few == many, [query["sql"][:90] for query in asked[1]]
    assert many == pinned
