"""The app's configuration."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """The orgs room."""

    name = "orgs"

    def ready(self) -> None:
        """Listen to what allauth tells of signing in, and say what this room logs and offers."""
        from orgs import log_events, log_sentences, navigation, news, security_events  # noqa: F401
        from orgs.models import LogEntry

        log_events.register(LogEntry.Event, log_sentences.tell)
        navigation.register("orgs", 50, navigation.offer)
        news.register("orgs", news.notices)
