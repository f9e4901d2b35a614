"""The project package as an app: it holds the commands that know all rooms."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PalvelumanuaaliConfig(AppConfig):
    """The top room."""

    name = "palvelumanuaali"
    verbose_name = "Palvelumanuaali"


class VocabularyAdminConfig(AdminConfig):
    """Makes our site the one that models register with."""

    default_site = "palvelumanuaali.admin_site.VocabularySite"
