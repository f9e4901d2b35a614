"""A service: who it is and where it stands in its life. What is said of it: `WorkingCopy`."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from pgtrigger import Before, Condition, F, Q, Trigger, Update

from orgs.localised import TextsField
from orgs.models import Organisation
from services.models.noting import noted
from services.uuids import SERVICE, uuid_from

_NOT_PUBLIC_ANY_MORE = Condition(
    "OLD.status IS DISTINCT FROM NEW.status AND NEW.status IN ('outdated', 'archived')"
    " AND NEW.first_published_at IS NOT NULL"
)


class Service(models.Model):
    """A service's identity and lifecycle, and what questions are asked of.

    `names`, `organiser` and `producers` are derived from the working copy in one place,
    `services.working_copy`; `responsible_partner` is the one of today, from `services.responsibility`.
    """

    class Status(models.TextChoices):
        """Lifecycle of a service; a run on its way (workflow) is another thing."""

        UNPUBLISHED = "unpublished", _("Not published")
        PUBLISHED = "published", _("Published")
        OUTDATED = "outdated", _("Outdated")
        ARCHIVED = "archived", _("Archived")

    external_id = models.SlugField(_("identifier"), max_length=100, unique=True)
    slug = models.SlugField(_("address"), max_length=140, unique=True)
    # What interfaces know it by; made of the identifier, so it is the same in every installation.
    uuid = models.GeneratedField(
        expression=uuid_from(SERVICE, "external_id"),
        output_field=models.UUIDField(),
        db_persist=True,
        unique=True,
    )
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.UNPUBLISHED)
    # The number of the newest version; 0 before the first.
    version_number = models.PositiveIntegerField(default=0, editable=False)
    first_published_at = models.DateTimeField(null=True, blank=True, editable=False)

    names = TextsField(editable=False)
    organiser = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="organised",
    )
    producers = models.ManyToManyField(Organisation, blank=True, editable=False, related_name="produced")
    responsible_partner = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="responsible_for",
        db_index=False,  # the index below begins with it
    )
    # How many halves of its pair have an updater: the database counts them (`workflow.models.Updater`).
    named_halves = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["external_id"]
        verbose_name = _("service")
        verbose_name_plural = _("services")
        indexes = [
            models.Index(fields=["responsible_partner", "status", "named_halves"], name="service_of_partner")
        ]
        triggers = [
            noted("life_ends", Update, "NEW.status", "id", _NOT_PUBLIC_ANY_MORE),
            # Whoever saves a service that was read before an updater was named doesn't undo the count.
            Trigger(
                name="halves_stay_counted",
                when=Before,
                operation=Update,
                condition=Q(old__named_halves__df=F("new__named_halves")),
                func=(
                    "IF pg_trigger_depth() < 2 THEN NEW.named_halves := OLD.named_halves; END IF; RETURN NEW;"
                ),
            ),
        ]
        # A named exception: see `services.access`.
        permissions = [
            ("work_on_delegated", _("May work on a delegated service")),
            ("write_internal_delegated", _("May write a delegated service's instructions")),
        ]

    def __str__(self) -> str:
        return self.external_id
