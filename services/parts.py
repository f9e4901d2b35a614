"""What the items of a document's lists are made of: schedules, contacts, and the days of the week."""

from django.db import models
from django.utils.translation import gettext_lazy as _

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
RANGES_A_DAY = 2


class ScheduleKind(models.TextChoices):
    """How the times of a service are set."""

    BY_AGREEMENT = "by_agreement", _("By agreement")
    CONTINUOUS = "continuous", _("Continuously")
    PERIOD = "period", _("A period")
    PERIODS = "periods", _("Several periods")
    DATES = "dates", _("Single days")


class ContactKind(models.TextChoices):
    """A named person or an organisation's common contact."""

    PERSON = "person", _("Person")
    ORGANISATION = "organisation", _("Organisation")
