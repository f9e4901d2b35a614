"""The index that a process holds follows the read model: at once, in any order of commits, in threads."""

import dataclasses
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from orgs import clock
from services import noted_changes, publishing, tasks
from services.models import PublishedChange, PublishedService
from services.search import held, listing, postings
from services.search.query import ListQuery
from services.vocabularies import words
from tests import factories


def names(language: str = "fi") -> set[str]:
    """Return the services that a search may find."""
    index = held.index(language)
    rows = PublishedService.objects.filter(language=language, service__in=list(index.number_of))
    assert rows.count() == index.total
    return set(rows.values_list("slug", flat=True))


@pytest.fixture
def services(vocabulary: object) -> None:
    for slug in ("yksi", "kaksi"):
        factories.published(slug)


@pytest.mark.usefixtures("services")
def test_what_is_published_changed_and_taken_off_shows_at_the_next_search() -> None:
    assert names() == {"yksi", "kaksi"}
    factories.published("kolme")
    assert names() == {"yksi", "kaksi", "kolme"}
    PublishedService.objects.filter(slug="yksi").delete()
    assert names() == {"kaksi", "kolme"}
    PublishedService.objects.filter(slug="kaksi").update(boost=7)
    index = held.index("fi")
    assert sorted(index.values.boost[list(index.number_of.values())].tolist()) == [0, 7]


@pytest.mark.usefixtures("services")
def test_a_search_with_nothing_new_asks_one_question(django_assert_num_queries: object) -> None:
    held.index("fi")
    held.index("fi")
    with django_assert_num_queries(1):  # type: ignore[operator]
        held.index("fi")


@pytest.mark.usefixtures("services")
def test_each_language_is_held_by_itself() -> None:
    assert held.index("fi") is not held.index("sv")
    PublishedService.objects.filter(slug="yksi", language="sv").delete()
    assert names("sv") == {"kaksi"}
    assert names("fi") == {"yksi", "kaksi"}


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_began_first_and_ends_last_is_not_missed(vocabulary: object) -> None:
    """The later transaction is seen first; the earlier one must not be taken for seen."""
    factories.published("yksi")
    factories.published("kaksi")
    begun, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        try:
            with transaction.atomic():
                PublishedService.objects.filter(slug="yksi").update(boost=9)
                begun.set()
                assert go_on.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=slowly)
    thread.start()
    assert begun.wait(20)
    PublishedService.objects.filter(slug="kaksi").update(boost=3)
    first = held.index("fi")
    assert sorted(first.values.boost[list(first.number_of.values())].tolist()) == [0, 3]
    go_on.set()
    thread.join()
    second = held.index("fi")
    assert sorted(second.values.boost[list(second.number_of.values())].tolist()) == [3, 9]


@pytest.mark.django_db(transaction=True)
def test_a_rebuild_while_people_search_disturbs_nobody(vocabulary: object) -> None:
    for number in range(6):
        factories.published(f"palvelu-{number}")
    held.forget()

    def search(_nth: int) -> int:
        try:
            return held.index("fi").total
        finally:
            connection.close()

    def rebuild() -> None:
        try:
            for _time in range(5):
                PublishedService.objects.update(content_hash="")
                publishing.rebuild()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        done = pool.submit(rebuild)
        found = list(pool.map(search, range(60)))
        done.result()
    assert set(found) == {6}
    assert names() == {f"palvelu-{number}" for number in range(6)}


@pytest.mark.django_db(transaction=True)
def test_while_an_index_is_made_anew_searches_go_on_following(
    vocabulary: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    slugs = {f"palvelu-{number}" for number in range(6)}
    for slug in slugs:
        factories.published(slug)
    assert names() == slugs
    monkeypatch.setattr(held, "MOST_LATER", 1)
    read_all, go_on = threading.Event(), threading.Event()

    def slowly(records: Iterable[postings.Record]) -> postings.Index:
        index = postings.index_of(records)
        read_all.set()
        assert go_on.wait(20)
        return index

    monkeypatch.setattr(held, "index_of", slowly)
    for slug in ("kaksi", "kolme"):
        factories.published(slug)
    assert names() == {*slugs, "kaksi", "kolme"}
    assert read_all.wait(20)
    factories.published("nelja")
    PublishedService.objects.filter(slug="kaksi").delete()
    assert names() == {*slugs, "kolme", "nelja"}
    followed = held.index("fi")
    go_on.set()
    for thread in threading.enumerate():
        if thread.name == "search-index-service-fi":
            thread.join(20)
    assert names() == {*slugs, "kolme", "nelja"}
    # The one that was made has what was read then; what came since was added to it.
    assert len(followed.later_names) == 3
    assert len(held.index("fi").later_names) == 1


@pytest.mark.django_db(transaction=True)
def test_when_most_of_it_changed_an_index_is_made_anew_at_once(vocabulary: object) -> None:
    factories.published("yksi")
    assert names() == {"yksi"}
    for slug in ("kaksi", "kolme", "nelja"):
        factories.published(slug)
    assert names() == {"yksi", "kaksi", "kolme", "nelja"}
    assert not held.index("fi").later_names


@pytest.mark.usefixtures("services")
def test_changes_that_all_have_seen_are_cleared_away_and_who_slept_reads_everything() -> None:
    assert names() == {"yksi", "kaksi"}
    old = clock.now() - noted_changes.KEPT * 2
    PublishedService.objects.filter(slug="yksi").delete()
    PublishedChange.objects.update(at=old)
    tasks.clear_away()
    assert not PublishedChange.objects.exists()
    old_index = held._held[held.SERVICES, "fi"]
    held._held[held.SERVICES, "fi"] = dataclasses.replace(old_index, seconds=0.0)
    assert names() == {"kaksi"}


@pytest.mark.usefixtures("services")
def test_a_service_that_changes_over_and_over_is_found_as_before() -> None:
    """Its earlier words are there until the index is made anew; they must not make its words common."""
    for number in range(20):
        PublishedService.objects.filter(slug="yksi").update(boost=number % 3)
        found = listing.run(ListQuery(q="kielikahvila"), "fi", clock.today(), words())
        assert {hit.slug for hit in found.hits} == {"yksi", "kaksi"}, number
