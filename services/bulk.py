"""Writing many new services at once: a few statements for hundreds of services.

For generated load-test content only: it makes new services and never touches one that exists, so there is no
history to bypass.
"""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import models, transaction

from services import fields, publishing
from services.fields import Audience, Kind
from services.generated import Generated
from services.models import (
    Contact,
    InstructionText,
    PublishedService,
    Schedule,
    ScheduleDate,
    Service,
    ServiceLanguage,
    ServiceText,
    ServiceVersion,
    StatutoryOption,
)
from services.vocabularies import Words


@transaction.atomic
def publish_new(
    items: Sequence[Generated], words: Words, languages: Sequence[str], at: datetime.datetime
) -> int:
    """Write and publish those of `items` that do not exist yet; return how many were written."""
    ids = [item.external_id for item in items]
    present = set(Service.objects.filter(external_id__in=ids).values_list("external_id", flat=True))
    new = [item for item in items if item.external_id not in present]
    options = {(o.kind, o.key): o for o in StatutoryOption.objects.all()}
    services = Service.objects.bulk_create(_service(item, words, options, at) for item in new)
    pairs = list(zip(services, new, strict=True))
    for field in fields.of(Audience.PUBLIC):
        _write_set(field, pairs, words)
    for audience, model in ((Audience.PUBLIC, ServiceText), (Audience.INTERNAL, InstructionText)):
        rows: list[Any] = [
            model(service=service, language=language, **texts)
            for service, item in pairs
            for language, texts in item.document[audience.value]["texts"].items()
        ]
        model._default_manager.bulk_create(rows)
    _write_parts(pairs, words)
    versions = ServiceVersion.objects.bulk_create(
        ServiceVersion(
            service=service,
            number=1,
            languages=sorted(item.document["public"]["texts"]),
            public_document=item.document["public"],
            internal_document=item.document["internal"],
            published_at=at,
        )
        for service, item in pairs
    )
    rows = [publishing.row_of(version, language, words) for version in versions for language in languages]
    PublishedService.objects.bulk_create(rows)
    return len(new)


def _service(
    item: Generated, words: Words, options: dict[tuple[str, str], StatutoryOption], at: datetime.datetime
) -> Service:
    public, internal = item.document["public"], item.document["internal"]
    return Service(
        external_id=item.external_id,
        slug=item.slug,
        status=Service.Status.PUBLISHED,
        version_number=1,
        first_published_at=at,
        organiser=words.organisations[public["organiser"]],
        responsible_partner=words.organisations[public["responsible_partner"]],
        responsibility_basis=item.document["editors"]["responsibility_basis"],
        price=Decimal(public["price"]) if public["price"] else None,
        obligation=options["obligation", internal["obligation"]],
        statement=options["statement", internal["statement"]],
        **{name: public[name] for name in ("paid", "all_ages", "any_municipality", "client_consent")},
    )


def _write_set(field: fields.Field, pairs: list[tuple[Service, Generated]], words: Words) -> None:
    if field.kind is Kind.TERMS:
        rows: dict[str, models.Model] = {k: t for (v, k), t in words.terms.items() if v == field.vocabulary}
    elif field.kind is Kind.MUNICIPALITIES:
        rows = dict(words.municipalities)
    elif field.kind is Kind.ORGANISATIONS:
        rows = dict(words.organisations)
    else:
        return
    relation = Service._meta.get_field(field.name)
    assert isinstance(relation, models.ManyToManyField)
    through: Any = relation.remote_field.through
    near, far = relation.m2m_field_name(), relation.m2m_reverse_field_name()
    through._default_manager.bulk_create(
        through(**{near: service, far: rows[key]})
        for service, item in pairs
        for key in item.document["public"][field.name]
    )


def _write_parts(pairs: list[tuple[Service, Generated]], words: Words) -> None:
    ServiceLanguage.objects.bulk_create(
        ServiceLanguage(service=service, language=words.terms["service_language", language["language"]])
        for service, item in pairs
        for language in item.document["public"]["languages"]
    )
    Contact.objects.bulk_create(
        Contact(
            service=service,
            audience="public",
            **{name: contact[name] for name in ("kind", "name", "title", "email", "phone", "info")},
        )
        for service, item in pairs
        for contact in item.document["public"]["contacts"]
    )
    planned = [
        (service, schedule) for service, item in pairs for schedule in item.document["public"]["schedules"]
    ]
    schedules = Schedule.objects.bulk_create(
        Schedule(service=service, kind=schedule["kind"], hours=schedule["hours"])
        for service, schedule in planned
    )
    ScheduleDate.objects.bulk_create(
        ScheduleDate(
            schedule=row,
            starts=datetime.date.fromisoformat(date["starts"]),
            ends=datetime.date.fromisoformat(date["ends"]),
        )
        for row, (_service, schedule) in zip(schedules, planned, strict=True)
        for date in schedule["dates"]
    )
