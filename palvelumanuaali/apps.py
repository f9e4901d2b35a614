"""The project package as an app: it holds the commands that know all rooms."""

from typing import Any

from django.apps import AppConfig, apps
from django.core.management import call_command
from django.db.models.signals import post_migrate


class PalvelumanuaaliConfig(AppConfig):
    """The top room."""

    name = "palvelumanuaali"
    verbose_name = "Palvelumanuaali"

    def ready(self) -> None:
        """Have the cache's table made with the others: without Valkey it is needed at once."""
        post_migrate.connect(_make_cache_table, sender=apps.get_app_config("orgs"))


def _make_cache_table(using: str, **_more: Any) -> None:
    call_command("createcachetable", database=using, verbosity=0)
