"""The filters of the list: which values each can take, and what they are called."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orgs.localised import reading
from services.fields import FIELDS, Kind, Label
from services.read_model import AGE_BANDS
from services.vocabularies import Words

VOCABULARY_OF: dict[str, str] = {
    one.parameter: one.vocabulary
    for one in FIELDS
    if one.parameter and one.vocabulary and one.kind in (Kind.TERMS, Kind.LANGUAGES)
} | {"age": "age_band"}
# What filters are called; one that is not here has its field's own label.
FILTER_LABELS: dict[str, Label] = {one.parameter: one.label for one in FIELDS if one.parameter} | {
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
PRICE_LABELS: dict[str, str | Promise] = {
    "free": pgettext_lazy("price", "Free of charge"),
    "paid": pgettext_lazy("price", "Costs something"),
}


def known_values(words: Words) -> dict[str, list[str]]:
    """Return the values that each filter can take, in the order in which they are shown."""
    known = {parameter: words.keys(vocabulary) for parameter, vocabulary in VOCABULARY_OF.items()}
    known["municipality"] = sorted(words.municipalities, key=lambda c: words.municipalities[c].slug)
    known["organisation"] = sorted(words.open_organisations)
    known["price"] = list(PRICE_LABELS)
    known["age"] = [key for key in known["age"] if key in AGE_BANDS]
    return known


def choice_label(parameter: str, key: str, language: str, words: Words) -> str:
    """Return the words for one value of a filter."""
    if parameter == "municipality":
        return reading(words.municipalities[key].name, language).text
    if parameter == "organisation":
        return reading(words.organisations[key].name, language).text
    if parameter == "price":
        return str(PRICE_LABELS[key])
    return words.label(VOCABULARY_OF[parameter], key, language)
