"""The kinds of events in the user log: each room registers its own in its `apps.py`, and tells of them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import models
from django.utils.functional import Promise

# Returns a sentence for each of a room's entries (`LogEntry`), by its number, in the language of the page.
Tell = Callable[[list[Any]], Mapping[int, str]]

_labels: dict[str, str | Promise] = {}
_tellers: dict[str, Tell] = {}


def register(events: type[models.TextChoices], tell: Tell) -> None:
    """Add a room's events; no two rooms may use one word for two things."""
    for value, label in events.choices:
        if _labels.setdefault(value, label) != label:
            raise ValueError(f"another room records {value!r} already")
        _tellers[value] = tell


def label(event: str) -> str:
    """Return an event in words; the event itself where no room knows it any more."""
    return str(_labels.get(event, event))


def choices() -> list[tuple[str, str]]:
    """Return every event with its words, for a list to choose from."""
    return sorted(((value, str(words)) for value, words in _labels.items()), key=lambda one: one[1])


def sentences(entries: Iterable[Any]) -> dict[int, str]:
    """Return what each entry says, as a sentence; the bare event where no room knows it any more."""
    told: dict[int, str] = {}
    by_teller: dict[Tell, list[Any]] = {}
    for entry in entries:
        told[entry.pk] = entry.event_label
        if teller := _tellers.get(entry.event):
            by_teller.setdefault(teller, []).append(entry)
    for teller, own in by_teller.items():
        told |= teller(own)
    return told
