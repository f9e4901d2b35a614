"""The vocabularies: all of them, one with its terms in order, one term with what uses it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orgs import access
from orgs.localised import here
from orgs.pages.common import person, say_refused
from orgs.roles import Capability
from services.fields import FIELDS
from services.keeping import terms, uses
from services.keeping.tabs import tabs_of
from services.keeping.users import users_of
from services.models import Place, Term
from services.models.vocabulary import Vocabulary

# What is asked of a term besides its label and description.
_ASKED: Mapping[str, tuple[str, ...]] = {
    Vocabulary.CATEGORY: ("parent",),
    Vocabulary.LIFE_SITUATION: ("audience",),
    Vocabulary.NEED: ("audience",),
    Vocabulary.ACCESSIBILITY: ("requirement",),
}
# What fills itself from two vocabularies, or names one by another way than its table.
_ASKED_IN = {
    Vocabulary.LANGUAGE_LEVEL: _("Language of the service"),
    Vocabulary.PREMISES_ACCESSIBILITY: _("Accessibility of places"),
    Vocabulary.AGE_BAND: _("The filter of the search by age"),
}


class TermForm(forms.ModelForm[Term]):
    """A term's words, and what is asked of the terms of its vocabulary."""

    class Meta:
        model = Term
        fields = ("label", "description", "parent", "audience", "requirement", "uri")
        labels = {
            "label": _("Label"),
            "description": _("Explanation"),
            "parent": _("Belongs under"),
            "requirement": _("Asks something of the customer, such as a device or strong identification"),
            "uri": _("Address in a public vocabulary"),
        }

    audience = forms.ChoiceField(label=_("Whose pages offer it"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, vocabulary: Vocabulary, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = _ASKED.get(vocabulary, ())
        for name in {"parent", "audience", "requirement"} - set(asked):
            del self.fields[name]
        if "parent" in asked:
            upper = Term.objects.filter(vocabulary=vocabulary, parent=None).exclude(pk=self.instance.pk)
            chooser = self.fields["parent"]
            assert isinstance(chooser, forms.ModelChoiceField)
            chooser.queryset, chooser.empty_label = upper, gettext("Nothing: top level")
        if "audience" in asked:
            chooser = self.fields["audience"]
            assert isinstance(chooser, forms.ChoiceField)
            whom = Term.objects.filter(vocabulary=Vocabulary.AUDIENCE)
            chooser.choices = [("", _("Both")), *((one.key, str(one)) for one in whom)]


@dataclass(frozen=True)
class Line:
    """A term on its vocabulary's page."""

    term: Term
    published: int
    elsewhere: int
    lacks: list[str]  # languages that its label is missing in


@login_required
@require_safe
def vocabularies(request: HttpRequest) -> HttpResponse:
    """List the vocabularies, how many terms each has and where it is asked for."""
    access.require(request.user, Capability.EDIT_VOCABULARIES)
    counted = dict(Term.objects.order_by().values_list("vocabulary").annotate(Count("pk")))
    rows = [(one, counted.get(one.value, 0), _asked_in(one)) for one in Vocabulary]
    return render(
        request, "services/keeping/vocabularies.html", {"rows": rows, "tabs": tabs_of(person(request))}
    )


def _asked_in(vocabulary: Vocabulary) -> str:
    if vocabulary in _ASKED_IN:
        return str(_ASKED_IN[vocabulary])
    return ", ".join(str(one.label) for one in FIELDS if one.vocabulary == vocabulary)


@login_required
@require_safe
def vocabulary(request: HttpRequest, name: str) -> HttpResponse:
    """Show the terms of a vocabulary in order, with how many services use each."""
    access.require(request.user, Capability.EDIT_VOCABULARIES)
    found, used = _known(name), uses.of(name)
    lines = [_line(one, used.get(one.key, uses.Uses())) for one in terms.in_order(name)]
    context = {"vocabulary": found, "lines": lines, "may_add": found not in terms.FIXED}
    return render(request, "services/keeping/vocabulary.html", context)


def _line(term: Term, used: uses.Uses) -> Line:
    return Line(term, len(used.published), used.elsewhere, [c for c in ("sv", "en") if not term.label.get(c)])


def _known(name: str) -> Vocabulary:
    if name not in Vocabulary.values:
        raise Http404
    return Vocabulary(name)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, name: str) -> HttpResponse:
    """Add a term to a vocabulary that can have more."""
    access.require(request.user, Capability.EDIT_VOCABULARIES)
    found = _known(name)
    if found in terms.FIXED:
        raise Http404
    form = TermForm(request.POST or None, instance=Term(vocabulary=name), vocabulary=found)
    if request.method == "POST" and _saved(request, form):
        messages.success(request, gettext("%(term)s has been added.") % {"term": form.instance})
        return redirect("keeping:vocabulary", name)
    context = {"form": form, "vocabulary": found}
    return render(request, "services/keeping/term.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def term(request: HttpRequest, name: str, key: str) -> HttpResponse:
    """Change a term's words; show what uses it and whether it can be removed."""
    access.require(request.user, Capability.EDIT_VOCABULARIES)
    found, one = _known(name), get_object_or_404(Term, vocabulary=name, key=key)
    called = here(one.label)
    form = TermForm(request.POST or None, instance=one, vocabulary=found)
    if request.method == "POST" and _saved(request, form):
        messages.success(
            request, gettext("%(term)s has been saved. Pages follow within a minute.") % {"term": one}
        )
        return redirect("keeping:vocabulary", name)
    used = uses.of(name).get(key, uses.Uses())
    context = {
        "form": form,
        "vocabulary": found,
        "term": one,
        "called": called,
        "users": users_of(used),
        "places": Place.objects.filter(accessibility=one),
        "under": one.children.all(),
        "obstacles": terms.obstacles(one, used),
    }
    return render(request, "services/keeping/term.html", context, status=422 if form.errors else 200)


def _saved(request: HttpRequest, form: TermForm) -> bool:
    if not form.is_valid():
        return False
    try:
        terms.save(form.instance, by=person(request))
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


@login_required
@require_POST
def move(request: HttpRequest, name: str, key: str, way: str) -> HttpResponse:
    """Let a term change places with its neighbour."""
    one = get_object_or_404(Term, vocabulary=name, key=key)
    terms.move(one, up=way == "up", by=person(request))
    return redirect("keeping:vocabulary", name)


@login_required
@require_POST
def remove(request: HttpRequest, name: str, key: str) -> HttpResponse:
    """Take a term away that nothing uses."""
    one = get_object_or_404(Term, vocabulary=name, key=key)
    try:
        terms.remove(one, by=person(request))
    except ValidationError as error:
        say_refused(request, error)
        return redirect("keeping:term", name, key)
    messages.success(request, gettext("%(term)s has been removed.") % {"term": one})
    return redirect("keeping:vocabulary", name)
