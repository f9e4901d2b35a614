"""What work instructions are found by: the common part and each municipality's, in each language.

Internal (docs/rules.md section 3). Contacts are left out: who reads them is recorded, and a search
must not be a way around that.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db.models import Value

from orgs.localised import reading
from services import attachment_texts, fields
from services.fields import Audience, Document, Kind
from services.models import PublishedService, SearchedInstruction, ServiceVersion
from services.rich_text import plain
from services.texts.tokens import Weighted, tokens_of

# Raised whenever the code below makes something else of the same document: a rebuild writes all anew.
VERSION = 1


@dataclass(frozen=True)
class Part:
    """The common part of instructions, without a municipality, or one municipality's part."""

    municipality: str
    texts: list[Weighted]


def parts_of(internal: Document, name: Weighted, language: str) -> Iterator[Part]:
    """Return the parts of an internal document that hold something, each with the service's name."""
    titles = [reading(item["title"], language) for item in (*internal["links"], *internal["attachments"])]
    named = [("D", title.lang, title.text) for title in titles if title.text]
    files = attachment_texts.weighted(internal["attachments"], language)
    yield Part("", [name, *_texts(internal["texts"], language), *named, *files])
    for code, texts in sorted(internal["municipal"].items()):
        if own := list(_texts(texts, language)):
            yield Part(code, [name, *own])


def _texts(by_language: dict[str, dict[str, str]], language: str) -> Iterator[Weighted]:
    for field in fields.texts_of(Audience.INTERNAL):
        if field.weight is None:
            continue
        versions = {code: texts.get(field.name, "") for code, texts in by_language.items()}
        if (found := reading(versions, language)).text:
            words = plain(found.text) if field.kind is Kind.RICH else found.text
            # A part of an instruction is never as telling as the service's name.
            yield ("B" if field.weight == "A" else field.weight, found.lang, words)


def refresh(version: ServiceVersion, row: PublishedService) -> None:
    """Make the parts of a service in a language follow its version; those that are right stay."""
    name = row.document["texts"]["name"]
    present = {
        part.municipality: part
        for part in SearchedInstruction.objects.filter(service=version.service_id, language=row.language)
    }
    for part in parts_of(version.document["internal"], ("A", name["lang"], name["text"]), row.language):
        old = present.pop(part.municipality, None)
        written = _row(row, part)
        if old is not None:
            if old.content_hash == written.content_hash:
                continue
            written.pk = old.pk
        written.save()
    SearchedInstruction.objects.filter(pk__in=[part.pk for part in present.values()]).delete()


def _row(row: PublishedService, part: Part) -> SearchedInstruction:
    tokens = tokens_of(part.texts)
    content: list[Any] = [VERSION, part.texts, row.keys, row.sort_key, row.published_at.isoformat()]
    return SearchedInstruction(
        service_id=row.service_id,
        language=row.language,
        municipality=part.municipality,
        sort_key=row.sort_key,
        keys=row.keys,
        search=SearchVector(Value("\n".join(text for _weight, _lang, text in part.texts)), config="simple"),
        tokens=tokens.text,
        impacts=tokens.impacts,
        published_at=row.published_at,
        content_hash=hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest(),
    )
