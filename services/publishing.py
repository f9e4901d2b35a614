"""Publishing: a working copy becomes an immutable version, and the read model follows."""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from celery import current_app
from django.conf import settings
from django.contrib.postgres.search import SearchVector
from django.db import connection, transaction
from django.db.models import F, Value
from django.dispatch import Signal
from django.utils.translation import gettext as _

from orgs import clock, jobs
from orgs.access import NotAllowed
from orgs.actors import Actor, person_and_system
from orgs.localised import SOURCE_LANGUAGE
from orgs.refused import Refused
from orgs.roles import Capability
from services import (
    access,
    attachment_texts,
    attachments,
    instruction_index,
    lifting,
    read_model,
    tracks,
)
from services.completeness import Missing, missing
from services.fields import Audience, Document, Stage
from services.models import (
    PublishedService,
    SearchedInstruction,
    Service,
    ServiceVersion,
    WorkingCopy,
    responsible_on,
)
from services.texts.tokens import tokens_of
from services.tracks import INTERNAL, PUBLIC, Part
from services.vocabularies import Words, load


class PublicationRefused(Refused):
    """Publishing was refused; the message says why and what to do."""


class Incomplete(PublicationRefused):
    """Required content is missing."""

    def __init__(self, lacking: Sequence[Missing]) -> None:
        self.lacking = lacking
        names = ", ".join(one.named for one in lacking)
        super().__init__(_("Fill these in first: %(fields)s.") % {"fields": names})


class AlreadyPublished(PublicationRefused):
    """Someone published another version in between."""

    def __init__(self, number: int) -> None:
        super().__init__(
            _("Version %(number)s was published meanwhile. Look at it, then publish again if needed.")
            % {"number": number}
        )


class ChangedMeanwhile(PublicationRefused):
    """What would be published is not what was reviewed."""

    def __init__(self) -> None:
        super().__init__(
            _("The content was changed after you looked at it. Look at it again, then publish it.")
        )


class NoLanguages(PublicationRefused):
    """Nothing would be published, or nothing that anyone could fall back to."""

    def __init__(self) -> None:
        super().__init__(_("Choose the languages to publish; the first time Finnish is one of them."))


class NobodyResponsible(PublicationRefused):
    """No partner answers for the service, or one was only proposed."""

    def __init__(self) -> None:
        super().__init__(_("Settle first which partner is responsible for the service, and on what basis."))


class NotPublic(PublicationRefused):
    """Instructions of a service that is not on the public pages would be published by themselves."""

    def __init__(self) -> None:
        words = _("The service is not on the public pages now. Instructions are published when it is back.")
        super().__init__(words)


# Sent with `version`, `by`, `languages` and `parts` in each publication's transaction, for the rooms above.
published = Signal()

_AT_ONCE = 200  # services that a rebuild holds locked together


@dataclass(frozen=True)
class Change:
    """How many rows of the read model a rebuild wrote and removed."""

    written: int
    removed: int


@dataclass(frozen=True)
class Draft:
    """A locked service, read once: what is written, and what was published last."""

    service: Service
    copy: WorkingCopy
    version: ServiceVersion | None

    @cached_property
    def working(self) -> Document:
        """Return the working copy's document."""
        return self.copy.document

    @cached_property
    def published(self) -> Document | None:
        """Return what was published last; None before the first time."""
        return self.version.document if self.version else None


def draft_of(service: Service) -> Draft:
    """Return a service's draft; who changes or publishes it holds the service's lock."""
    return Draft(service, WorkingCopy.objects.get(service=service), newest_version(service))


@transaction.atomic
def publish(
    service: Service,
    *,
    languages: Iterable[str],
    by: Actor,
    revision: int,
    at: datetime.datetime | None = None,
    words: Words | None = None,
) -> ServiceVersion:
    """Publish the reviewed `revision` of the working copy in `languages`; the others stay as they were.

    Raises PermissionDenied; ChangedMeanwhile where that is not the newest revision; NoLanguages
    where none is given, or not Finnish the first time; Incomplete where required content is
    missing; NobodyResponsible; AlreadyPublished where nothing would change, as for the second of
    two who publish at once. Then nothing has changed. What happens, happens in one transaction.
    `words` are those of now, where the caller has read them already.
    """
    draft = draft_of(_begin(service, by))
    if draft.copy.revision != revision:
        raise ChangedMeanwhile
    parts = tracks.all_parts(draft.working, draft.published or draft.working)
    return publish_draft(draft, parts=parts, languages=languages, by=by, at=at, words=words)


def publish_draft(
    draft: Draft,
    *,
    parts: Collection[Part],
    languages: Iterable[str],
    by: Actor,
    at: datetime.datetime | None = None,
    words: Words | None = None,
) -> ServiceVersion:
    """Publish parts of what was read; the caller holds the lock and has checked who may, and the revision.

    Raises what `publish` does, and NotPublic for instructions alone of a service that is not public now.
    """
    locked, previous = draft.service, draft.published
    wanted = sorted(set(languages))
    if PUBLIC in parts:
        if not wanted or (previous is None and SOURCE_LANGUAGE not in wanted):
            raise NoLanguages
    elif locked.status != Service.Status.PUBLISHED:
        raise NotPublic
    responsibility = responsible_on(locked, clock.today())
    if responsibility is None or responsibility.is_proposal:
        raise NobodyResponsible
    frozen = tracks.composed(draft.working, previous, parts, wanted)
    if lacking := lacking_for(frozen, parts, wanted):
        raise Incomplete(lacking)
    if frozen == previous and locked.status == Service.Status.PUBLISHED:
        raise AlreadyPublished(locked.version_number)
    version = _publish(
        locked, frozen, draft.version, parts=parts, by=by, revision=draft.copy.revision, at=at or clock.now(),
        words=words,
    )  # fmt: skip
    published.send(ServiceVersion, version=version, by=by, languages=wanted, parts=parts)
    return version


def lacking_for(document: Document, parts: Collection[Part], languages: Iterable[str]) -> list[Missing]:
    """Return what is missing before parts of a document can be published.

    A public text never leaves with instructions that lack anything; instructions alone answer for
    themselves, a municipality's own for nothing.
    """
    found = missing(document, Stage.PUBLICATION, languages)
    if PUBLIC in parts:
        return found
    return [one for one in found if INTERNAL in parts and one.field.audience is not Audience.PUBLIC]


@transaction.atomic
def restore(
    service: Service, document: Document, *, number: int, at: datetime.datetime,
    first_at: datetime.datetime, by: Actor, revision: int, words: Words | None = None,
) -> ServiceVersion:  # fmt: skip
    """Take over a version that was published elsewhere, with its number and its times.

    It was whole by the rules of its day, so it is not checked by those of today. Raises
    AlreadyPublished where a version with this number or a later one is here, BadChanges where an
    attachment of it is another service's.
    """
    locked = _begin(service, by)
    if locked.version_number >= number:
        raise AlreadyPublished(locked.version_number)
    attachments.claim(locked, document)
    previous = newest_version(locked)
    locked.version_number, locked.first_published_at = number - 1, first_at
    return _publish(locked, document, previous, parts=[], by=by, revision=revision, at=at, words=words)


def _begin(service: Service, by: Actor) -> Service:
    locked = Service.objects.select_for_update().get(pk=service.pk)
    if not access.may(by, Capability.PUBLISH, locked):
        raise NotAllowed(Capability.PUBLISH)
    return locked


def newest_version(service: Service) -> ServiceVersion | None:
    """Return the newest version; None before the first."""
    return service.versions.filter(number=service.version_number).first()


def newest_document(service: Service) -> Document | None:
    """Return what was published last; None before the first time."""
    version = newest_version(service)
    return version.document if version else None


def _publish(
    service: Service,
    document: Document,
    previous: ServiceVersion | None,
    *,
    parts: Collection[Part],
    by: Actor,
    revision: int,
    at: datetime.datetime,
    words: Words | None = None,
) -> ServiceVersion:
    """Freeze a document as the next version of a locked service, and let the pages follow."""
    person, system = person_and_system(by)
    same = previous is not None and previous.document["public"] == document["public"]
    service.version_number += 1
    service.first_published_at = service.first_published_at or at
    service.status = Service.Status.PUBLISHED
    service.save(update_fields=["status", "version_number", "first_published_at"])
    version = ServiceVersion.objects.create(
        service=service,
        number=service.version_number,
        shape=lifting.current(),
        languages=sorted(document["public"]["texts"]),
        tracks=sorted({part.track.value for part in parts}),
        revision=revision,
        published_at=at,
        public_since=previous.public_since if previous and same else at,
        published_by=person,
        published_as=system,
        **{f"{audience.value}_document": document[audience.value] for audience in Audience},
    )
    refresh([version], words)
    if attachment_texts.attached(version):
        transaction.on_commit(partial(_read_files, version.pk), robust=True)
    return version


def refresh_later(services: Iterable[int]) -> None:
    """Let a worker make the pages of many services follow; without a broker the nightly rebuild does."""
    numbers = list(services)
    # By its name: the task's module knows this one.
    send = partial(current_app.send_task, "services.tasks.refresh_pages", [numbers])
    transaction.on_commit(send, robust=True)


def _read_files(version: int) -> None:
    """Let a worker read the attachments; without a broker the nightly rebuild does."""
    # By its name: the task's module knows this one.
    current_app.send_task("services.tasks.read_attachments", [version])


def bring_back(service: Service) -> None:
    """Show the newest version on the public pages again; the caller holds the service's lock."""
    service.status = Service.Status.PUBLISHED
    service.save(update_fields=["status"])
    version = newest_version(service)
    assert version is not None, "what was outdated had been published"
    refresh([version])


def unpublish(service: Service) -> None:
    """Take a service that is no longer published off the pages; the caller has set its status."""
    service.published.all().delete()
    service.searched_instructions.all().delete()


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
        version.service.searched_instructions.exclude(language__in=site_languages).delete()
    return Change(written, removed)


def row_of(version: ServiceVersion, language: str, words: Words) -> PublishedService:
    """Return the unsaved row that a visitor reads of `version` in one site language."""
    service = version.service
    first = service.first_published_at or version.published_at
    since = version.public_since
    public = version.document["public"]
    boost = version.document["editors"]["search_boost"] or 0
    identity = read_model.identity_of(service, clock.day_of(version.public_since))
    row = read_model.resolve(identity, public, language, words)
    row.search_texts.extend(attachment_texts.weighted(public["attachments"], language))
    tokens = tokens_of(row.search_texts)
    everything = "\n".join(text for _weight, _language, text in row.search_texts)
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
        search=SearchVector(Value(everything), config="simple"),
        tokens=tokens.text,
        impacts=tokens.impacts,
        boost=boost,
        number=version.number,
        published_at=since,
        first_published_at=first,
        written_by=read_model.VERSION,
        content_hash=row.content_hash(boost, version.number, since.isoformat(), first.isoformat()),
    )


def _write_row(
    version: ServiceVersion, language: str, words: Words, present: PublishedService | None
) -> bool:
    row = row_of(version, language, words)
    instruction_index.refresh(version, row)
    if present is not None:
        if present.content_hash == row.content_hash:
            return False
        row.pk = present.pk
    row.save()
    return True


def is_behind() -> bool:
    """Tell whether the read model holds rows that an earlier version of the code wrote."""
    return PublishedService.objects.exclude(written_by=read_model.VERSION).exists()


def rebuild() -> Change:
    """Rebuild the whole read model from the newest versions; changes nothing that is right."""
    published = Service.objects.filter(status=Service.Status.PUBLISHED)
    gone, _by_model = PublishedService.objects.exclude(service__in=published).delete()
    SearchedInstruction.objects.exclude(service__in=published).delete()
    change = refresh_services(published.order_by("pk").values_list("pk", flat=True))
    return Change(change.written, change.removed + gone)


def refresh_services(services: Iterable[int]) -> Change:
    """Make the read model follow what belongs to services beside their versions."""
    words, change, numbers = load(), Change(0, 0), list(services)
    for start in range(0, len(numbers), _AT_ONCE):
        for part in _rebuilt(numbers[start : start + _AT_ONCE], words):
            change = Change(change.written + part.written, change.removed + part.removed)
    return change


def _rebuilt(numbers: Sequence[int], words: Words) -> list[Change]:
    """Rebuild some services; where one can't be, the others one by one."""
    try:
        return [_rebuild(numbers, words)]
    except Exception:
        if not connection.is_usable():
            raise
        return jobs.each("read_model", numbers, lambda number: _rebuild([number], words))


@transaction.atomic
def _rebuild(numbers: Sequence[int], words: Words) -> Change:
    """Rebuild some services, locked as `publish` locks them, so that neither undoes the other."""
    rows = Service.objects.select_for_update(no_key=True).filter(pk__in=numbers).order_by("pk")
    locked = [service.pk for service in rows if service.status == Service.Status.PUBLISHED]
    newest = ServiceVersion.objects.filter(service__in=locked, number=F("service__version_number"))
    return refresh(newest.select_related("service__responsible_partner"), words)
