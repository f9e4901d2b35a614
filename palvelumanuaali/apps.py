"""The project package as an app: it holds the commands that know all rooms."""

from django.apps import AppConfig


class PalvelumanuaaliConfig(AppConfig):
    """The top room."""

    name = "palvelumanuaali"
    verbose_name = "Palvelumanuaali"
