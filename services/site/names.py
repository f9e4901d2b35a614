"""Names in the order in which Finnish and Swedish readers look for them."""

from collections.abc import Iterable

from orgs.localised import reading
from orgs.models import Municipality

# The Nordic order: å, ä and ö come after z.
_NORDIC = str.maketrans({"å": "{", "ä": "|", "ö": "}"})


def by_name(municipalities: Iterable[Municipality], language: str) -> list[dict[str, str]]:
    """Return municipalities as code, slug and name, in the order of their names in `language`."""
    named = [{"code": m.code, "slug": m.slug, "name": reading(m.name, language).text} for m in municipalities]
    return sorted(named, key=lambda item: nordic(item["name"]))


def nordic(name: str) -> str:
    """Return a key that puts names in Finnish and Swedish order."""
    return name.casefold().translate(_NORDIC)
