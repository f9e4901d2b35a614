"""Hearing of changes: what is noted by whom, and what is dropped for it."""

import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from orgs.models import Organisation
from services.answers.following import Follower
from services.models import Place, PublishedChange, PublishedService, SynonymGroup, Term
from tests import factories

WORDS = ("vocabulary", "organisation")


class Heard:
    """A follower's reader, who writes down what it is told."""

    def __init__(self) -> None:
        self.dropped: list[set[str]] = []
        self.cleared = self.forgotten = 0
        self.follower = Follower(drop=self.drop, clear=self.clear, forget=self.forget)

    def drop(self, tags: Iterable[str]) -> None:
        self.dropped.append(set(tags))

    def clear(self) -> None:
        self.cleared += 1

    def forget(self) -> None:
        self.forgotten += 1

    def next(self) -> set[str]:
        """Return the tags that were dropped since the last time."""
        self.dropped.clear()
        self.follower.catch_up()
        return set().union(*self.dropped)


@pytest.fixture
def heard(vocabulary: object) -> Heard:
    found = Heard()
    found.follower.catch_up()
    return found


def test_at_first_everything_is_dropped_since_nothing_is_known_of_it(heard: Heard) -> None:
    assert (heard.cleared, heard.dropped) == (1, [])
    assert heard.follower.heard


def test_publishing_and_taking_off_drop_the_services_pages_and_all_lists(heard: Heard) -> None:
    version = factories.published()
    own = {f"service-{version.service_id}", "list"}
    assert heard.next() == own
    PublishedService.objects.filter(language="fi").update(boost=3)
    assert heard.next() == own
    PublishedService.objects.all().delete()
    assert heard.next() == own


@pytest.mark.parametrize("model", [Term, Place, SynonymGroup, Organisation])
def test_changed_words_are_forgotten_before_what_shows_them_is_dropped(heard: Heard, model: Any) -> None:
    Place.objects.create(external_id="talo", name={"fi": "Talo"}, postal_code="02600", city={"fi": "Espoo"})
    SynonymGroup.objects.create(language="fi", key="a", expressions=["a", "b"])
    heard.next()
    before = heard.forgotten
    one = model.objects.first()
    assert one is not None
    one.save()
    tag = "organisation" if model is Organisation else "vocabulary"
    assert heard.next() == {tag}
    assert heard.forgotten == before + 1


def test_a_changed_area_and_changed_partners_are_changes_of_organisations(heard: Heard) -> None:
    espoo = Organisation.objects.get(external_id="espoo")
    kielisilta = Organisation.objects.get(external_id="kielisilta")
    heard.next()
    espoo.municipalities.clear()
    assert heard.next() == {"organisation"}
    kielisilta.partners.set([])
    assert heard.next() == {"organisation"}


def test_what_is_undone_is_not_heard_of(heard: Heard) -> None:
    with transaction.atomic():
        factories.published()
        transaction.set_rollback(True)
    assert heard.next() == set()


def test_purging_by_hand_drops_everything(heard: Heard) -> None:
    call_command("purge_public_answers", verbosity=0)
    assert heard.next() == {"vocabulary", "organisation", "list"}


def test_after_a_day_without_hearing_everything_is_dropped(heard: Heard) -> None:
    heard.follower._seconds -= 2 * 24 * 3600
    heard.next()
    assert heard.cleared == 2


def test_in_a_database_that_is_younger_than_what_was_heard_everything_is_dropped(heard: Heard) -> None:
    heard.follower._horizon = 2**60
    heard.next()
    assert heard.cleared == 2
    factories.published()
    assert "list" in heard.next()


@pytest.mark.parametrize("kind", ["instruction", "unknown"])
def test_what_visitors_do_not_see_drops_nothing(heard: Heard, kind: str) -> None:
    PublishedChange.note(kind)
    assert heard.next() == set()


@pytest.fixture
def listening(transactional_db: None) -> Iterator[Heard]:
    factories.reference_data()
    found = Heard()
    found.follower.start()
    wait_for(lambda: found.follower.heard)
    yield found
    found.follower.stop()


def wait_for(happened: object, seconds: float = 10) -> float:
    begun = time.monotonic()
    while not happened():  # type: ignore[operator]
        assert time.monotonic() - begun < seconds
        time.sleep(0.005)
    return time.monotonic() - begun


def test_whoever_listens_hears_at_once_when_a_transaction_commits(listening: Heard) -> None:
    with transaction.atomic():
        factories.published()
        time.sleep(1.3)
        assert listening.dropped == []
    assert wait_for(lambda: any("list" in tags for tags in listening.dropped)) < 0.5


def test_whoever_lost_the_connection_catches_up(listening: Heard) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' OR"
            " (pid <> pg_backend_pid() AND datname = current_database())"
        )
    factories.published()
    wait_for(lambda: any("list" in tags for tags in listening.dropped))
    assert listening.cleared == 1, "nothing was lost, so nothing more had to be dropped"
    assert threading.active_count() > 1


def test_notes_hold_the_transaction_that_made_them(vocabulary: object) -> None:
    PublishedChange.note(PublishedChange.VOCABULARY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (now,) = cursor.fetchone()
    assert PublishedChange.objects.latest("pk").xact == now
