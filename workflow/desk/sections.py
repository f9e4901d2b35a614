"""The sections of a service's form: which of them a person may write, and what each still lacks."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from orgs import access
from orgs.localised import SOURCE_LANGUAGE
from orgs.models import Municipality, User
from orgs.roles import Capability, organisations_of
from services.access import municipalities_written_by, writable_fields
from services.completeness import Missing
from services.fields import GROUP_LABELS, MUNICIPAL_TEXTS, Audience, Document, Field, Label
from services.models import Service
from services.tracks import INTERNAL, PUBLIC, Part, municipal
from workflow.desk.section_form import path_of, value_at
from workflow.models import Run

MUNICIPAL = "municipality-"  # before the code, in the key of a municipality's section


@dataclass(frozen=True)
class Section:
    """A page of the form: its part of the address, its heading, its fields."""

    key: str
    label: Label
    fields: tuple[Field, ...]
    municipality: Municipality | None = None

    @property
    def part(self) -> Part:
        """Return the part of the service to which the section belongs."""
        if self.municipality is not None:
            return municipal(self.municipality.code)
        return INTERNAL if self.internal else PUBLIC

    @property
    def internal(self) -> bool:
        """Tell whether customers and providers never see what is written here."""
        return self.fields[0].audience is not Audience.PUBLIC

    def is_written(self, document: Document) -> bool:
        """Tell whether anything stands in the section, in any language; a flag that says no is nothing."""
        code = self.municipality.code if self.municipality else None
        languages = dict(settings.LANGUAGES)
        places = {path_of(field, language, code) for field in self.fields for language in languages}
        return any(value_at(document, path) not in (None, "", [], False) for path in places)

    def lacks(self, missing: Sequence[Missing]) -> list[Missing]:
        """Return those of the missing values that are asked for here."""
        return [] if self.municipality else [one for one in missing if one.field in self.fields]


def sections_for(user: User, service: Service, asked: str = "") -> list[Section]:
    """Return the sections of a service that a person may write, in order; none for most people.

    A municipality's own part is written on any service that has been public, whoever answers for it.
    Who writes all of them gets those of the responsible partner, and the one that is `asked` for.
    """
    fields = writable_fields(user, service)
    groups = dict.fromkeys(field.group for field in fields)
    found = [
        Section(group.value, GROUP_LABELS[group], tuple(field for field in fields if field.group is group))
        for group in groups
    ]
    return found + [
        Section(
            f"{MUNICIPAL}{one.code}",
            _("Own instructions: %(municipality)s") % {"municipality": one},
            MUNICIPAL_TEXTS,
            one,
        )
        for one in (_municipalities(user, service, asked) if fields or service.first_published_at else ())
    ]


def _municipalities(user: User, service: Service, asked: str) -> list[Municipality]:
    """Return the municipalities whose part the person writes."""
    if organisations_of(Capability.WRITE_MUNICIPAL, access.positions(user)) is None:
        wanted = Q(partners=service.responsible_partner_id) | Q(code=asked.removeprefix(MUNICIPAL))
        return list(Municipality.objects.filter(wanted).distinct())
    return list(municipalities_written_by(user))


def address_of(run: Run) -> str:
    """Return the address of the page on which a run's steps stand, for whoever may take them."""
    if run.municipality is not None:
        return section_address(run.service, f"{MUNICIPAL}{run.municipality.code}")
    return reverse("desk:service", args=[run.service.external_id])


def section_of(field: Field) -> str:
    """Return the key of the section in which a field is written."""
    return field.group.value


def section_address(service: Service, key: str, language: str = SOURCE_LANGUAGE, anchor: str = "") -> str:
    """Return the address of a section's page, in the tab of a language, at one of its boxes."""
    address = reverse("desk:edit", args=[service.external_id, key])
    tab = "" if language == SOURCE_LANGUAGE else f"?lang={language}"
    return f"{address}{tab}{f'#{anchor}' if anchor else ''}"
