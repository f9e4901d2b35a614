"""The app's configuration."""

from django.apps import AppConfig


class SanctionsConfig(AppConfig):
    """The sanctions room."""

    name = "sanctions"
