"""A new service: its first words, whose it is, and who answers for it."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from orgs.access import NotAllowed
from orgs.localised import SOURCE_LANGUAGE
from orgs.models import Organisation, User
from orgs.pages.action_form import add_refusal
from orgs.pages.common import person
from orgs.roles import Capability
from services.changes import BadChanges
from services.fields import Audience, field
from services.models import Responsibility
from workflow.actions import creating
from workflow.models import Run


class NewServiceForm(forms.Form):
    """What a service begins with; the rest is written in its sections."""

    organisation = forms.ModelChoiceField(label=_("Organiser"), queryset=Organisation.objects.none())
    partner = forms.ModelChoiceField(
        label=_("Responsible partner"),
        queryset=Organisation.objects.none(),
        help_text=_("A provider proposes a partner, which accepts it at the first review."),
    )
    basis = forms.ChoiceField(
        label=_("Why the partner is responsible"),
        choices=[("", _("Not chosen")), *Responsibility.Basis.choices],
        required=False,
    )
    decision = forms.CharField(label=_("The decision that this rests on"), max_length=500, required=False)

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data)
        organisations = creating.creators(user)
        self._choose("organisation", Organisation.objects.filter(pk__in=[one.pk for one in organisations]))
        own_partners = [one for one in organisations if one.kind == Organisation.Kind.PARTNER]
        providers = [one for one in organisations if one.kind == Organisation.Kind.PROVIDER]
        partners = Organisation.objects.open().filter(kind=Organisation.Kind.PARTNER)
        if len(organisations) == 1:
            self.initial["organisation"] = organisations[0]
            partners = (
                partners.filter(pk=organisations[0].pk) if own_partners else organisations[0].partners.all()
            )
        self._choose("partner", partners)
        if len(partners) == 1:
            self.initial["partner"] = partners[0]
        if providers and not own_partners:
            del self.fields["basis"], self.fields["decision"]
        name = field(Audience.PUBLIC, "name")
        for code, language in settings.LANGUAGES:
            self.fields[f"name-{code}"] = forms.CharField(
                label=f"{name.label}: {language}",
                max_length=name.max_length,
                required=code == SOURCE_LANGUAGE,
                widget=forms.TextInput({"lang": code}),
                help_text=str(name.help) if code == SOURCE_LANGUAGE else "",
            )
        self.order_fields([f"name-{code}" for code, _language in settings.LANGUAGES])

    def _choose(self, name: str, rows: Any) -> None:
        chooser = self.fields[name]
        assert isinstance(chooser, forms.ModelChoiceField)
        chooser.queryset, chooser.empty_label = rows, gettext("Not chosen")

    def made(self, by: User) -> Run | None:
        """Make the service; None where it was refused, with the reasons in the form."""
        given = self.cleaned_data
        names = {code: given[f"name-{code}"] for code, _language in settings.LANGUAGES}
        try:
            return creating.create(
                given["organisation"],
                names={code: name for code, name in names.items() if name},
                partner=given["partner"],
                basis=given.get("basis", ""),
                decision=given.get("decision", ""),
                by=by,
            )
        except ValidationError as error:
            add_refusal(self, error)
        except BadChanges as error:
            for problem in error.problems:
                self.add_error(f"name-{problem.path[2]}", problem.message)
        return None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a new service's name and parties, and lead on to its first section."""
    user = person(request)
    if not creating.creators(user):
        raise NotAllowed(Capability.CREATE_SERVICE)
    form = NewServiceForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid() and (run := form.made(user)):
        messages.success(request, gettext("The service has been created. Go on with its sections."))
        return redirect("desk:start", run.service.external_id)
    return render(request, "workflow/new.html", {"form": form}, status=422 if form.errors else 200)
