"""Seats: who sits for a partner in the working group and in the steering group."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from orgs.models.dated import Dated
from orgs.models.organisation import Organisation
from orgs.roles import Body, SeatKind


class Seat(Dated):
    """A member's or a deputy's seat of a partner, from a day until a day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="seats")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="seats")
    body = models.CharField(_("body"), max_length=16, choices=Body.choices)
    kind = models.CharField(_("seat"), max_length=8, choices=SeatKind.choices)
    # Whose seat this was before; the one who follows is found by `successors`.
    predecessor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors"
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["organisation", "body", "-kind", "starts_on"]
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "body"],
                condition=models.Q(ends_on=None),
                name="seat_is_open_once",
                violation_error_message=_("This person has a seat in this body already."),
            ),
            *Dated.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.organisation}: {self.title}"

    @property
    def title(self) -> str:
        """Return the body and the kind of seat in words."""
        return f"{self.get_body_display()}, {self.get_kind_display().lower()}"
