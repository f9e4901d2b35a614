"""What a log says of the page that was asked for, and how it reads."""

import pytest
from django.test import RequestFactory
from django.utils.translation import override

from orgs.routes import address_of, route_of


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/fi/hallinta/espoo/ihmiset/7/", "orgs:person external_id=espoo number=7"),
        ("/fi/hallinta/loki/?who=Aino", "orgs:log"),
        ("/fi/kutsu/salaisuus/", "orgs:invitation"),
        ("/fi/ei-ole/", "unknown"),
    ],
)
def test_a_route_holds_ids_and_nothing_that_opens_something(path: str, route: str) -> None:
    assert route_of(RequestFactory().get(path)) == route


@pytest.mark.parametrize(
    ("route", "language", "address"),
    [
        ("orgs:person external_id=espoo number=7", "fi", "/fi/hallinta/espoo/ihmiset/7/"),
        ("orgs:person external_id=espoo number=7", "sv", "/sv/forvaltning/espoo/personer/7/"),
        ("orgs:log", "en", "/en/management/log/"),
        ("orgs:invitation", "fi", "orgs:invitation"),
        ("was:removed external_id=a", "fi", "was:removed external_id=a"),
        ("unknown", "fi", "unknown"),
        ("", "fi", ""),
    ],
)
def test_a_route_reads_as_an_address_of_the_readers_language(route: str, language: str, address: str) -> None:
    with override(language):
        assert address_of(route) == address
