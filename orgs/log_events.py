"""The kinds of events in the user log: each room registers its own in its `apps.py`."""

from django.db import models
from django.utils.functional import Promise

_labels: dict[str, str | Promise] = {}


def register(events: type[models.TextChoices]) -> None:
    """Add a room's events; no two rooms may use one word for two things."""
    for value, label in events.choices:
        if _labels.setdefault(value, label) != label:
            raise ValueError(f"another room records {value!r} already")


def label(event: str) -> str:
    """Return an event in words; the event itself where no room knows it any more."""
    return str(_labels.get(event, event))


def choices() -> list[tuple[str, str]]:
    """Return every event with its words, for a list to choose from."""
    return [(value, str(words)) for value, words in _labels.items()]
