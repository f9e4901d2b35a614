"""What rooms tell the ground floor about themselves, without its being edited."""

import pytest
from django.db import models

from orgs import log_events, navigation, user_log
from orgs.models import LogEntry, User
from orgs.navigation import Link
from tests import factories


class Event(models.TextChoices):
    """An event of a room that is to come."""

    DREAMT = "dreamt", "Nähty unta"


class Twice(models.TextChoices):
    """A word that this floor has already."""

    INVITED = "invited", "Kutsuttu muualle"


def test_a_room_above_writes_events_of_its_own(db: None) -> None:
    log_events.register(Event, lambda entries: {one.pk: "Onni näki unta." for one in entries})
    user_log.record(Event.DREAMT, actor=factories.UserFactory())
    entry = LogEntry.objects.get()
    assert (entry.event, entry.event_label) == ("dreamt", "Nähty unta")
    assert log_events.sentences([entry]) == {entry.pk: "Onni näki unta."}
    assert ("dreamt", "Nähty unta") in log_events.choices()


def test_no_two_rooms_use_one_word_for_two_things() -> None:
    with pytest.raises(ValueError, match="invited"):
        log_events.register(Twice, lambda _entries: {})


def test_an_event_that_no_room_knows_any_more_is_shown_as_it_was_written(db: None) -> None:
    assert LogEntry(event="long_gone").event_label == "long_gone"


def test_the_band_holds_what_each_room_offers_in_order(db: None) -> None:
    def offer(_user: User) -> list[Link]:
        return [Link("Kuitit", "/fi/kuitit/")]

    before = dict(navigation._offers)
    navigation.register("receipts", 10, offer)
    try:
        names = [link.name for link in navigation.links_for(factories.member("project", "ict_specialist"))]
    finally:
        navigation._offers.clear()
        navigation._offers.update(before)
    assert names[:4] == ["Työpöytä", "Hae palveluja", "Hae työohjeista", "Kuitit"]
    assert names[-4:] == ["Sanastot", "Mitä haetaan", "Haku ja synonyymit", "Julkiset sivut"]
