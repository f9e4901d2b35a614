"""Updaters: the two halves of the pair that keeps a service up to date (docs/rules.md section 4)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from pgtrigger import After, Delete, Insert, Trigger, Update
from simple_history.models import HistoricalRecords

from orgs.models import Dated, Organisation
from services.models import Service


class Updater(Dated):
    """A person is one half of a service's pair, for an organisation, from a day until a day."""

    class Half(models.TextChoices):
        """Whose half it is."""

        PROVIDER = "provider", _("Provider's updater")
        PARTNER = "partner", _("Partner's updater")

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="updaters")
    half = models.CharField(_("half"), max_length=8, choices=Half.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="updater_of")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    history = HistoricalRecords()

    class Meta:
        ordering = ["service", "half", "starts_on"]
        verbose_name = _("updater")
        verbose_name_plural = _("updaters")
        constraints = [
            models.UniqueConstraint(
                fields=["service", "half"],
                condition=models.Q(ends_on=None),
                name="updater_one_for_each_half",
                violation_error_message=_("This half of the pair has an updater already."),
            ),
            *Dated.Meta.constraints,
        ]
        triggers = [
            Trigger(
                name="halves_are_counted",
                when=After,
                operation=Insert | Update | Delete,
                # Two who name halves of a service at once: the second counts when the first is done.
                func=(
                    "PERFORM id FROM services_service WHERE id IN (OLD.service_id, NEW.service_id)"
                    " ORDER BY id FOR NO KEY UPDATE;"
                    " UPDATE services_service SET named_halves = (SELECT count(*) FROM workflow_updater"
                    " WHERE service_id = services_service.id AND ends_on IS NULL)"
                    " WHERE id IN (OLD.service_id, NEW.service_id); RETURN NULL;"
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.service}: {self.user} ({self.get_half_display()})"
