"""One table says everything about a content field.

Forms, the completeness meter, documents, the exchange format's schema, the search index, filters
and the leak tests all read FIELDS. Adding a field is one entry here:
`docs/adding-a-content-field.md`.
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from services import limits

Document = dict[str, Any]
Label = str | Promise


class Audience(Enum):
    """Who may read a field; each audience is a section of a service's document."""

    PUBLIC = "public"
    INTERNAL = "internal"
    EDITORS = "editors"


class Group(Enum):
    """The part of the form and of the page in which a field stands, in order."""

    BASICS = "basics"
    AUDIENCE = "audience"
    TIME_AND_PLACE = "time_and_place"
    DESCRIPTION = "description"
    CONTACTS = "contacts"
    GUIDANCE = "guidance"
    OBLIGATION = "obligation"
    ENTRIES = "entries"
    BENEFITS = "benefits"
    EXCEPTIONS = "exceptions"
    MATERIAL = "material"
    PROCUREMENT = "procurement"
    SEARCH = "search"


GROUP_LABELS: dict[Group, Label] = {
    Group.BASICS: _("Basics"),
    Group.AUDIENCE: _("Who it is for"),
    Group.TIME_AND_PLACE: _("Times and places"),
    Group.DESCRIPTION: _("Description"),
    Group.CONTACTS: _("Contacts, links and attachments"),
    Group.GUIDANCE: _("Guidance to the service"),
    Group.OBLIGATION: _("Obligation"),
    Group.ENTRIES: _("Entries in the customer information system"),
    Group.BENEFITS: _("Statements and unemployment benefit"),
    Group.EXCEPTIONS: _("Measures and exceptional situations"),
    Group.MATERIAL: _("Internal contacts, links and attachments"),
    Group.PROCUREMENT: _("Procurement"),
    Group.SEARCH: pgettext_lazy("noun", "Search"),
}


class Kind(Enum):
    """What a field's value is, in a document."""

    LINE = "line"  # one line of plain text
    RICH = "rich"  # sanitised HTML
    WORDS = "words"  # one line that is the same in every language
    FLAG = "flag"  # true or false
    CHOICE_FLAG = "choice_flag"  # true, false or not answered (null)
    MONEY = "money"  # euros with two decimals, as text: "25.00"
    DAY = "day"  # a date, "2026-12-31", or null
    NUMBER = "number"  # a whole number or null
    TERMS = "terms"  # keys of a vocabulary
    OPTION = "option"  # key of a statutory option or null
    OPTIONS = "options"  # keys of statutory options
    ORGANISATION = "organisation"  # id of an organisation or null
    ORGANISATIONS = "organisations"
    MUNICIPALITIES = "municipalities"  # three-digit codes
    LANGUAGES = "languages"  # language of the service with its level
    SCHEDULES = "schedules"
    CONTACTS = "contacts"
    LINKS = "links"
    ATTACHMENTS = "attachments"
    SERVICES = "services"  # ids of other services


# The lists whose items hold texts in several languages, and which of their parts those are.
TEXTS_IN: Mapping[Kind, tuple[str, ...]] = {
    Kind.SCHEDULES: ("place_text", "time_text"),
    Kind.CONTACTS: ("title", "info"),
    Kind.LINKS: ("title",),
    Kind.ATTACHMENTS: ("title",),
}
_EMPTY: Mapping[Kind, Any] = {
    Kind.FLAG: False,
    Kind.WORDS: "",
    **dict.fromkeys((Kind.CHOICE_FLAG, Kind.MONEY, Kind.DAY, Kind.NUMBER, Kind.OPTION, Kind.ORGANISATION)),
}


_LONGEST = {Kind.LINE: limits.LINE, Kind.WORDS: limits.LINE, Kind.RICH: limits.RICH_TEXT}

# Kinds without a language that the public search reads, beside all that is translatable.
SEARCHED_KINDS = (Kind.TERMS, Kind.WORDS)


class Stage(Enum):
    """The step of the pipeline at which a field must be filled in."""

    SUBMISSION = 1
    PUBLICATION = 2


@dataclass(frozen=True)
class Condition:
    """When a field is asked for at all: words for people, and the public field that must answer so.

    Where that field holds a list, `answer` is one of its keys.
    """

    text: Label
    field: str
    answer: bool | str

    def holds(self, document: Mapping[str, Any]) -> bool:
        """Tell whether the document answers so."""
        value = document[Audience.PUBLIC.value][self.field]
        return self.answer in value if isinstance(value, list) else bool(value) is self.answer


@dataclass(frozen=True)
class Field:
    """One content field.

    `name` is the key in the section of documents that is its audience's; where it is translatable, among
    the texts of each language. `max_length` is in characters, where it is not that of its kind. `weight`
    is the search weight A (most) to D. `parameter` is the name in the address of the list when the field
    is a filter. `vocabulary` names the vocabulary or the kind of statutory options its keys are of.
    `when` says when it is asked for at all. A field that is `per_municipality` has texts of single
    municipalities beside the common one. `starts_as` is the value in a new service, where it is not that
    of its kind. `maximum` is a number's.
    """

    name: str
    audience: Audience
    group: Group
    kind: Kind
    label: Label
    required: Stage | None = None
    when: Condition | None = None
    translatable: bool = False
    max_length: int | None = None
    weight: str | None = None
    parameter: str | None = None
    vocabulary: str | None = None
    per_municipality: bool = False
    starts_as: Any = None
    maximum: int = 200
    help: Label = ""

    def __post_init__(self) -> None:
        """Refuse what no part of the system could follow; raises ValueError that says what to do."""
        searched = self.audience is Audience.PUBLIC and self.kind in SEARCHED_KINDS
        if self.weight and not (self.translatable or searched):
            raise ValueError(
                f"{self.name}: the search reads texts, and public words and terms; take the weight away."
            )
        if self.parameter and self.kind is Kind.TERMS and not self.vocabulary:
            raise ValueError(f"{self.name}: a filter by terms needs to know their vocabulary.")

    @property
    def path(self) -> str:
        """Return its name among the fields of all audiences: one that a public field has says whose it is."""
        shared = self.audience is not Audience.PUBLIC and _is_public(self.name)
        return f"{self.audience.value}_{self.name}" if shared else self.name

    @property
    def longest(self) -> int | None:
        """Return how many letters its text may have; None where it is no text."""
        return self.max_length or _LONGEST.get(self.kind)

    @property
    def empty(self) -> Any:
        """Return the value in a new service."""
        return self.starts_as if self.starts_as is not None else copy.copy(_EMPTY.get(self.kind, []))


PAID = Condition(_("when the service costs something"), "paid", True)
AGE_LIMITED = Condition(_("when not everyone of working age may join"), "all_ages", False)
MUNICIPALITY_BOUND = Condition(_("when the home municipality matters"), "any_municipality", False)
CONSENT_ASKED = Condition(_("when the customer's consent is needed"), "client_consent", True)
FOR_JOB_SEEKERS = Condition(_("when the service is for job-seekers"), "audiences", "job_seeker")

_P, _I, _E = Audience.PUBLIC, Audience.INTERNAL, Audience.EDITORS
_SUBMIT, _PUBLISH = Stage.SUBMISSION, Stage.PUBLICATION


def _text(
    name: str, audience: Audience, group: Group, label: Label, *, kind: Kind = Kind.RICH, **more: Any
) -> Field:
    return Field(name, audience, group, kind, label, translatable=True, **more)


FIELDS: tuple[Field, ...] = (
    # Basics
    _text(
        "name",
        _P,
        Group.BASICS,
        _("Name"),
        kind=Kind.LINE,
        required=_SUBMIT,
        max_length=120,
        weight="A",
        help=_("Say what the service is, not what it is called among yourselves."),
    ),
    _text(
        "summary",
        _P,
        Group.BASICS,
        _("Summary"),
        kind=Kind.LINE,
        required=_SUBMIT,
        max_length=250,
        weight="B",
        help=_("What does the person get? Shown in lists and in search results."),
    ),
    Field(
        "organiser",
        _P,
        Group.BASICS,
        Kind.ORGANISATION,
        _("Organiser"),
        required=_SUBMIT,
        parameter="organisation",
    ),
    Field(
        "producers",
        _P,
        Group.BASICS,
        Kind.ORGANISATIONS,
        _("Provider"),
        required=_SUBMIT,
        parameter="organisation",
    ),
    Field(
        "audiences",
        _P,
        Group.BASICS,
        Kind.TERMS,
        _("For whom"),
        required=_SUBMIT,
        vocabulary="audience",
        parameter="audience",
    ),
    Field(
        "categories",
        _P,
        Group.BASICS,
        Kind.TERMS,
        _("Category"),
        required=_SUBMIT,
        vocabulary="category",
        parameter="category",
        weight="C",
    ),
    Field(
        "languages",
        _P,
        Group.BASICS,
        Kind.LANGUAGES,
        _("Language of the service"),
        required=_SUBMIT,
        vocabulary="service_language",
        parameter="language",
    ),
    Field("paid", _P, Group.BASICS, Kind.FLAG, _("The service costs something"), parameter="price"),
    Field("price", _P, Group.BASICS, Kind.MONEY, _("Price"), required=_SUBMIT, when=PAID),
    _text("price_text", _P, Group.BASICS, _("Conditions of the price"), weight="D"),
    # Who it is for
    Field(
        "life_situations",
        _P,
        Group.AUDIENCE,
        Kind.TERMS,
        _("Life situation"),
        required=_SUBMIT,
        vocabulary="life_situation",
        parameter="life_situation",
        weight="C",
    ),
    Field(
        "needs",
        _P,
        Group.AUDIENCE,
        Kind.TERMS,
        _("Service need"),
        required=_SUBMIT,
        vocabulary="need",
        parameter="need",
        weight="C",
    ),
    Field(
        "all_ages",
        _P,
        Group.AUDIENCE,
        Kind.FLAG,
        _("Everyone of working age"),
        parameter="age",
        starts_as=True,
    ),
    Field(
        "age_min",
        _P,
        Group.AUDIENCE,
        Kind.NUMBER,
        _("Youngest age"),
        required=_SUBMIT,
        when=AGE_LIMITED,
        parameter="age",
    ),
    Field("age_max", _P, Group.AUDIENCE, Kind.NUMBER, _("Oldest age"), when=AGE_LIMITED, parameter="age"),
    Field(
        "any_municipality",
        _P,
        Group.AUDIENCE,
        Kind.FLAG,
        _("The home municipality does not matter"),
        parameter="municipality",
    ),
    Field(
        "municipalities",
        _P,
        Group.AUDIENCE,
        Kind.MUNICIPALITIES,
        _("Home municipality"),
        required=_SUBMIT,
        when=MUNICIPALITY_BOUND,
        parameter="municipality",
    ),
    _text("target_group", _P, Group.AUDIENCE, _("Who it is for"), required=_SUBMIT, weight="C"),
    Field(
        "accessibility",
        _P,
        Group.AUDIENCE,
        Kind.TERMS,
        _("Accessibility"),
        vocabulary="accessibility",
        parameter="accessibility",
    ),
    _text("accessibility_text", _P, Group.AUDIENCE, _("More on accessibility"), weight="D"),
    # Times and places
    Field(
        "delivery",
        _P,
        Group.TIME_AND_PLACE,
        Kind.TERMS,
        _("How it is carried out"),
        required=_SUBMIT,
        vocabulary="delivery",
        parameter="how",
    ),
    _text("duration", _P, Group.TIME_AND_PLACE, _("Duration"), kind=Kind.LINE, max_length=120, weight="D"),
    Field("schedules", _P, Group.TIME_AND_PLACE, Kind.SCHEDULES, _("Times and places")),
    # Description
    _text("description", _P, Group.DESCRIPTION, _("Description"), weight="C"),
    _text("participation", _P, Group.DESCRIPTION, _("How to apply"), required=_SUBMIT, weight="C"),
    _text("requirements", _P, Group.DESCRIPTION, _("What is required"), required=_SUBMIT, weight="C"),
    _text("execution", _P, Group.DESCRIPTION, _("How it works"), required=_SUBMIT, weight="C"),
    _text("benefits", _P, Group.DESCRIPTION, _("What you get"), weight="C"),
    Field("client_consent", _P, Group.DESCRIPTION, Kind.FLAG, _("The customer's consent is needed")),
    _text(
        "consent_text", _P, Group.DESCRIPTION, _("What the consent is for"), when=CONSENT_ASKED, weight="D"
    ),
    # Contacts, links and attachments
    Field("contacts", _P, Group.CONTACTS, Kind.CONTACTS, _("Contacts")),
    Field("links", _P, Group.CONTACTS, Kind.LINKS, _("Links")),
    Field("attachments", _P, Group.CONTACTS, Kind.ATTACHMENTS, _("Attachments")),
    Field("related", _P, Group.CONTACTS, Kind.SERVICES, _("See also")),
    # Work instructions
    _text(
        "guidance",
        _I,
        Group.GUIDANCE,
        _("Guidance to the service"),
        required=_PUBLISH,
        when=FOR_JOB_SEEKERS,
        per_municipality=True,
        weight="A",
    ),
    _text(
        "preconditions",
        _I,
        Group.GUIDANCE,
        _("Preconditions for taking part"),
        required=_PUBLISH,
        when=FOR_JOB_SEEKERS,
        weight="B",
    ),
    Field(
        "obligation",
        _I,
        Group.OBLIGATION,
        Kind.OPTION,
        _("Obligation"),
        required=_PUBLISH,
        when=FOR_JOB_SEEKERS,
        vocabulary="obligation",
    ),
    _text(
        "obligation_text",
        _I,
        Group.OBLIGATION,
        _("More on the obligation"),
        required=_PUBLISH,
        when=FOR_JOB_SEEKERS,
        weight="B",
    ),
    _text(
        "system_entries",
        _I,
        Group.ENTRIES,
        _("Entries in the customer information system"),
        required=_PUBLISH,
        when=FOR_JOB_SEEKERS,
        weight="B",
    ),
    Field(
        "statement",
        _I,
        Group.BENEFITS,
        Kind.OPTION,
        _("Statement"),
        required=_PUBLISH,
        when=FOR_JOB_SEEKERS,
        vocabulary="statement",
    ),
    _text(
        "benefit_effects",
        _I,
        Group.BENEFITS,
        _("Effect on unemployment benefit"),
        required=_PUBLISH,
        when=FOR_JOB_SEEKERS,
        weight="B",
    ),
    Field("benefits", _I, Group.BENEFITS, Kind.OPTIONS, _("Other benefits"), vocabulary="benefit"),
    Field(
        "job_search_discussion",
        _I,
        Group.BENEFITS,
        Kind.CHOICE_FLAG,
        _("Counts as a supplementary job-search discussion"),
    ),
    _text("job_search_text", _I, Group.BENEFITS, _("More on the job-search discussion"), weight="C"),
    _text("measures", _I, Group.EXCEPTIONS, _("Measures during the service"), weight="C"),
    _text("exceptions", _I, Group.EXCEPTIONS, _("Exceptional situations"), per_municipality=True, weight="C"),
    Field("archiving", _I, Group.EXCEPTIONS, Kind.FLAG, _("Documents are to be archived")),
    _text(
        "archiving_text",
        _I,
        Group.EXCEPTIONS,
        _("Archiving instructions"),
        per_municipality=True,
        weight="D",
    ),
    Field("contacts", _I, Group.MATERIAL, Kind.CONTACTS, _("Internal contacts")),
    Field("links", _I, Group.MATERIAL, Kind.LINKS, _("Internal links")),
    Field("attachments", _I, Group.MATERIAL, Kind.ATTACHMENTS, _("Internal attachments")),
    # Responsibility
    # What is known of a procurement, for staff
    Field("buyers", _I, Group.PROCUREMENT, Kind.ORGANISATIONS, _("Buyers")),
    Field("contract_starts", _I, Group.PROCUREMENT, Kind.DAY, _("Contract from")),
    Field("contract_ends", _I, Group.PROCUREMENT, Kind.DAY, _("Contract until")),
    Field("contract_number", _I, Group.PROCUREMENT, Kind.WORDS, _("Contract number"), max_length=80),
    _text(
        "contract_options",
        _I,
        Group.PROCUREMENT,
        _("Options of the contract"),
        kind=Kind.LINE,
        max_length=250,
    ),
    # For those who weigh services against each other
    Field(
        "search_boost",
        _E,
        Group.SEARCH,
        Kind.NUMBER,
        _("Search boost (0 to 10)"),
        starts_as=0,
        maximum=10,
    ),
)


def _is_public(name: str) -> bool:
    return any(field.name == name for field in of(Audience.PUBLIC))


def of(audience: Audience) -> tuple[Field, ...]:
    """Return the fields of one audience, in form order."""
    return tuple(field for field in FIELDS if field.audience is audience)


def texts_of(audience: Audience) -> tuple[Field, ...]:
    """Return the translatable text fields of one audience, in form order."""
    return tuple(field for field in of(audience) if field.translatable)


def field(audience: Audience, name: str) -> Field:
    """Return one field; raises KeyError for a name that the audience does not have."""
    for candidate in of(audience):
        if candidate.name == name:
            return candidate
    raise KeyError(f"{audience.value}.{name}")


PARAMETERS: tuple[str, ...] = tuple(
    dict.fromkeys(field.parameter for field in FIELDS if field.parameter is not None)
)
MUNICIPAL_TEXTS: tuple[Field, ...] = tuple(field for field in FIELDS if field.per_municipality)
