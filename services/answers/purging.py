"""Having all public answers made anew, by hand: for what no change in the content tells of."""

from django.db import transaction

from orgs import user_log
from orgs.models import User
from services.log_events import Event
from services.models import PublishedChange


def purge(*, by: User | None) -> None:
    """Have every web process drop what it keeps; the log tells who wanted it, where it was a person."""
    with transaction.atomic():
        PublishedChange.note(PublishedChange.ALL)
        if by:
            user_log.record(Event.ANSWERS_PURGED, actor=by)
