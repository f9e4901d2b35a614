"""The app's configuration."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """The orgs room."""

    name = "orgs"
