"""The parts of a service that come in lists: languages, times and places, contacts, links, attachments."""

import datetime
import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from orgs.localised import LabelField, TextsField, here
from orgs.models import Municipality, Organisation
from services.fields import Audience
from services.models.service import Service
from services.models.vocabulary import Term, Vocabulary

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
RANGES_A_DAY = 2
AUDIENCES = [(Audience.PUBLIC.value, _("Public")), (Audience.INTERNAL.value, _("Internal"))]


class ServiceLanguage(models.Model):
    """A language in which the service is given, and the level that the customer needs in it."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="languages")
    language = models.ForeignKey(
        Term,
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"vocabulary": Vocabulary.SERVICE_LANGUAGE},
    )
    level = models.ForeignKey(
        Term,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"vocabulary": Vocabulary.LANGUAGE_LEVEL},
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["service", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "language"],
                name="service_language_once",
                violation_error_message=_("Each language only once."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.service}: {self.language}"


class Place(models.Model):
    """A place where services are given. Shared between services."""

    external_id = models.SlugField(_("identifier"), max_length=100, unique=True)
    name = LabelField(_("name"))
    street = TextsField(_("street address"))
    postal_code = models.CharField(_("postal code"), max_length=5)
    city = LabelField(_("city"))
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="places"
    )
    accessibility = models.ManyToManyField(
        Term,
        blank=True,
        related_name="+",
        limit_choices_to={"vocabulary": Vocabulary.PREMISES_ACCESSIBILITY},
    )
    info = TextsField(_("how to get there"))
    owner = models.ForeignKey(
        Organisation, on_delete=models.SET_NULL, null=True, blank=True, related_name="places"
    )

    class Meta:
        ordering = ["external_id"]
        verbose_name = _("place")
        verbose_name_plural = _("places")

    def __str__(self) -> str:
        return here(self.name)


def validate_hours(value: object) -> None:
    """Refuse hours that are not up to two ranges a weekday, in order and not overlapping."""
    if not isinstance(value, dict) or not set(value) <= set(WEEKDAYS):
        raise ValidationError(_("Write the hours by weekday: mon, tue, wed, thu, fri, sat, sun."))
    for day, ranges in value.items():
        if not isinstance(ranges, list) or not 1 <= len(ranges) <= RANGES_A_DAY:
            raise ValidationError(_("%(day)s: one or two ranges of hours."), params={"day": day})
        moments: list[datetime.time] = []
        for pair in ranges:
            try:
                moments += [datetime.time.fromisoformat(moment) for moment in pair]
            except (TypeError, ValueError):
                raise ValidationError(
                    _("%(day)s: write the hours like 09:00 and 12:30."), params={"day": day}
                ) from None
        if len(moments) != 2 * len(ranges) or moments != sorted(set(moments)):
            raise ValidationError(
                _("%(day)s: the hours must follow each other and not overlap."), params={"day": day}
            )


class Schedule(models.Model):
    """When and where a service is given: one of five kinds."""

    class Kind(models.TextChoices):
        """The five kinds (reference-system.md section 1.2)."""

        BY_AGREEMENT = "by_agreement", _("By agreement")
        CONTINUOUS = "continuous", _("Continuously")
        PERIOD = "period", _("A period")
        PERIODS = "periods", _("Several periods")
        DATES = "dates", _("Single days")

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="schedules")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="schedules"
    )
    hours = models.JSONField(_("hours"), default=dict, blank=True, validators=[validate_hours])
    place_text = TextsField(_("more on the place"))
    time_text = TextsField(_("more on the time"))
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["service", "position"]

    def __str__(self) -> str:
        return f"{self.service}: {self.get_kind_display()}"


class ScheduleDate(models.Model):
    """A day or a period of a schedule, with the last day to apply."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="dates")
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"), null=True, blank=True)
    from_time = models.TimeField(_("from"), null=True, blank=True)
    to_time = models.TimeField(_("to"), null=True, blank=True)
    apply_by = models.DateField(_("apply by"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["schedule", "position"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends=None) | models.Q(ends__gte=models.F("starts")),
                name="schedule_date_ends_after_it_starts",
                violation_error_message=_("The last day can't be before the first."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts}"


class Contact(models.Model):
    """A contact of a service. Whether it is public or internal is fixed when it is made."""

    class Kind(models.TextChoices):
        """A named person or an organisation's common contact."""

        PERSON = "person", _("Person")
        ORGANISATION = "organisation", _("Organisation")

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="contacts")
    audience = models.CharField(max_length=8, choices=AUDIENCES)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=150)
    title = TextsField(_("title"))
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    info = TextsField(_("more"))
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["service", "audience", "position"]

    def __str__(self) -> str:
        return self.name


class Link(models.Model):
    """A link of a service to another site."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="links")
    audience = models.CharField(max_length=8, choices=AUDIENCES)
    url = models.URLField(_("address"), max_length=500)
    title = LabelField(_("title"))
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["service", "audience", "position"]

    def __str__(self) -> str:
        return self.url


class Attachment(models.Model):
    """A file of a service. The file itself is stored under its SHA-256 and served only by check."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="attachments")
    audience = models.CharField(max_length=8, choices=AUDIENCES)
    title = LabelField(_("title"))
    filename = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["service", "audience", "position"]

    def __str__(self) -> str:
        return self.filename
