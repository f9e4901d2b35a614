"""Is the system well? Asked by the demo, by containers and by those who watch over it."""

import dataclasses
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from health_check.base import HealthCheck
from health_check.checks import Cache, Database
from health_check.contrib.redis import Redis
from health_check.exceptions import ServiceUnavailable
from health_check.views import HealthCheckView
from redis.asyncio import Redis as Client

from orgs import clock, jobs
from services import attachments
from services.answers.serving import seconds_behind

# A process asks every second; what it keeps may be behind by this much before it says so.
_SECONDS_BEHIND = 5
# Bytes free where files are kept: five of the largest that may be attached.
_ROOM = 5 * attachments.MAX_SIZE
_STARTED = clock.now()


@dataclasses.dataclass
class Answers(HealthCheck):
    """The public answers that this process keeps are right: it hears of what changes."""

    async def run(self) -> None:
        """Raise where the database has not told for some seconds what changed."""
        behind = seconds_behind()
        if behind is not None and behind > _SECONDS_BEHIND:
            raise ServiceUnavailable("Public answers are served without hearing of changes.")


@dataclasses.dataclass
class Jobs(HealthCheck):
    """What runs by the clock was done lately; a server that has just started gives it time."""

    def run(self) -> None:
        """Raise with the names of the jobs that are late. Runs in a thread with a connection of its own."""
        try:
            standing = jobs.standing(clock.now(), waited_since=_STARTED)
        except DatabaseError as error:
            raise ServiceUnavailable("The database does not answer.") from error
        finally:
            connection.close()
        if late := [one.kind.name for one in standing if one.late]:
            raise ServiceUnavailable(f"Late: {', '.join(late)}.")


@dataclasses.dataclass
class Room(HealthCheck):
    """There is room for the files that people attach."""

    def run(self) -> None:
        """Raise before the disk is full."""
        folder = Path(settings.MEDIA_ROOT)
        folder.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(folder).free < _ROOM:
            raise ServiceUnavailable("The disk for attachments is almost full.")


def _valkey() -> Any:
    return Client.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2)


# Without Valkey people still work, through the database; this says that it is away.
health = HealthCheckView.as_view(
    checks=[Database, Cache, Answers, Jobs, Room, (Redis, {"client_factory": _valkey})]
)
