"""What people would type, over the demo: inflected, compound, in another word order, in Swedish."""

import pytest

from orgs import clock
from services.search import listing
from services.search.query import ListQuery
from services.vocabularies import load


def slugs(q: str, language: str = "fi", *, some: bool = False) -> list[str]:
    """Return what is found, in order; without `some`, only what has all the words."""
    found = listing.run(ListQuery(q=q), language, clock.today(), load())
    return [hit.external_id for hit in found.hits][: None if some else found.all_words]


# What is typed, the language of the page, and one service that must be among the first ten.
WANTED = [
    ("kielikurssi", "fi", "helsinki-tyoelamakurssi"),
    ("suomen kieli", "fi", "helsinki-kielikahvila"),
    ("kieli", "fi", "helsinki-tyoelamakurssi"),
    ("suomi", "fi", "helsinki-selkosuomi"),
    ("uraohjausta", "fi", "helsinki-uraohjaus"),
    ("ohjaus uralle", "fi", "helsinki-uraohjaus"),
    ("työkokeiluun", "fi", "espoo-tyokokeilu"),
    ("yrittäjäksi", "fi", "vantaa-yrittajyyskurssi"),
    ("digitaidot", "fi", "helsinki-digiryhma"),
    ("veneen rakentaminen", "fi", "raasepori-puuveneen-rakennus"),
    ("muutosturva", "fi", "espoo-muutosturva"),
    ("språkkafé", "sv", "helsinki-kielikahvila"),
    ("job search", "en", "espoo-job-search-english"),
]


@pytest.mark.parametrize(("q", "language", "expected"), WANTED)
def test_what_people_type_finds_what_they_mean(manual: None, q: str, language: str, expected: str) -> None:
    assert expected in slugs(q, language)[:10], slugs(q, language)


@pytest.mark.parametrize(
    ("one", "other"),
    [("suomi", "suomen"), ("kurssi", "kurssille"), ("kieli", "kielten"), ("valmennus", "valmennusta")],
)
def test_forms_of_one_word_find_the_same(manual: None, one: str, other: str) -> None:
    first, second = slugs(one), slugs(other)
    assert first
    assert len(set(first) & set(second)) >= 0.8 * len(set(first) | set(second))


def listed(**selected: tuple[str, ...]) -> list[str]:
    found = listing.run(ListQuery(selected=selected), "fi", clock.today(), load())
    return [hit.external_id for hit in found.hits]


# A situation, and the services that must come first: those that are about it, not those that suit it too.
SITUATIONS = [
    ("organisation_changes", {"espoo-muutosturva", "raasepori-muutostilanteen-neuvonta"}),
    ("recruiting_from_abroad", {"helsinki-ulkomailta"}),
    ("employee_work_ability", {"vantaa-tyokyky-tyonantaja"}),
    ("layoff_threat", {"kerava-muutosinfo"}),
    ("returning_from_leave", {"helsinki-paluu-tyohon"}),
]


@pytest.mark.parametrize(("situation", "first"), SITUATIONS)
def test_what_a_situation_is_about_comes_first(manual: None, situation: str, first: set[str]) -> None:
    assert set(listed(life_situation=(situation,))[: len(first)]) == first


@pytest.mark.parametrize("q", ["lomauttaminen", "lomautukset", "yt-neuvottelut", "irtisanomiset"])
def test_an_employer_who_lays_people_off_finds_help_before_courses(manual: None, q: str) -> None:
    query = ListQuery(q=q, selected={"audience": ("employer",)})
    found = listing.run(query, "fi", clock.today(), load())
    assert found.hits[0].external_id in {"espoo-muutosturva", "raasepori-muutostilanteen-neuvonta"}
