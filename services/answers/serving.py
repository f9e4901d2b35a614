"""The layer as a process has it: with its store, its follower, and settings."""

import datetime
import math
from typing import Any

from django.conf import settings
from django.db import connection

from orgs import clock
from services import vocabularies
from services.answers import figures
from services.answers.answer import Answer
from services.answers.following import Follower
from services.answers.keys import Key
from services.answers.layer import Application, PublicAnswers
from services.answers.release import release
from services.answers.rows import Rows
from services.answers.store import Store

_DJANGOS_OWN = frozenset({"context", "cursor_factory", "prepare_threshold"})
_follower: Follower | None = None


def seconds_behind() -> float | None:
    """Return since when this process has heard nothing of changes; None where it keeps no answers."""
    if _follower is None:
        return None
    behind = _follower.seconds_behind
    return math.inf if behind is None else behind


def layered(application: Application) -> Application:
    """Return the application with public answers kept before it, or as it is where settings want none."""
    global _follower
    if not settings.PUBLIC_CACHE_MB:
        return application
    store: Store[Key, Answer] = Store(int(settings.PUBLIC_CACHE_MB * 1024 * 1024))
    _follower = follower = Follower(drop=store.drop, clear=store.clear, forget=vocabularies.forget)
    layer = PublicAnswers(
        application,
        store,
        personal=personal_cookies(),
        heard=lambda: follower.heard,
        day_ends=day_ends,
        rows=Rows(release(), connect=where, today=clock.today),
    )
    follower.beside = figures.writer(layer)
    follower.start()
    return layer


def personal_cookies() -> frozenset[str]:
    """Return the names of the cookies that make an answer someone's own: the session's, and the messages'."""
    return frozenset({settings.SESSION_COOKIE_NAME, "messages"})


def where() -> dict[str, Any]:
    """Return where the database is, without what Django makes of a connection."""
    parts = connection.get_connection_params()
    return {name: value for name, value in parts.items() if name not in _DJANGOS_OWN}


def day_ends() -> float:
    """Return the moment at which today ends in Helsinki, as Unix time."""
    return clock.beginning_of(clock.today() + datetime.timedelta(days=1)).timestamp()
