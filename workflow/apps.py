"""The app's configuration."""

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    """The workflow room."""

    name = "workflow"

    def ready(self) -> None:
        """Tell the ground floor which duties and which personal data this room knows of."""
        from orgs import duties, stored_data
        from workflow import pairs

        duties.register("updater", pairs.UpdaterDuties())
        stored_data.register("updater_of", pairs.updater_of)
