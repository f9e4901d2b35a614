"""From a frozen public document to the row that a visitor reads, in one site language.

Texts are resolved to the reader's language or to Finnish with their own language beside them, keys
to labels, and the facet keys and search texts are laid out. Everything here is a pure function of a
version's public document and the words.
"""

import datetime
import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from orgs.alphabet import alphabetical
from orgs.localised import reading
from services import fields
from services.fields import Audience, Document, Field, Kind
from services.models import Service
from services.rich_text import as_course, plain
from services.vocabularies import Words, term_item

# Raised whenever the code below makes something else of the same document: a rebuild writes all anew.
VERSION = 7
AGE_BANDS = {"16-29": (16, 29), "30-54": (30, 54), "55-70": (55, 70)}
STEPS_FIELD = "participation"


@dataclass(frozen=True)
class Row:
    """What a row of `PublishedService` holds beside its service, number and times."""

    language: str
    name: str
    document: dict[str, Any]
    keys: list[str]
    attachment_ids: list[str]
    starts: list[datetime.date]
    search_texts: list[tuple[str, str, str]]  # weight A to D, the language of the text, the text

    def content_hash(self, *more: object) -> str:
        """Return a hash of everything in the row, of `more` and of VERSION; equal rows have equal hashes."""
        content = [VERSION, self.language, self.name, self.document, self.keys, self.search_texts, *more]
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


def identity_of(service: Service, updated_on: datetime.date) -> dict[str, Any]:
    """Return what a row holds of a service beside what its document says."""
    partner = service.responsible_partner
    return {
        "id": service.external_id,
        "slug": service.slug,
        "updated_on": updated_on.isoformat(),
        "responsible_partner": partner and partner.external_id,
    }


def resolve(identity: Mapping[str, Any], public: Mapping[str, Any], language: str, words: Words) -> Row:
    """Return the row of one service in `language`; `identity` has what is not in the document."""
    document = dict(identity) | section(public, Audience.PUBLIC, language, words)
    document["responsible_partner"] = organisation(identity["responsible_partner"], language, words)
    return Row(
        language=language,
        name=document["texts"]["name"]["text"],
        document=document,
        keys=sorted(set(facet_keys(public, words))),
        attachment_ids=[item["id"] for item in public["attachments"]],
        starts=sorted(
            {datetime.date.fromisoformat(d["starts"]) for s in public["schedules"] for d in s["dates"]}
        ),
        search_texts=_search_texts(document, language),
    )


def section(kept: Mapping[str, Any], audience: Audience, language: str, words: Words) -> Document:
    """Return a section of a document as readers get it: texts in a language, keys with their words."""
    own = fields.of(audience)
    return {
        "texts": _texts(kept.get("texts", {}), audience, language),
        "terms": {
            one.name: _terms(one, kept[one.name], language, words) for one in own if one.kind is Kind.TERMS
        },
    } | {
        one.name: _said(one.kind, kept[one.name], language, words)
        for one in own
        if not one.translatable and one.kind is not Kind.TERMS
    }


def _said(kind: Kind, value: Any, language: str, words: Words) -> Any:
    match kind:
        case Kind.LANGUAGES:
            return _languages(value, language, words)
        case Kind.ORGANISATION:
            return organisation(value, language, words)
        case Kind.ORGANISATIONS:
            return [organisation(key, language, words) for key in value]
        case Kind.MUNICIPALITIES:
            return [_municipality(code, language, words) for code in value]
        case Kind.SCHEDULES:
            return [_schedule(item, language, words) for item in value]
        case Kind.CONTACTS:
            return [_contact(item, language, words) for item in value]
        case Kind.LINKS | Kind.ATTACHMENTS:
            return [item | {"title": _text(item["title"], language)} for item in value]
    return value


def sort_key(name: str) -> str:
    """Return `name` in a form whose plain byte order is the Finnish alphabetical order."""
    return alphabetical(name)[:120]


def _text(texts: Mapping[str, str], language: str) -> dict[str, str] | None:
    found = reading(texts, language)
    return {"text": found.text, "lang": found.lang} if found.text else None


def _texts(
    by_language: Mapping[str, Mapping[str, str]], audience: Audience, language: str
) -> dict[str, dict[str, str]]:
    resolved = {}
    for field in fields.texts_of(audience):
        versions = {code: texts.get(field.name, "") for code, texts in by_language.items()}
        if found := _text(versions, language):
            if field.name == STEPS_FIELD:
                found["text"] = as_course(found["text"])
            resolved[field.name] = found
    return resolved


def _terms(field: Field, chosen: Collection[str], language: str, words: Words) -> list[dict[str, Any]]:
    vocabulary = field.vocabulary or ""
    return [term_item(words, vocabulary, key, language) for key in words.keys(vocabulary) if key in chosen]


def _languages(items: list[dict[str, Any]], language: str, words: Words) -> list[dict[str, Any]]:
    resolved = []
    for item in items:
        level = words.terms.get(("language_level", item["level"])) if item["level"] else None
        resolved.append(
            {
                "key": item["language"],
                "label": words.label("service_language", item["language"], language),
                "level": item["level"],
                "level_label": reading(level.label, language).text if level else "",
                "level_text": reading(level.description, language).text if level else "",
            }
        )
    return resolved


def organisation(key: str | None, language: str, words: Words) -> dict[str, str] | None:
    """Return an organisation as documents of readers name it; None where it is not known."""
    found = words.organisations.get(key or "")
    return {"id": found.external_id, "name": reading(found.name, language).text} if found else None


def _municipality(code: str | None, language: str, words: Words) -> dict[str, str] | None:
    found = words.municipalities.get(code or "")
    if found is None:
        return None
    return {"code": found.code, "name": reading(found.name, language).text, "slug": found.slug}


def _schedule(item: Mapping[str, Any], language: str, words: Words) -> dict[str, Any]:
    return dict(item) | {
        "place_text": _text(item["place_text"], language),
        "time_text": _text(item["time_text"], language),
        "place": _place(item["place"], language, words),
    }


def _place(key: str | None, language: str, words: Words) -> dict[str, Any] | None:
    found = words.places.get(key or "")
    if found is None:
        return None
    return {
        "id": found.external_id,
        "postal_code": found.postal_code,
        "municipality": found.municipality_id,
        **{name: reading(getattr(found, name), language).text for name in ("name", "street", "city")},
        "info": _text(found.info, language),
        "accessibility": sorted(
            words.label("premises_accessibility", term.key, language) for term in found.accessibility.all()
        ),
    }


def _contact(item: Mapping[str, Any], language: str, words: Words) -> dict[str, Any]:
    return dict(item) | {
        "title": _text(item["title"], language),
        "info": _text(item["info"], language),
        "municipality": _municipality(item["municipality"], language, words),
    }


def facet_keys(public: Mapping[str, Any], words: Words) -> list[str]:
    """Return the keys by which the list's filters find a service, each "parameter:value".

    A service for which the home municipality does not matter is found under every municipality,
    one for all ages under every age band, a category under its parent too.
    """
    keys = []
    for field in fields.of(Audience.PUBLIC):
        if field.kind is Kind.TERMS and field.parameter:
            keys += [f"{field.parameter}:{key}" for key in public[field.name]]
    for key in public["categories"]:
        term = words.terms.get(("category", key))
        if term and term.parent:
            keys.append(f"category:{term.parent.key}")
    keys += [f"language:{item['language']}" for item in public["languages"]]
    keys.append("price:paid" if public["paid"] else "price:free")
    codes = words.municipalities if public["any_municipality"] else public["municipalities"]
    keys += [f"municipality:{code}" for code in codes]
    keys += [f"age:{band}" for band in ages_of(public)]
    keys += [f"organisation:{key}" for key in (public["organiser"], *public["producers"]) if key]
    return keys


def ages_of(public: Mapping[str, Any]) -> list[str]:
    """Return the age bands that the service's own limits overlap."""
    if public["all_ages"]:
        return list(AGE_BANDS)
    youngest, oldest = public["age_min"] or 0, public["age_max"] or 200
    return [band for band, (low, high) in AGE_BANDS.items() if youngest <= high and oldest >= low]


def _search_texts(document: Document, language: str) -> list[tuple[str, str, str]]:
    """Return what a search looks through: each text in the language that it has."""
    found: list[tuple[str, str, str]] = []
    for field in fields.of(Audience.PUBLIC):
        if field.weight is None:
            continue
        if field.kind is Kind.WORDS:
            found.append((field.weight, language, document[field.name]))
        elif not field.translatable:
            labels = [term["label"] for term in document["terms"][field.name]]
            found.append((field.weight, language, "\n".join(labels)))
        elif text := document["texts"].get(field.name):
            words = plain(text["text"]) if field.kind is Kind.RICH else text["text"]
            found.append((field.weight, text["lang"], words))
    names = {item["name"] for item in (document["organiser"], *document["producers"]) if item}
    found.append(("C", language, "\n".join(sorted(names))))
    found.append(("D", language, "\n".join(item["name"] for item in document["municipalities"])))
    return [one for one in found if one[2]]
