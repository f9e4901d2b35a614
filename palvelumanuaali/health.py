"""Is the system well? Asked by the demo, by containers and by those who watch over it."""

from typing import Any

from django.conf import settings
from health_check.checks import Cache, Database
from health_check.contrib.redis import Redis
from health_check.views import HealthCheckView
from redis.asyncio import Redis as Client


def _valkey() -> Any:
    return Client.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2)


# Without Valkey people still work, through the database; this says that it is away.
health = HealthCheckView.as_view(checks=[Database, Cache, (Redis, {"client_factory": _valkey})])
