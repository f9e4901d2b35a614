"""A service's working copy as one plain document, and back.

The document has a section for each audience (`public`, `internal`, `editors`), holds keys and ids
instead of rows, and is what versions freeze, what the exchange format carries and what the rules of
completeness look at. `read` and `write` are inverse: writing what was read changes nothing.
"""

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Prefetch, QuerySet

from orgs.models import Municipality, Organisation
from services import fields
from services.fields import Audience, Document, Field, Kind
from services.models import (
    Attachment,
    Contact,
    InstructionText,
    Link,
    MunicipalInstruction,
    Place,
    Schedule,
    ScheduleDate,
    Service,
    ServiceLanguage,
    ServiceText,
    StatutoryOption,
    Term,
)
from services.rich_text import sanitise

TEXT_MODELS: dict[Audience, type[ServiceText] | type[InstructionText]] = {
    Audience.PUBLIC: ServiceText,
    Audience.INTERNAL: InstructionText,
}
_RELATIONS = ("texts", "instructions", "municipal_instructions", "languages__language", "languages__level")
_KEYS = (
    *("producers", "audiences", "life_situations", "needs", "categories", "delivery"),
    *("accessibility", "municipalities", "related", "benefits", "contacts", "links", "attachments"),
)


def with_parts(services: "QuerySet[Service, Service]") -> "QuerySet[Service, Service]":
    """Load everything that `read` needs in a fixed number of queries."""
    schedules = Schedule.objects.select_related("place").prefetch_related("dates", "place__accessibility")
    lookups: list[Any] = [*_RELATIONS, *_KEYS, Prefetch("schedules", queryset=schedules)]
    rows = services.select_related("organiser", "responsible_partner", "obligation", "statement")
    return rows.prefetch_related(*lookups)


def read(service: Service) -> Document:
    """Return the working copy of `service` as a document; empty texts are left out."""
    document: Document = {audience.value: _read_fields(service, audience) for audience in Audience}
    document["public"]["texts"] = _read_texts(service.texts.all(), Audience.PUBLIC)
    document["internal"]["texts"] = _read_texts(service.instructions.all(), Audience.INTERNAL)
    document["internal"]["municipal"] = _read_municipal(service)
    return document


def _read_fields(service: Service, audience: Audience) -> dict[str, Any]:
    return {
        field.name: _READERS[field.kind](service, field)
        for field in fields.of(audience)
        if not field.translatable
    }


def _plain(service: Service, field: Field) -> Any:
    return getattr(service, field.name)


def _choice(service: Service, field: Field) -> str | None:
    return getattr(service, field.name) or None


def _money(service: Service, field: Field) -> str | None:
    value: Decimal | None = getattr(service, field.name)
    return None if value is None else f"{value:.2f}"


def _keys(attribute: str) -> Any:
    def read_keys(service: Service, field: Field) -> list[str]:
        rows: Iterable[models.Model] = getattr(service, field.name).all()
        return sorted(getattr(row, attribute) for row in rows)

    return read_keys


def _key(attribute: str) -> Any:
    def read_key(service: Service, field: Field) -> str | None:
        row = getattr(service, field.name)
        return None if row is None else str(getattr(row, attribute))

    return read_key


def _languages(service: Service, _field: Field) -> list[dict[str, Any]]:
    return [
        {"language": row.language.key, "level": row.level.key if row.level else None}
        for row in service.languages.all()
    ]


def _schedules(service: Service, _field: Field) -> list[dict[str, Any]]:
    return [
        {
            "kind": row.kind,
            "place": read_place(row.place) if row.place else None,
            "dates": [_date(date) for date in row.dates.all()],
            "hours": row.hours,
            "place_text": row.place_text,
            "time_text": row.time_text,
        }
        for row in service.schedules.all()
    ]


def read_place(place: Place) -> dict[str, Any]:
    """Return a place as it stands in documents."""
    return {
        "id": place.external_id,
        "name": place.name,
        "street": place.street,
        "postal_code": place.postal_code,
        "city": place.city,
        "municipality": place.municipality_id,
        "accessibility": sorted(term.key for term in place.accessibility.all()),
        "info": place.info,
    }


def _date(date: ScheduleDate) -> dict[str, Any]:
    return {
        "starts": date.starts.isoformat(),
        "ends": date.ends and date.ends.isoformat(),
        "from": date.from_time and date.from_time.isoformat("minutes"),
        "to": date.to_time and date.to_time.isoformat("minutes"),
        "apply_by": date.apply_by and date.apply_by.isoformat(),
    }


_CONTACT_COLUMNS = ("kind", "name", "title", "email", "phone", "info")
_LINK_COLUMNS = ("url", "title")
_ATTACHMENT_COLUMNS = ("title", "filename", "content_type", "size", "sha256")


def _contacts(service: Service, field: Field) -> list[dict[str, Any]]:
    return [
        {name: getattr(row, name) for name in _CONTACT_COLUMNS} | {"municipality": row.municipality_id}
        for row in service.contacts.all()
        if row.audience == field.audience.value
    ]


def _links(service: Service, field: Field) -> list[dict[str, Any]]:
    return [
        {name: getattr(row, name) for name in _LINK_COLUMNS}
        for row in service.links.all()
        if row.audience == field.audience.value
    ]


def _attachments(service: Service, field: Field) -> list[dict[str, Any]]:
    return [
        {"id": str(row.id)} | {name: getattr(row, name) for name in _ATTACHMENT_COLUMNS}
        for row in service.attachments.all()
        if row.audience == field.audience.value
    ]


_READERS: dict[Kind, Any] = {
    Kind.FLAG: _plain,
    Kind.CHOICE_FLAG: _plain,
    Kind.NUMBER: _plain,
    Kind.CHOICE: _choice,
    Kind.MONEY: _money,
    Kind.TERMS: _keys("key"),
    Kind.OPTIONS: _keys("key"),
    Kind.ORGANISATIONS: _keys("external_id"),
    Kind.SERVICES: _keys("external_id"),
    Kind.MUNICIPALITIES: _keys("code"),
    Kind.ORGANISATION: _key("external_id"),
    Kind.OPTION: _key("key"),
    Kind.LANGUAGES: _languages,
    Kind.SCHEDULES: _schedules,
    Kind.CONTACTS: _contacts,
    Kind.LINKS: _links,
    Kind.ATTACHMENTS: _attachments,
}


def _read_texts(rows: Iterable[ServiceText | InstructionText], audience: Audience) -> dict[str, Any]:
    texts = {row.language: _non_empty(row, fields.texts_of(audience)) for row in rows}
    return {language: found for language, found in sorted(texts.items()) if found}


def _non_empty(row: models.Model, wanted: Iterable[Field]) -> dict[str, str]:
    return {field.name: value for field in wanted if (value := getattr(row, field.name))}


def _read_municipal(service: Service) -> list[dict[str, Any]]:
    by_code: dict[str, dict[str, Any]] = {}
    for row in service.municipal_instructions.all():
        if found := _non_empty(row, fields.MUNICIPAL_TEXTS):
            by_code.setdefault(row.municipality_id, {})[row.language] = found
    return [
        {"municipality": code, "texts": dict(sorted(texts.items()))}
        for code, texts in sorted(by_code.items())
    ]


# Writing. The caller holds a transaction and has checked the document (services.exchange.check).


def write(service: Service, document: Document) -> None:
    """Make the working copy of the saved `service` equal to `document`.

    Raises DoesNotExist errors for keys that no row has and IntegrityError for values that the
    database refuses; run it in a transaction.
    """
    for audience in Audience:
        for field in fields.of(audience):
            if not field.translatable and field.kind in _SCALARS:
                setattr(
                    service, field.name, _SCALARS[field.kind](field, document[audience.value][field.name])
                )
    service.save()
    for audience in Audience:
        for field in fields.of(audience):
            if field.kind in _SETS and not field.translatable:
                related = _SETS[field.kind](field, document[audience.value][field.name])
                getattr(service, field.name).set(related)
    _write_languages(service, document["public"]["languages"])
    _write_schedules(service, document["public"]["schedules"])
    for audience in (Audience.PUBLIC, Audience.INTERNAL):
        section = document[audience.value]
        _write_lists(service, audience, section)
        _write_texts(service, audience, section["texts"])
    _write_municipal(service, document["internal"]["municipal"])


def _as_is(_field: Field, value: Any) -> Any:
    return value


def _as_choice(_field: Field, value: str | None) -> str:
    return value or ""


def _as_money(_field: Field, value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _as_organisation(_field: Field, value: str | None) -> Organisation | None:
    return None if value is None else Organisation.objects.get(external_id=value)


def _as_option(field: Field, value: str | None) -> StatutoryOption | None:
    return None if value is None else StatutoryOption.objects.get(kind=field.vocabulary, key=value)


_SCALARS: dict[Kind, Any] = {
    Kind.FLAG: _as_is,
    Kind.CHOICE_FLAG: _as_is,
    Kind.NUMBER: _as_is,
    Kind.CHOICE: _as_choice,
    Kind.MONEY: _as_money,
    Kind.ORGANISATION: _as_organisation,
    Kind.OPTION: _as_option,
}
_SETS: dict[Kind, Any] = {
    Kind.TERMS: lambda field, keys: Term.objects.filter(vocabulary=field.vocabulary, key__in=keys),
    Kind.OPTIONS: lambda field, keys: StatutoryOption.objects.filter(kind=field.vocabulary, key__in=keys),
    Kind.ORGANISATIONS: lambda _field, ids: Organisation.objects.filter(external_id__in=ids),
    Kind.SERVICES: lambda _field, ids: Service.objects.filter(external_id__in=ids),
    Kind.MUNICIPALITIES: lambda _field, codes: Municipality.objects.filter(code__in=codes),
}


def _write_languages(service: Service, wanted: list[dict[str, Any]]) -> None:
    terms = {
        (term.vocabulary, term.key): term
        for term in Term.objects.filter(vocabulary__in=("service_language", "language_level"))
    }
    service.languages.all().delete()
    for position, item in enumerate(wanted):
        ServiceLanguage.objects.create(
            service=service,
            language=terms["service_language", item["language"]],
            level=terms["language_level", item["level"]] if item["level"] else None,
            position=position,
        )


def _write_schedules(service: Service, wanted: list[dict[str, Any]]) -> None:
    service.schedules.all().delete()
    for position, item in enumerate(wanted):
        place = write_place(item["place"]) if item["place"] else None
        schedule = Schedule.objects.create(
            service=service,
            position=position,
            place=place,
            **{name: item[name] for name in ("kind", "hours", "place_text", "time_text")},
        )
        ScheduleDate.objects.bulk_create(
            ScheduleDate(
                schedule=schedule,
                position=index,
                starts=datetime.date.fromisoformat(date["starts"]),
                ends=_day(date["ends"]),
                apply_by=_day(date["apply_by"]),
                from_time=_moment(date["from"]),
                to_time=_moment(date["to"]),
            )
            for index, date in enumerate(item["dates"])
        )


def _day(value: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(value) if value else None


def _moment(value: str | None) -> datetime.time | None:
    return datetime.time.fromisoformat(value) if value else None


def write_place(wanted: Mapping[str, Any]) -> Place:
    """Return the place with the id of `wanted`, made from it where it is not known yet.

    A known place is left as it is: it belongs to all its services.
    """
    known = Place.objects.filter(external_id=wanted["id"]).first()
    return known or save_place(Place(external_id=wanted["id"]), wanted)


def save_place(place: Place, wanted: Mapping[str, Any]) -> Place:
    """Save `place` with the values of `wanted`."""
    for name in ("name", "street", "postal_code", "city", "info"):
        setattr(place, name, wanted[name])
    place.municipality_id = wanted["municipality"]
    place.save()
    place.accessibility.set(
        Term.objects.filter(vocabulary="premises_accessibility", key__in=wanted["accessibility"])
    )
    return place


def _write_lists(service: Service, audience: Audience, section: Mapping[str, Any]) -> None:
    common = {"service": service, "audience": audience.value}
    service.contacts.filter(audience=audience.value).delete()
    service.links.filter(audience=audience.value).delete()
    service.attachments.filter(audience=audience.value).delete()
    for position, item in enumerate(section["contacts"]):
        Contact.objects.create(
            **common,
            position=position,
            municipality_id=item["municipality"],
            **{name: item[name] for name in _CONTACT_COLUMNS},
        )
    for position, item in enumerate(section["links"]):
        Link.objects.create(**common, position=position, **{n: item[n] for n in _LINK_COLUMNS})
    for position, item in enumerate(section["attachments"]):
        Attachment.objects.create(
            id=item["id"], **common, position=position, **{n: item[n] for n in _ATTACHMENT_COLUMNS}
        )


def _write_texts(service: Service, audience: Audience, wanted: Mapping[str, Mapping[str, str]]) -> None:
    model = TEXT_MODELS[audience]
    model._default_manager.filter(service=service).exclude(language__in=wanted).delete()
    for language, texts in wanted.items():
        _save_texts(model, {"service": service, "language": language}, fields.texts_of(audience), texts)


def _write_municipal(service: Service, wanted: list[dict[str, Any]]) -> None:
    kept = []
    for part in wanted:
        for language, texts in part["texts"].items():
            row = {"service": service, "municipality_id": part["municipality"], "language": language}
            kept.append(_save_texts(MunicipalInstruction, row, fields.MUNICIPAL_TEXTS, texts))
    service.municipal_instructions.exclude(pk__in=kept).delete()


def _save_texts(
    model: type[models.Model], row: dict[str, Any], wanted: Iterable[Field], texts: Mapping[str, str]
) -> Any:
    """Save one row of texts where anything in it changed; unchanged rows get no history entry."""
    manager = model._default_manager
    found = manager.filter(**row).first() or model(**row)
    values = {
        field.name: sanitise(texts.get(field.name, ""))
        if field.kind is Kind.RICH
        else texts.get(field.name, "").strip()
        for field in wanted
    }
    if found.pk is None or any(getattr(found, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(found, name, value)
        found.save()
    return found.pk
