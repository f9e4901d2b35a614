"""What is new for a person on the start page: each room registers what it knows in its `apps.py`."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse

from orgs.models import Notice, User

_SHOWN = 8


@dataclass(frozen=True)
class News:
    """Something that happened and where to read it; `lang` is the language of the text, if not the page's."""

    at: datetime.datetime
    text: str
    url: str
    lang: str = ""


Tell = Callable[[User], Iterable[News]]
_tellers: dict[str, Tell] = {}


def register(room: str, tell: Tell) -> None:
    """Add what `tell` returns for a person."""
    _tellers[room] = tell


def news_for(user: User) -> list[News]:
    """Return the newest that every room has for a person, the latest first."""
    everything = [one for tell in _tellers.values() for one in tell(user)]
    return sorted(everything, key=lambda one: one.at, reverse=True)[:_SHOWN]


def notices(user: User) -> Iterable[News]:
    """Return the latest messages to a person."""
    latest = Notice.objects.filter(recipient=user).exclude(state=Notice.State.DROPPED)[:_SHOWN]
    return [News(one.created_at, one.subject, reverse("orgs:notices"), one.language) for one in latest]
