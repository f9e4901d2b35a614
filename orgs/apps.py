"""The app's configuration."""

import datetime

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    """The orgs room."""

    name = "orgs"

    def ready(self) -> None:
        """Listen to what allauth tells of signing in, and say what this room logs and offers."""
        from orgs import (  # noqa: F401
            agreement_notices,
            brakes,
            jobs,
            log_events,
            log_sentences,
            navigation,
            news,
            security_events,
        )
        from orgs.models import LogEntry, User

        log_events.register(LogEntry.Event, log_sentences.tell)
        for name, label, every in (
            ("outbox", _("Notices are sent"), datetime.timedelta(minutes=1)),
            ("log", _("The old log is deleted"), datetime.timedelta(days=1)),
        ):
            jobs.register(name, label, every)
        for name, label in (
            ("memberships", _("People without a role are blocked")),
            ("accounts", _("Unused accounts are told, blocked and anonymised")),
        ):
            brakes.register(name, label, User.objects.filter(is_active=True).count)
        post_migrate.connect(jobs.expect_all, sender=self)
        agreement_notices.register()
        navigation.register("orgs", 50, navigation.offer)
        news.register("orgs", news.notices)
