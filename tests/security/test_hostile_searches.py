"""Hostile searches: results or a polite message, never an error, never work without bound."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from services.search import typed
from tests import factories
from tests.clients import Client
from tests.services.site_pages import LANGUAGES, address

pytestmark = pytest.mark.usefixtures("vocabulary")
HOSTILE = [
    "'); DROP TABLE services_publishedservice; --",
    "a & b | !c <-> (d:*",
    '"auki jäänyt lainaus',
    '"""' * 40,
    "-" * 200,
    '- -a --b -"-c"',
    "\x00\x00",
    "a\x00b",
    "kurssi " * 1500,
    "a" * 10_000,
    "a b c d e f g h i j k l m n o p q r s t u v w x y z å ä ö " * 4,
    "opetus" * 15,
    "oman" * 50,
    " ".join("oman" * number for number in range(2, 9)),
    "-".join(["omanomanomanomanomanoman"] * 8),
    "👩‍🔧🔥" * 30,
    "\u202eissruk\u202c",
    "مرحبا كورس",
    "%s %d {0} ${x} {{ 7*7 }} {% load x %}",
    "<script>alert(1)</script>",
    "../../../etc/passwd",
    "\ud800",
    "ﬁ ſ ß İ ı K Å",
    "e\u0301" * 80,
    "(?:a+)+$" * 10,
    "* ? ~ ^ + kieli~sv sv~kurs ^kieli kieli+kurssi",
]
Queries = Callable[[int], AbstractContextManager[object]]


@pytest.mark.parametrize("q", HOSTILE)
def test_a_hostile_search_is_answered_with_a_bounded_number_of_questions(
    client: Client, django_assert_max_num_queries: Queries, q: str
) -> None:
    factories.published()
    sent = q.encode("utf-8", "replace").decode()
    for language in LANGUAGES:
        client.get(address("services", language=language))
        for page in ("services", "suggestions"):
            with django_assert_max_num_queries(20):
                answer = client.get(address(page, language=language), {"q": sent})
            assert answer.status_code == 200
            assert b"<script>alert(1)" not in answer.content


@pytest.mark.parametrize("q", HOSTILE)
def test_a_hostile_search_of_staff_is_answered(client: Client, q: str) -> None:
    factories.published()
    client.force_login(factories.member("project", "ict_specialist"))
    sent = q.encode("utf-8", "replace").decode()
    for path in ("/fi/tyoohjeet/", "/fi/haku/saato/", "/fi/haku/saato/synonyymit/fi/"):
        assert client.get(path, {"q": sent}).status_code == 200
    assert client.post("/fi/haettu/", {"q": sent}).status_code == 204
    assert client.post("/fi/haku/saato/synonyymit/fi/uusi/", {"expressions": sent}).status_code in (200, 302)


@pytest.mark.parametrize("q", HOSTILE)
def test_what_is_typed_is_cut_to_a_bounded_number_of_words(q: str) -> None:
    assert len(typed.terms_of(q, "fi")) <= typed._MOST


def test_marks_of_tokens_cannot_be_typed() -> None:
    """A token of a stem, a pair or a name has a mark that no typed word can hold."""
    words = [word for term in typed.terms_of("sv~kurs ^kieli kieli+kurssi", "fi") for word in term.words]
    assert not [word for word in words if set(word) & set("~^+")]
