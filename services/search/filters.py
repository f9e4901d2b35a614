"""The filters of the list: which values each can take, and what they are called.

The pages and the interface for other systems share them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orgs.localised import reading
from services.fields import FIELDS, Kind, Label
from services.read_model import AGE_BANDS
from services.search.query import FILTERS as NAMES
from services.vocabularies import Words

_VOCABULARIES: Mapping[str, str] = {
    one.parameter: one.vocabulary
    for one in FIELDS
    if one.parameter and one.vocabulary and one.kind in (Kind.TERMS, Kind.LANGUAGES)
} | {"age": "age_band"}
# What filters are called; one that is not here has its field's own label.
_LABELS: Mapping[str, Label] = {one.parameter: one.label for one in FIELDS if one.parameter} | {
    "municipality": _("Home municipality"),
    "how": _("How it is carried out"),
    "life_situation": _("Your situation"),
    "need": _("What you need help with"),
    "category": _("Category"),
    "language": _("Language of the service"),
    "price": _("Price"),
    "age": _("Age"),
    "accessibility": _("Accessibility"),
    "audience": _("For whom"),
    "organisation": _("Organiser"),
}
_PRICES: Mapping[str, str | Promise] = {
    "free": pgettext_lazy("price", "Free of charge"),
    "paid": pgettext_lazy("price", "Costs something"),
}


@dataclass(frozen=True)
class Filter:
    """A filter of the list: its name in addresses, its label, and the vocabulary of its values, if any."""

    parameter: str
    label: Label
    vocabulary: str = ""

    def values(self, words: Words) -> list[str]:
        """Return the values that it can take, in the order in which they are shown."""
        match self.parameter:
            case "municipality":
                return sorted(words.municipalities, key=lambda code: words.municipalities[code].slug)
            case "organisation":
                return sorted(words.open_organisations)
            case "price":
                return list(_PRICES)
            case "age":
                return [key for key in words.keys(self.vocabulary) if key in AGE_BANDS]
        return words.keys(self.vocabulary)

    def choice(self, key: str, language: str, words: Words) -> str:
        """Return the words for one of its values."""
        match self.parameter:
            case "municipality":
                return reading(words.municipalities[key].name, language).text
            case "organisation":
                return reading(words.organisations[key].name, language).text
            case "price":
                return str(_PRICES[key])
        return words.label(self.vocabulary, key, language)

    def parent(self, key: str, words: Words) -> str | None:
        """Return the value above one of its values, where there is one."""
        term = words.terms.get((self.vocabulary, key))
        return term.parent.key if term and term.parent else None


FILTERS: Mapping[str, Filter] = {
    name: Filter(name, _LABELS[name], _VOCABULARIES.get(name, "")) for name in NAMES
}


def known_values(words: Words) -> dict[str, list[str]]:
    """Return the values that each filter can take, in the order in which they are shown."""
    return {name: one.values(words) for name, one in FILTERS.items()}
