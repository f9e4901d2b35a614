"""The app's configuration."""

import datetime

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowConfig(AppConfig):
    """The workflow room."""

    name = "workflow"

    def ready(self) -> None:
        """Tell the ground floor which duties and which personal data this room knows of."""
        from orgs import brakes, duties, jobs, navigation, stored_data
        from orgs import terms_effects as effects
        from services import access, page_links, responsibility, transfer_effects, transfers
        from services.models import Service
        from services.publishing import published
        from workflow import (
            kept,
            moved_responsibility,
            notice_kinds,
            pairs,
            publications,
            telling,
            terms_effects,
        )
        from workflow.desk import desk, own_instructions

        duties.register("updater", pairs.UpdaterDuties())
        stored_data.register("updater_of", kept.updater_of)
        stored_data.register("work_on_services", kept.work_of)
        access.add_exception(pairs.services_of)
        notice_kinds.register()
        effects.register("pipeline", terms_effects.of)
        transfer_effects.register("pipeline", moved_responsibility.effects)
        for signal, receiver in (
            (responsibility.followed, moved_responsibility.on_followed),
            (transfers.made, moved_responsibility.on_made),
            (transfers.undone, moved_responsibility.on_undone),
        ):
            signal.connect(receiver, dispatch_uid=f"workflow-{receiver.__name__}")
        page_links.register(desk.page_links)
        page_links.register(own_instructions.page_links)
        navigation.register("workflow", 0, desk.offer)
        navigation.register_home(10, desk.has_desk, desk.home)
        jobs.register("sweep", _("Everything that falls due is done"), datetime.timedelta(hours=1))
        for name, label in (
            ("freshness", _("Services are reminded of and become outdated")),
            ("archive", _("Services that nobody touched are archived")),
        ):
            brakes.register(name, label, Service.objects.exclude(status=Service.Status.ARCHIVED).count)
        brakes.register("due soon", _("Updaters are told that a publication is due soon"))
        brakes.register("overdue", _("Publications become overdue"))
        jobs.stood_still.connect(telling.on_stood_still, dispatch_uid="workflow-standstill")
        published.connect(publications.on_published, dispatch_uid="workflow-event")
