"""Which services are listed with their partners, and by what they are narrowed."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from orgs import access, clock
from orgs.access import NotAllowed
from orgs.localised import page_language
from orgs.models import Municipality, Organisation, User
from orgs.roles import Capability
from services.access import services_for
from services.models import Responsibility, Service, Term, WorkingCopy
from services.models.transfer import Basis
from services.models.vocabulary import Vocabulary
from services.names import in_alphabet, named_like

Services = QuerySet[Service, Service]
_KEPT = (Service.Status.PUBLISHED, Service.Status.OUTDATED)
_THEMES = (Vocabulary.CATEGORY, Vocabulary.NEED, Vocabulary.LIFE_SITUATION)
# Where a theme of each vocabulary stands in the public part of a document.
_FIELDS = {
    Vocabulary.CATEGORY: "categories",
    Vocabulary.NEED: "needs",
    Vocabulary.LIFE_SITUATION: "life_situations",
}


def require_reader(user: User) -> None:
    """Refuse all but those who read the agreement or set responsibility (docs/rules.md section 11)."""
    may_read = access.may(user, Capability.READ_AGREEMENT)
    if not (may_read or access.may(user, Capability.SET_RESPONSIBILITY)):
        raise NotAllowed(Capability.READ_AGREEMENT)


def seen_by(user: User) -> Services:
    """Return the services whose partner a person sees: who sets it, all; others no drafts but their own."""
    if access.may(user, Capability.SET_RESPONSIBILITY):
        return Service.objects.all()
    own = services_for(user, Capability.WRITE_PUBLIC).order_by().values("pk")
    return Service.objects.filter(Q(status__in=_KEPT) | Q(pk__in=own))


def live() -> Services:
    """Return the services that are kept up to date: published ones, and those that became outdated."""
    return Service.objects.filter(status__in=_KEPT)


def with_basis(services: Services) -> "QuerySet[Any, Any]":
    """Return services with the basis of today's responsibility as `basis`."""
    rows = Responsibility.objects.filter(service=OuterRef("pk"), starts_on__lte=clock.today())
    return services.annotate(basis=Subquery(rows.order_by("-starts_on", "-pk").values("basis")[:1]))


class SelectionForm(forms.Form):
    """What the list is narrowed by."""

    partner = forms.ModelChoiceField(
        Organisation.objects.filter(kind=Organisation.Kind.PARTNER), label=_("Responsible partner"),
        required=False, to_field_name="external_id", empty_label=_("All"),
    )  # fmt: skip
    basis = forms.ChoiceField(label=_("Basis"), required=False)
    theme = forms.ChoiceField(label=_("Theme"), required=False)
    municipality = forms.ModelChoiceField(
        Municipality.objects.all(), label=_("Municipality"), required=False, to_field_name="code",
        empty_label=_("All"),
    )  # fmt: skip
    procurement = forms.CharField(
        label=_("Procurement"),
        required=False,
        max_length=80,
        help_text=_("The contract's number, or its beginning."),
    )
    words = forms.CharField(label=_("Name has"), required=False, max_length=100)
    status = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, data: Any, user: User) -> None:
        """Offer what this person may narrow by: procurements are internal information."""
        super().__init__(data)
        choices: dict[str, list[Any]] = {
            "basis": [("", _("All")), *Basis.choices, ("proposed", _("Proposed, not accepted yet"))],
            "status": [("", _("All but archived")), *Service.Status.choices],
            "theme": [("", _("All")), *self._themes()],
        }
        for name, offered in choices.items():
            box = self.fields[name]
            assert isinstance(box, forms.ChoiceField)
            box.choices = offered
        if not access.reads_internal(user):
            del self.fields["procurement"]

    @staticmethod
    def _themes() -> list[tuple[str, list[tuple[str, str]]]]:
        rows = list(Term.objects.filter(vocabulary__in=_THEMES).order_by("vocabulary", "position", "pk"))
        return [
            (str(one.label), [(f"{one.value}:{row.key}", str(row)) for row in rows if row.vocabulary == one])
            for one in _THEMES
        ]

    def of(self, services: Services) -> "QuerySet[Any, Any]":
        """Return those of some services that were asked for, by name, with their basis."""
        given = self.cleaned_data
        found = with_basis(services)
        if status := given.get("status"):
            found = found.filter(status=status)
        else:
            found = found.exclude(status=Service.Status.ARCHIVED)
        if partner := given.get("partner"):
            found = found.filter(responsible_partner=partner)
        if basis := given.get("basis"):
            found = found.filter(basis="" if basis == "proposed" else basis)
        if written := self._written():
            found = found.filter(Exists(WorkingCopy.objects.filter(written, service=OuterRef("pk"))))
        if words := given.get("words"):
            found = found.filter(named_like("", words))
        return found.order_by(in_alphabet(page_language()), "pk")

    def _written(self) -> Q:
        """Return the condition on what is written of a service."""
        given, wanted = self.cleaned_data, Q()
        if theme := given.get("theme"):
            vocabulary, _colon, key = theme.partition(":")
            wanted &= Q(**{f"public__{_FIELDS[Vocabulary(vocabulary)]}__contains": [key]})
        if municipality := given.get("municipality"):
            here = Q(public__municipalities__contains=[municipality.code])
            wanted &= here | Q(public__any_municipality=True)
        if number := given.get("procurement"):
            wanted &= Q(internal__contract_number__istartswith=number.strip())
        return wanted
