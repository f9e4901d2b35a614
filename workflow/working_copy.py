"""A service's working copy beside what was last published of it."""

from services import documents
from services.fields import Document
from services.models import Service, ServiceVersion


def read(service: Service) -> Document:
    """Return the working copy as it is in the database now."""
    return documents.read(documents.with_parts(Service.objects.all()).get(pk=service.pk))


def last_version(service: Service) -> ServiceVersion | None:
    """Return the newest version."""
    return service.versions.filter(number=service.version_number).first()


def of_version(version: ServiceVersion, editors: Document) -> Document:
    """Return a version as a document; what only editors see is not frozen, so it comes from `editors`."""
    return {
        "public": version.public_document,
        "internal": version.internal_document,
        "editors": editors["editors"],
    }


def published_document(service: Service, working: Document) -> Document | None:
    """Return what was published last, None before the first time."""
    version = last_version(service)
    return of_version(version, working) if version else None


def changed_languages(working: Document, published: Document | None) -> list[str]:
    """Return the languages whose public texts differ from what is published; Finnish where none does.

    A new service carries every language that it has a name in.
    """
    texts = working["public"]["texts"]
    if published is None:
        found = [language for language in texts if texts[language].get("name")]
    else:
        before = published["public"]["texts"]
        found = [code for code in {*texts, *before} if texts.get(code, {}) != before.get(code, {})]
    return sorted(found) or ["fi"]
