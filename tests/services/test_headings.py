"""Headings of public pages go down by one level at a time, also where nothing was found."""

from itertools import pairwise

import pytest
from lxml import html as parser

from tests import factories
from tests.clients import Client
from tests.services.site_pages import NAMES, address, html

pytestmark = pytest.mark.usefixtures("vocabulary")
PAGES = [*(address(name) for name in NAMES), address("service", "kielikahvila")]
QUERIES = ("?q=kielikahvila", "?q=asdfgh", "?q=kielikahvila&price=paid")
LISTS = [address("services", query=query) for query in QUERIES]


@pytest.mark.parametrize("path", [*PAGES, *LISTS])
def test_no_level_of_headings_is_left_out(client: Client, path: str) -> None:
    factories.published()
    document = parser.fromstring(html(client, path))
    levels = [int(one.tag[1]) for one in document.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    jumps = [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1]
    assert jumps == [], levels
