"""What was published: immutable versions, and the flat read model that visitors read."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Case, Func, Value, When
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast, Concat
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from pgtrigger import After, Delete, F, Insert, Q, Row, Statement, Trigger, Update

from orgs import clock
from orgs.actors import System
from orgs.append_only import append_only
from services import lifting, tags
from services.fields import Audience, Document
from services.models.noting import noted
from services.models.service import Service


class ServiceVersion(models.Model):
    """A version, frozen. The database refuses to change or delete one (`triggers`)."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    # The number of the shape that the documents are kept in: read them through `document` or `section`.
    shape = models.PositiveSmallIntegerField(default=lifting.current)
    languages = ArrayField(models.CharField(max_length=3), verbose_name=_("languages"))
    public_document = models.JSONField()
    internal_document = models.JSONField()
    editors_document = models.JSONField()
    # The revision of the working copy that was published.
    revision = models.PositiveIntegerField()
    published_at = models.DateTimeField(_("published"))
    # Since when the public document has been the same: what visitors see as the day of the update.
    public_since = models.DateTimeField()
    # Which parts were published with it (`services.tracks`); none are named by versions from before that.
    tracks = ArrayField(models.CharField(max_length=9), default=list)
    # A person, or a part of the system that has a name.
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    published_as = models.CharField(max_length=12, choices=System.choices, blank=True)

    class Meta:
        ordering = ["service", "number"]
        constraints = [
            models.UniqueConstraint(fields=["service", "number"], name="service_version_number_is_unique"),
            models.CheckConstraint(
                condition=models.Q(published_by=None) ^ models.Q(published_as=""),
                name="service_version_is_published_by_someone",
            ),
        ]
        indexes = [
            # Internal attachments are found by their id in the newest versions.
            GinIndex(
                OpClass(KeyTransform("attachments", "internal_document"), name="jsonb_path_ops"),
                name="version_internal_attachments",
            )
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.service} {self.number}"

    @cached_property
    def document(self) -> Document:
        """Return the document that was frozen, all sections, in the shape of now."""
        kept = {audience.value: getattr(self, f"{audience.value}_document") for audience in Audience}
        return lifting.lifted(kept, self.shape)

    def section(self, audience: Audience) -> Document:
        """Return one section of the document, for who has not read the others."""
        kept = {audience.value: getattr(self, f"{audience.value}_document")}
        section: Document = lifting.lifted(kept, self.shape)[audience.value]
        return section


def _noted(kind: str, column: str) -> Trigger:
    """Return the trigger that notes each change of a table's rows as a `PublishedChange`."""
    return Trigger(
        name="row_changes",
        level=Row,
        when=After,
        operation=Insert | Update | Delete,
        func=(
            "INSERT INTO services_publishedchange (kind, record, xact, at) VALUES"  # noqa: S608
            f" ('{kind}', COALESCE(NEW.{column}, OLD.{column}), pg_current_xact_id()::text::bigint, now());"
            " RETURN NULL;"
        ),
    )


_SAYS_OTHERWISE = (
    Q(old__document__df=F("new__document"))
    | Q(old__slug__df=F("new__slug"))
    | Q(old__published_at__df=F("new__published_at"))
)


class PublishedService(models.Model):
    """One row a published service and site language: the public document as served.

    Holds public information only, so that no page of a visitor touches a table with internal
    text. Written by `services.publishing` and rebuilt by `manage.py rebuild_published`.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="published")
    language = models.CharField(max_length=3)
    slug = models.SlugField(max_length=140)
    external_id = models.SlugField(max_length=100)
    name = models.CharField(max_length=120)
    # Orders names as Finnish does on any PostgreSQL, also one built without ICU.
    sort_key = models.CharField(max_length=120, db_collation="C")
    document = models.JSONField()
    # Facet keys like "need:job_search" and "municipality:091".
    keys = ArrayField(models.CharField(max_length=100))
    attachment_ids = ArrayField(models.UUIDField())
    # First days still to come or past, in order; "starts soon" looks for the first from today on.
    starts = ArrayField(models.DateField())
    # Every text, for phrases; the tokens by which single words are found, and how much each tells.
    search = SearchVectorField()
    tokens = models.TextField()
    impacts = models.BinaryField()
    boost = models.PositiveSmallIntegerField(default=0)
    number = models.PositiveIntegerField()
    published_at = models.DateTimeField()
    first_published_at = models.DateTimeField()
    content_hash = models.CharField(max_length=64)
    # `read_model.VERSION` of the code that wrote the row.
    written_by = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["language", "sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["service", "language"], name="published_once_a_language"),
            models.UniqueConstraint(fields=["language", "slug"], name="published_slug_is_unique"),
        ]
        indexes = [
            GinIndex(fields=["keys"], name="published_keys"),
            GinIndex(fields=["search"], name="published_search"),
            GinIndex(fields=["attachment_ids"], name="published_attachments"),
            models.Index(fields=["language", "sort_key"], name="published_by_name"),
            models.Index(fields=["language", "-published_at"], name="published_by_date"),
        ]
        triggers = [
            _noted("service", "service_id"),
            noted("becomes_public", Insert, "'published'", "service_id", None),
            noted("says_otherwise", Update, "'changed'", "service_id", _SAYS_OTHERWISE),
        ]

    def __str__(self) -> str:
        return f"{self.slug} ({self.language})"


class SearchedInstruction(models.Model):
    """What the work instructions of a published service are found by, one row a language and part.

    Internal: read only for people who may read instructions. The common part has no municipality.
    Written with the read model, and rebuilt with it.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="searched_instructions")
    language = models.CharField(max_length=3)
    municipality = models.CharField(max_length=3, blank=True)  # the code
    sort_key = models.CharField(max_length=120, db_collation="C")
    keys = ArrayField(models.CharField(max_length=100))
    search = SearchVectorField()
    tokens = models.TextField()
    impacts = models.BinaryField()
    published_at = models.DateTimeField()
    content_hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["language", "sort_key", "municipality"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "language", "municipality"], name="searched_instruction_once_a_part"
            )
        ]
        indexes = [GinIndex(fields=["search"], name="searched_instructions")]
        triggers = [_noted("instruction", "id")]

    def __str__(self) -> str:
        return f"{self.service} ({self.language}) {self.municipality}"


_TAGS = ArrayField(models.TextField())


def _tags(*names: Combinable) -> Func:
    return Func(*names, template="ARRAY[%(expressions)s]::text[]", output_field=_TAGS)


class PublishedChange(models.Model):
    """That a row of a searched table was written or removed, by which transaction.

    Written by the tables' own triggers. Processes that hold what is searched ask for the changes of
    transactions that they may not have seen; what all must have seen is cleared away.
    """

    SERVICE, INSTRUCTION = "service", "instruction"  # kinds of what is searched
    VOCABULARY, ORGANISATION = "vocabulary", "organisation"  # kinds of words, told as a whole
    ALL = "all"  # whatever is kept anywhere is to be forgotten

    kind = models.CharField(max_length=12)
    record = models.BigIntegerField()
    # The tags of what shows the change: a service's own pages and all lists, or whatever shows words.
    touches = models.GeneratedField(
        expression=Case(
            When(
                kind="service",
                then=_tags(Concat(Value(tags.SERVICE), Cast("record", models.TextField())), Value(tags.LIST)),
            ),
            When(kind="vocabulary", then=_tags(Value(tags.VOCABULARY))),
            When(kind="organisation", then=_tags(Value(tags.ORGANISATION))),
            When(kind="all", then=_tags(Value(tags.VOCABULARY), Value(tags.ORGANISATION), Value(tags.LIST))),
            default=_tags(),
        ),
        output_field=_TAGS,
        db_persist=True,
    )
    xact = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["xact"], name="published_change_by_xact")]
        triggers = [
            # Those who listen hear of it when the transaction commits, once for all of its changes.
            Trigger(
                name="tell",
                level=Statement,
                when=After,
                operation=Insert,
                func="PERFORM pg_notify('published', ''); RETURN NULL;",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record} by {self.xact}"

    @classmethod
    def note(cls, kind: str) -> None:
        """Note a change of words, or of everything, in the transaction that makes it."""
        xact = Cast(Func(function="pg_current_xact_id"), models.TextField())
        cls.objects.create(kind=kind, record=0, xact=Cast(xact, models.BigIntegerField()), at=clock.now())
