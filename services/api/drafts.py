"""Versions and working copies of services, for those who may read what is not published.

Nobody is told whether a service exists that was never published.
"""

import datetime
import re
import uuid
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from orgs import clock
from orgs.access import Reader as Person
from services import access, read_model
from services.api import objects
from services.api.catalogues import Reader
from services.api.errors import BadParameter
from services.api.objects import Object, Said
from services.api.types import PUBLIC
from services.fields import Audience, Document, Kind
from services.models import PublishedService, Service, WorkingCopy
from services.site.context import absolute

LATEST, WORKING = "rel:latest-version", "rel:working-copy"
PARAMETER = "resourceVersion"
# The fields that name other services.
RELATED = [field.name for field in PUBLIC if field.kind is Kind.SERVICES]
_NUMBERED = re.compile(r"id:([1-9][0-9]{0,8})")


def check(version: str) -> None:
    """Refuse, by BadParameter, what names no version."""
    if version not in (LATEST, WORKING) and not _NUMBERED.fullmatch(version):
        words = _("Ask for %(latest)s, %(working)s or a version by its number, such as id:3.")
        raise BadParameter(PARAMETER, words % {"latest": LATEST, "working": WORKING})


def readable(number: uuid.UUID, user: Person) -> Service:
    """Return a service whose drafts a person reads; raises Http404 or PermissionDenied for others."""
    service = Service.objects.filter(uuid=number).select_related("responsible_partner").first()
    if service is None:
        raise Http404
    if not access.reads_drafts(user, service):
        raise Http404 if service.first_published_at is None else PermissionDenied
    return service


def version(service: Service, named: str, user: Person, reader: Reader) -> Object:
    """Return a service as a version or its working copy says it; raises Http404 where there is none."""
    if named == WORKING:
        copy = WorkingCopy.objects.get(service=service)
        meta = {"revision": copy.revision, "version": service.version_number}
        return _object(service, copy.document, copy.changed_at, meta, user, reader)
    found = service.versions.filter(number=int(named.removeprefix("id:"))).first()
    if found is None:
        raise Http404
    newest = found.number == service.version_number and service.status == Service.Status.PUBLISHED
    meta = {"version": found.number}
    return _object(service, found.document, found.published_at, meta, user, reader, published=newest)


def _object(
    service: Service,
    document: Document,
    changed: datetime.datetime,
    meta: dict[str, int],
    user: Person,
    reader: Reader,
    *,
    published: bool = False,
) -> Object:
    language, words = reader.language, reader.words
    identity = read_model.identity_of(service, clock.today())
    public = identity | read_model.section(document["public"], Audience.PUBLIC, language, words)
    public["responsible_partner"] = read_model.organisation(identity["responsible_partner"], language, words)
    internal = None
    if reader.internal and access.reads_internal_drafts(user, service):
        internal = internal_of(document["internal"], reader)
    said = Said(
        external_id=service.external_id,
        language=language,
        name=public["texts"].get("name", {"text": ""})["text"],
        published=published,
        created=service.first_published_at,
        changed=changed,
        document=public,
        internal=internal,
    )
    related = frozenset(key for name in RELATED for key in document["public"][name])
    shown = PublishedService.objects.filter(language=language, external_id__in=related)
    files = [item["id"] for audience in ("public", "internal") for item in document[audience]["attachments"]]
    alias = reverse("site:service", args=[service.slug])
    found = objects.service(
        said, alias, frozenset(shown.values_list("external_id", flat=True)), addresses_of(files)
    )
    return found | {"meta": found.get("meta", {}) | meta}


def internal_of(section: Document, reader: Reader) -> Document:
    """Return the instructions of a document as `objects.service` says them."""
    said = read_model.section(section, Audience.INTERNAL, reader.language, reader.words)
    return said | {"municipal": section["municipal"]}


def addresses_of(files: Iterable[str]) -> dict[str, str]:
    """Return the addresses of attachments by their ids."""
    return {str(one): absolute(reverse("site:attachment", args=[one])) for one in files}
