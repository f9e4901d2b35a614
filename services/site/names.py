"""Names in the order in which Finnish and Swedish readers look for them."""

from collections.abc import Iterable

from orgs.alphabet import alphabetical
from orgs.localised import reading
from orgs.models import Municipality, Organisation


def by_name(municipalities: Iterable[Municipality], language: str) -> list[dict[str, str]]:
    """Return municipalities as code, slug and name, in the order of their names in `language`."""
    found = [{"code": m.code, "slug": m.slug, "name": reading(m.name, language).text} for m in municipalities]
    return sorted(found, key=lambda item: alphabetical(item["name"]))


def named(organisations: Iterable[Organisation], language: str) -> list[dict[str, str]]:
    """Return organisations as id and name, in the order of their names in `language`."""
    found = [{"id": one.external_id, "name": reading(one.name, language).text} for one in organisations]
    return sorted(found, key=lambda item: alphabetical(item["name"]))
