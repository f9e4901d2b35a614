"""How many services each partner answers for, by basis, beside its cost share."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from django.db.models import Count

from orgs import clock
from orgs.models import Agreement, Organisation
from services.models.transfer import Basis
from services.responsible.selection import Services, with_basis


@dataclass
class Balance:
    """A partner's services by basis; `share` of the costs is None without an agreement."""

    partner: Organisation
    share: Fraction | None
    by_basis: dict[str, int] = field(default_factory=dict)
    of_all: Fraction = Fraction(0)

    @property
    def total(self) -> int:
        """Return how many there are."""
        return sum(self.by_basis.values())

    @property
    def counts(self) -> list[int]:
        """Return how many there are of each basis, in the order of the bases."""
        return [self.by_basis.get(one, 0) for one in Basis.values]


def balances(services: Services) -> list[Balance]:
    """Return what each partner answers for among some services; partners that are open, by name."""
    shares = _shares()
    found = {
        one.pk: Balance(one, shares.get(one))
        for one in sorted(Organisation.objects.partners(), key=lambda one: str(one).lower())
    }
    rows = with_basis(services).order_by().values_list("responsible_partner", "basis")
    for partner, basis, count in rows.annotate(count=Count("pk")):
        if partner in found:
            found[partner].by_basis[basis or ""] = count
    every = sum(one.total for one in found.values())
    for one in found.values():
        one.of_all = Fraction(one.total, every) if every else Fraction(0)
    return list(found.values())


def totals(rows: Iterable[Balance]) -> list[int]:
    """Return how many services there are of each basis."""
    return [sum(column) for column in zip(*(row.counts for row in rows), strict=True)]


def _shares() -> Mapping[Organisation, Fraction]:
    today = clock.today()
    agreement = Agreement.objects.covering(today)
    return agreement.agreed_on(today).by_partner() if agreement else {}
