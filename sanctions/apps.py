"""The app's configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SanctionsConfig(AppConfig):
    """The sanctions room."""

    name = "sanctions"

    def ready(self) -> None:
        """Tell the rooms below which notices and personal data there are here, and what falls due."""
        from orgs import accounts, brakes, navigation, news, stored_data
        from orgs import terms_effects as effects
        from sanctions import (
            kept,
            lost_grounds,
            matters,
            notice_kinds,
            on_record,
            sweep,
            terms_effects,
            transfer_effects,
        )
        from sanctions.actions import answering
        from sanctions.office import office
        from services import files
        from services import transfer_effects as of_transfers
        from workflow import season_effects
        from workflow import sweep as everything
        from workflow.desk import matters as at_the_desk

        files.register("evidence", answering.named)
        accounts.anonymising.connect(on_record.on_anonymising, dispatch_uid="names-of-cases")
        stored_data.register("cases_and_ledger", kept.of)
        notice_kinds.register()
        season_effects.register("cases", lost_grounds.cases_of)
        effects.register("cases", terms_effects.of)
        of_transfers.register("cases", transfer_effects.of)
        at_the_desk.register("cases", matters.of)
        everything.register("cases", sweep.sweep)
        for name, label in (
            ("open run", _("Cases are opened for late publications")),
            ("open handover", _("Cases are opened for handovers that were not done")),
            ("open half-year", _("Cases are opened for absences")),
            ("propose", _("Stages of cases are proposed")),
        ):
            brakes.register(name, label)
        navigation.register("sanctions", 1, office.offer)
        navigation.register_home(5, office.decides, office.home)
        news.register("sanctions", office.news)
