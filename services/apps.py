"""The app's configuration."""

import datetime

from django.apps import AppConfig
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.utils.translation import gettext_lazy as _


class ServicesConfig(AppConfig):
    """The services room."""

    name = "services"

    def ready(self) -> None:
        """Forget the words when any of them changes, and tell the ground floor what this room knows."""
        from orgs import access, duties, jobs, log_events, navigation, news, stored_data
        from orgs.models import AgreedTerms, Municipality, Organisation
        from services import attachments, files, notice_kinds
        from services import navigation as own
        from services.access import working_by_delegation
        from services.duties import ServiceDuties, kept_of
        from services.log_events import Event, tell
        from services.models import Place, SynonymGroup, Term
        from services.vocabularies import changed

        # The page on data protection tells terms of the agreement.
        for model in (Term, Municipality, Organisation, Place, SynonymGroup, AgreedTerms):
            for signal in (post_save, post_delete):
                signal.connect(changed, sender=model, dispatch_uid=f"words-changed-{model.__name__}")
        for between in (
            Place.accessibility.through,
            Organisation.municipalities.through,
            Organisation.partners.through,
        ):
            m2m_changed.connect(changed, sender=between, dispatch_uid=f"words-changed-{between.__name__}")
        access.register_single_rights(working_by_delegation)
        notice_kinds.register()
        files.register("attachments", attachments.named)
        log_events.register(Event, tell)
        navigation.register("services", own.FIRST, own.searching)
        navigation.register("responsible", own.LAST, own.responsible)
        navigation.register("vocabularies", own.LAST, own.words)
        navigation.register("tuning", own.LAST, own.tuning)
        navigation.register("answers", own.LAST, own.answers)
        navigation.register_home(20, own.is_expert, own.home)
        news.register("services", own.news)
        for name, label in (
            ("responsibility", _("Services follow their responsible partners")),
            ("rare_searches", _("Rare searches are forgotten")),
            ("clearing", _("What is not asked for any more is cleared away")),
            ("files", _("The files of attachments are looked at")),
            ("read_model", _("What visitors read is made right")),
        ):
            jobs.register(name, label, datetime.timedelta(days=1))
        duties.register("service", ServiceDuties())
        stored_data.register("services", kept_of)
