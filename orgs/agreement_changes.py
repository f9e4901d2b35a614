"""What a change of the agreement changes, term by term and share by share, in words."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from orgs import dates, money
from orgs.models import AgreedTerms, Organisation
from orgs.shares import percent
from orgs.terms import FIELDS, Value

Agreed = tuple[AgreedTerms, Mapping[Organisation, Fraction]]


@dataclass(frozen=True)
class Difference:
    """A term or a share that is another than before, in words; an empty text where there was none."""

    label: str
    before: str
    after: str


def differences(before: Agreed, after: Agreed) -> list[Difference]:
    """Return the terms that are others, in the order of the agreement, and the partners' other shares."""
    return [*_of_terms(before[0], after[0]), *_of_shares(before[1], after[1])]


def _of_terms(before: AgreedTerms, after: AgreedTerms) -> Iterator[Difference]:
    for field in FIELDS:
        old, new = getattr(before.terms, field.name), getattr(after.terms, field.name)
        if old != new:
            yield Difference(str(field.metadata["label"]), _shown(old), _shown(new))


def _of_shares(
    before: Mapping[Organisation, Fraction], after: Mapping[Organisation, Fraction]
) -> Iterator[Difference]:
    for partner in sorted({*before, *after}, key=str):
        if before.get(partner) != after.get(partner):
            label = _("Cost share: %(partner)s") % {"partner": partner}
            yield Difference(label, _share(before.get(partner)), _share(after.get(partner)))


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return money.euros(value)
    return dates.time(value) if isinstance(value, datetime.time) else str(value)


def _share(share: Fraction | None) -> str:
    return _("none") if share is None else percent(share)
