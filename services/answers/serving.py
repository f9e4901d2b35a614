"""The layer as a process has it: with its store, its follower, and settings."""

import datetime
import math

from django.conf import settings

from orgs import clock
from services import vocabularies
from services.answers.answer import Answer
from services.answers.following import Follower
from services.answers.keys import Key
from services.answers.layer import Application, PublicAnswers
from services.answers.store import Store

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
    store: Store[Key, Answer] = Store(settings.PUBLIC_CACHE_MB * 1024 * 1024)
    _follower = follower = Follower(drop=store.drop, clear=store.clear, forget=vocabularies.forget)
    follower.start()
    return PublicAnswers(
        application,
        store,
        personal=frozenset({settings.SESSION_COOKIE_NAME, "messages"}),
        is_followed=lambda: follower.is_following,
        day_ends=day_ends,
    )


def day_ends() -> float:
    """Return the moment at which today ends in Helsinki, as Unix time."""
    return clock.beginning_of(clock.today() + datetime.timedelta(days=1)).timestamp()
