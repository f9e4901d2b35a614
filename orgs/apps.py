"""The app's configuration."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """The orgs room."""

    name = "orgs"

    def ready(self) -> None:
        """Listen to what allauth tells of signing in."""
        from orgs import security_events  # noqa: F401
