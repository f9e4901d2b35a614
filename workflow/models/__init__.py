"""Who keeps a service up to date."""

from workflow.models.updater import Updater

__all__ = ["Updater"]
