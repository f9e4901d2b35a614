"""Which organisations stand in a relation to a service: of one service, and as a condition for many.

Source: docs/rules.md section 3: a service belongs to who organises or produces it, and one partner is
responsible for it.
"""

from collections.abc import Collection

from django.db.models import ManyToManyField, Q

from orgs.models import Organisation
from orgs.roles import Relation, Relations
from services.models import Service

# The service's fields by which the relation goes: the only place that says so.
_FIELDS = {Relation.OWN: ("producers", "organiser"), Relation.RESPONSIBLE: ("responsible_partner",)}


def organisations_in(service: Service, relation: Relation) -> list[Organisation]:
    """Return the organisations that stand in a relation to a service, each once."""
    found: dict[int, Organisation] = {}
    for name in _FIELDS[relation]:
        value = getattr(service, name)
        several = value.all() if _is_many(name) else [value]
        found |= {one.pk: one for one in several if one is not None}
    return list(found.values())


def relations(service: Service) -> Relations:
    """Return the numbers of the organisations that stand in each relation to a service."""
    return {relation: set(_numbers(service, names)) for relation, names in _FIELDS.items()}


def _numbers(service: Service, names: Collection[str]) -> list[int]:
    found: list[int | None] = []
    for name in names:
        if _is_many(name):
            found += [one.pk for one in getattr(service, name).all()]
        else:
            found.append(getattr(service, f"{name}_id"))
    return [number for number in found if number is not None]


def related(relation: Relation, organisations: Collection[int]) -> Q:
    """Return the condition that any of the organisations stands in a relation to a service."""
    matched = Q()
    for name in _FIELDS[relation]:
        if _is_many(name):
            # By themselves: a join would give a service once for each of its organisations.
            among = Service.objects.filter(**{f"{name}__in": organisations})
            matched |= Q(pk__in=among.order_by().values("pk"))
        else:
            matched |= Q(**{f"{name}__in": organisations})
    return matched


def _is_many(name: str) -> bool:
    return isinstance(Service._meta.get_field(name), ManyToManyField)
