"""Which services name a term, a statutory option or a place, read from their documents."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F

from services import lifting
from services.fields import FIELDS, Field, Kind
from services.models import PublishedService, ServiceVersion, WorkingCopy

PLACES = "place"  # what services name besides terms and options


@dataclass
class Uses:
    """The services that name one key, by their numbers; a service may stand in each set."""

    published: set[int] = field(default_factory=set)
    # By what is being written, or was published once.
    otherwise: set[int] = field(default_factory=set)

    @property
    def elsewhere(self) -> int:
        """Return how many services name it without showing it to readers."""
        return len(self.otherwise - self.published)

    def __bool__(self) -> bool:
        return bool(self.published or self.otherwise)


def keys_in(one: Field, value: Any, vocabulary: str) -> Iterator[str]:
    """Yield the keys of a vocabulary, of a kind of options or of places that a field's value names."""
    if one.kind is Kind.SCHEDULES and vocabulary == PLACES:
        yield from (item["place"] for item in value if item["place"])
    elif one.kind is Kind.LANGUAGES and vocabulary in _LANGUAGE_PARTS:
        part = _LANGUAGE_PARTS[vocabulary]
        yield from (item[part] for item in value if item[part])
    elif one.vocabulary == vocabulary:
        yield from [value] if isinstance(value, str) else value or ()


_LANGUAGE_PARTS = {"service_language": "language", "language_level": "level"}


def _names(one: Field, vocabulary: str) -> bool:
    """Tell whether a field can name keys of a vocabulary at all."""
    if one.kind is Kind.SCHEDULES:
        return vocabulary == PLACES
    return vocabulary in _LANGUAGE_PARTS if one.kind is Kind.LANGUAGES else one.vocabulary == vocabulary


def of(vocabulary: str) -> Mapping[str, Uses]:
    """Return who names each key of a vocabulary, of a kind of options or of `PLACES`; two queries a field."""
    found: defaultdict[str, Uses] = defaultdict(Uses)
    shown_now = set(PublishedService.objects.order_by().values_list("service", "number").distinct())
    for one in FIELDS:
        if not _names(one, vocabulary):
            continue
        for service, number, value in _published(one):
            shown = (service, number) in shown_now
            for key in keys_in(one, value, vocabulary):
                (found[key].published if shown else found[key].otherwise).add(service)
        for service, value in _written(one):
            for key in keys_in(one, value, vocabulary):
                found[key].otherwise.add(service)
    return found


def _published(one: Field) -> Iterator[tuple[int, int, Any]]:
    value = F(f"{one.audience.value}_document__{one.name}")
    rows = ServiceVersion.objects.order_by().values_list("pk", "service", "number", "shape", value)
    earlier = []
    for key, service, number, shape, found in rows:
        if lifting.changes(shape):
            earlier.append(key)
        else:
            yield service, number, one.empty if found is None else found
    for version in ServiceVersion.objects.filter(pk__in=earlier) if earlier else ():
        yield version.service_id, version.number, version.section(one.audience)[one.name]


def _written(one: Field) -> Iterator[tuple[int, Any]]:
    value = F(f"{one.audience.value}__{one.name}")
    earlier = []
    for service, shape, found in WorkingCopy.objects.values_list("service", "shape", value):
        if lifting.changes(shape):
            earlier.append(service)
        else:
            yield service, one.empty if found is None else found
    for copy in WorkingCopy.objects.filter(pk__in=earlier) if earlier else ():
        yield copy.service_id, copy.document[one.audience.value][one.name]
