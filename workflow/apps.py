"""The app's configuration."""

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    """The workflow room."""

    name = "workflow"
