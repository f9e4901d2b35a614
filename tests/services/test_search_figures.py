"""Search figures: by week, with no person in them."""

import datetime

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from orgs import clock
from services import tasks
from services.models import SearchFigure
from services.search import figures
from services.search.figures import Sums
from tests import factories
from tests.clients import Client
from tests.services.site_pages import address

pytestmark = pytest.mark.django_db
MONDAY = datetime.date(2026, 11, 23)


def count(q: str, *, found: bool = True, click: bool = False, weeks_ago: int = 0, times: int = 1) -> None:
    for _time in range(times):
        figures.count(q, "fi", MONDAY - datetime.timedelta(weeks=weeks_ago), found=found, click=click)


def told(week: datetime.date = MONDAY) -> dict[str, Sums]:
    return {text: sums for text, _language, sums in figures.texts(week)}


def test_searches_are_summed_by_week_with_those_that_found_or_opened_nothing() -> None:
    count("kielikurssi", times=4)
    count("Kielikurssi ", click=True)
    count("raketti", found=False, times=3)
    count("kurssi", weeks_ago=1)
    assert figures.by_week(4, MONDAY) == [
        (MONDAY, Sums(searches=7, without_result=3, clicked=1)),
        (MONDAY - datetime.timedelta(weeks=1), Sums(1, 0, 0)),
    ]
    assert told() == {"kielikurssi": Sums(4, 0, 1), "raketti": Sums(3, 3, 0)}
    sums = figures.by_week(1, MONDAY)[0][1]
    assert (sums.without_result_share, sums.without_click, sums.without_click_share) == (43, 3, 43)


@pytest.mark.parametrize("q", ["aino@espoo.example", "040 123 4567", "010190-123A", "131052308T", "a" * 81])
def test_what_may_tell_of_a_person_is_counted_without_its_text(q: str) -> None:
    count(q, times=5)
    assert SearchFigure.objects.get().text == ""
    assert told() == {}


@given(st.text(max_size=200))
def test_any_text_is_counted_under_a_short_one(q: str) -> None:
    assert len(figures.text_of(q)) <= 80


def test_rare_texts_are_not_told_and_are_forgotten_when_their_week_is_over() -> None:
    count("harvinainen", weeks_ago=1, times=2, found=False)
    count("harva", weeks_ago=1)
    count("yleinen", weeks_ago=1, times=3)
    count("tämän viikon harva")
    assert told() == {"yleinen": Sums(3, 0, 0)}
    tasks.fold_rare_searches()
    tasks.fold_rare_searches()
    assert set(SearchFigure.objects.values_list("text", "searches")) == {
        ("", 3), ("yleinen", 3), ("tämän viikon harva", 1),
    }  # fmt: skip
    assert figures.by_week(2, MONDAY)[1][1] == Sums(6, 2, 0)


def test_figures_older_than_two_years_are_forgotten() -> None:
    count("vanha", weeks_ago=107, times=3)
    count("uusi", weeks_ago=105, times=3)
    tasks.fold_rare_searches()
    assert list(SearchFigure.objects.values_list("text", flat=True)) == ["uusi"]


def test_texts_beyond_a_bound_are_counted_without_their_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "_MOST_TEXTS", 2)
    for q in ("yksi", "kaksi", "kolme", "kaksi"):
        count(q)
    assert dict(SearchFigure.objects.values_list("text", "searches")) == {"yksi": 1, "kaksi": 2, "": 1}


def test_a_browser_tells_and_only_our_own_pages_are_heard(client: Client) -> None:
    page = address("searched", language="sv")
    assert client.post(page, {"q": "kurs", "found": "1"}).status_code == 204
    client.post(page, {"q": "kurs", "found": "1", "click": "1"})
    client.post(page, {"q": "kurs"}, headers={"Sec-Fetch-Site": "cross-site"})
    for odd in ({}, {"q": ""}, {"q": "\x00"}, {"q": "a" * 201}):
        assert client.post(page, odd).status_code == 204
    row = SearchFigure.objects.get()
    assert (row.language, row.text, row.searches, row.without_result, row.clicked) == ("sv", "kurs", 1, 0, 1)
    assert {field.name for field in SearchFigure._meta.fields} == {
        *("id", "week", "language", "text", "searches", "without_result", "clicked")
    }


def test_an_address_that_tells_too_much_is_not_heard(client: Client, settings: object) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"searched": "3/m/ip"}  # type: ignore[attr-defined]
    for _time in range(5):
        client.post(address("searched"), {"q": "kurssi", "found": "1"})
    assert SearchFigure.objects.get().searches == 3


def test_the_communications_officer_reads_the_figures_and_takes_them_along(client: Client) -> None:
    client.force_login(factories.member("project", "communications_officer"))
    page = reverse("tuning:figures")
    assert "Hakuja ei ole vielä laskettu." in client.get(page).content.decode()
    count("kielikurssi", times=3)
    count("raketti", times=3, found=False)
    count("harva")
    text = client.get(page).content.decode()
    assert "raketti" in text.split("Haettu ilman tulosta")[1]
    assert "harva" not in text
    lines = client.get(page + "?format=csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    for odd in ("?week=x", "?week=0001-01-01", "?week=9999-12-31"):
        assert client.get(page + odd).status_code == 200
    assert clock.today() == MONDAY
