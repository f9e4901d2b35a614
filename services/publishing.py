"""Publishing: a working copy becomes an immutable version, and the read model follows."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

from django.conf import settings
from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import F, Value
from django.utils.translation import gettext as _

from orgs import clock
from orgs.models import User
from services import documents, read_model
from services.completeness import Missing, missing
from services.fields import Document, Stage
from services.models import PublishedService, Service, ServiceVersion
from services.vocabularies import Words, load

# How PostgreSQL reads a text of each language.
SEARCH_CONFIGURATIONS = {"fi": "finnish", "sv": "swedish", "en": "english"}


class PublicationRefused(Exception):
    """Publishing was refused; the message says why and what to do."""


class Incomplete(PublicationRefused):
    """Required content is missing."""

    def __init__(self, lacking: Sequence[Missing]) -> None:
        self.lacking = lacking
        names = ", ".join(
            f"{item.field.label} ({item.language})" if item.language else str(item.field.label)
            for item in lacking
        )
        super().__init__(_("Fill these in first: %(fields)s.") % {"fields": names})


class AlreadyPublished(PublicationRefused):
    """Someone published another version in between."""

    def __init__(self, number: int) -> None:
        super().__init__(
            _("Version %(number)s was published meanwhile. Look at it, then publish again if needed.")
            % {"number": number}
        )


_AT_ONCE = 200  # services that a rebuild holds locked together


@dataclass(frozen=True)
class Change:
    """How many rows of the read model a rebuild wrote and removed."""

    written: int
    removed: int


@transaction.atomic
def publish(
    service: Service,
    *,
    languages: Sequence[str],
    by: User | None,
    after: int,
    at: datetime.datetime | None = None,
) -> ServiceVersion:
    """Publish the working copy of `service` in `languages` as the version that follows `after`.

    `after` is the number of the version that the publisher saw (0: none). Of two publishers who
    saw the same version, one succeeds and the other gets AlreadyPublished. Raises Incomplete where
    required content is missing. Everything happens in one transaction.
    """
    locked = Service.objects.select_for_update().get(pk=service.pk)
    if locked.version_number != after:
        raise AlreadyPublished(locked.version_number)
    working_copy = documents.read(documents.with_parts(Service.objects.all()).get(pk=service.pk))
    if lacking := missing(working_copy, Stage.PUBLICATION, languages):
        raise Incomplete(lacking)
    previous = locked.versions.filter(number=after).first()
    public = read_model.carried(
        working_copy["public"], previous.public_document if previous else None, list(languages)
    )
    internal = read_model.carried(
        working_copy["internal"], previous.internal_document if previous else None, list(languages)
    )
    version = freeze(locked, public, internal, by=by, at=at or clock.now())
    locked.status = Service.Status.PUBLISHED
    locked.save(update_fields=["status", "version_number", "first_published_at"])
    service.refresh_from_db(fields=["status", "version_number", "first_published_at"])
    refresh([version])
    return version


def freeze(
    service: Service,
    public: Document,
    internal: Document,
    *,
    by: User | None,
    at: datetime.datetime,
    number: int | None = None,
) -> ServiceVersion:
    """Write a version of two documents and count it on the service, which the caller saves."""
    service.version_number = service.version_number + 1 if number is None else number
    service.first_published_at = service.first_published_at or at
    return ServiceVersion.objects.create(
        service=service,
        number=service.version_number,
        languages=sorted(public["texts"]),
        public_document=public,
        internal_document=internal,
        published_at=at,
        published_by=by,
    )


def withdraw_from_pages(service: Service) -> None:
    """Take a service that is no longer published off the public pages."""
    service.published.all().delete()


def refresh(versions: Iterable[ServiceVersion], words: Words | None = None) -> Change:
    """Make the read model follow the newest versions given; rows that are right stay untouched."""
    words = words or load()
    written = removed = 0
    site_languages = [code for code, _name in settings.LANGUAGES]
    for version in versions:
        rows = {row.language: row for row in version.service.published.defer("document")}
        for language in site_languages:
            written += _write_row(version, language, words, rows.pop(language, None))
        for row in rows.values():
            row.delete()
            removed += 1
    return Change(written, removed)


def row_of(version: ServiceVersion, language: str, words: Words) -> PublishedService:
    """Return the unsaved row that a visitor reads of `version` in one site language."""
    service = version.service
    first = service.first_published_at or version.published_at
    identity = {
        "id": service.external_id,
        "slug": service.slug,
        "updated_on": version.published_at.astimezone(clock.ZONE).date().isoformat(),
    }
    row = read_model.resolve(identity, version.public_document, language, words)
    configuration = SEARCH_CONFIGURATIONS.get(language, "simple")
    vectors = [
        SearchVector(Value(text), weight=weight, config=configuration)
        for weight, text in row.search_texts.items()
    ]
    return PublishedService(
        service=service,
        language=language,
        slug=service.slug,
        external_id=service.external_id,
        name=row.name,
        sort_key=read_model.sort_key(row.name),
        document=row.document,
        keys=row.keys,
        attachment_ids=row.attachment_ids,
        starts=row.starts,
        search=reduce(add, vectors),
        boost=service.search_boost,
        number=version.number,
        published_at=version.published_at,
        first_published_at=first,
        content_hash=row.content_hash(
            service.search_boost, version.number, version.published_at.isoformat(), first.isoformat()
        ),
    )


def _write_row(
    version: ServiceVersion, language: str, words: Words, present: PublishedService | None
) -> bool:
    row = row_of(version, language, words)
    if present is not None:
        if present.content_hash == row.content_hash:
            return False
        row.pk = present.pk
    row.save()
    return True


def rebuild() -> Change:
    """Rebuild the whole read model from the newest versions; changes nothing that is right."""
    published = Service.objects.filter(status=Service.Status.PUBLISHED)
    gone, _by_model = PublishedService.objects.exclude(service__in=published).delete()
    words, change = load(), Change(0, gone)
    numbers = list(published.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(numbers), _AT_ONCE):
        part = _rebuild(numbers[start : start + _AT_ONCE], words)
        change = Change(change.written + part.written, change.removed + part.removed)
    return change


@transaction.atomic
def _rebuild(numbers: Sequence[int], words: Words) -> Change:
    """Rebuild some services, locked as `publish` locks them, so that neither undoes the other."""
    rows = Service.objects.select_for_update(no_key=True).filter(pk__in=numbers).order_by("pk")
    locked = [service.pk for service in rows if service.status == Service.Status.PUBLISHED]
    newest = ServiceVersion.objects.filter(service__in=locked, number=F("service__version_number"))
    return refresh(newest.select_related("service"), words)
