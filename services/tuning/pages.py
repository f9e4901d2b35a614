"""The pages of ICT about the search: a test query explained, and the groups of synonyms."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from orgs import access, clock
from orgs.localised import page_language, reading
from orgs.pages.common import page_of, person
from orgs.roles import Capability
from services.models import PublishedService
from services.search import listing, synonyms
from services.search.listing import Corpus
from services.search.query import MAX_Q
from services.tuning import groups
from services.tuning.explaining import Explained, Explanation, explain
from services.vocabularies import Words, words

_TRIED = 10  # hits that a test of a group shows


class TestQuery(forms.Form):
    """A search to explain: as a reader of a language would type it, perhaps from a municipality."""

    q = forms.CharField(label=_("What is typed"), max_length=MAX_Q, required=False)
    language = forms.ChoiceField(label=_("On pages in"), choices=settings.LANGUAGES, required=False)
    near = forms.ChoiceField(label=_("Reader's municipality"), required=False)

    def __init__(self, *args: Any, held: Words, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ones = ((m.code, reading(m.name, language).text) for m in held.municipalities.values())
        near = self.fields["near"]
        assert isinstance(near, forms.ChoiceField)
        near.choices = [("", _("No municipality")), *sorted(ones, key=lambda one: one[1])]


class GroupForm(forms.Form):
    """The expressions of a group, one a line, and a test query."""

    expressions = forms.CharField(
        label=_("Expressions, one a line"), widget=forms.Textarea(attrs={"rows": 8}), required=False
    )
    q = forms.CharField(label=_("Test query"), max_length=MAX_Q, required=False)

    def clean_expressions(self) -> list[str]:
        """Return the expressions."""
        return groups.cleaned(self.cleaned_data["expressions"].splitlines())


@dataclass(frozen=True)
class Hit:
    """A result with its name and why it stands where it stands."""

    name: str
    slug: str
    why: Explained


@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show why the results of a test query stand where they stand."""
    access.require(request.user, Capability.TUNE_SEARCH)
    held, language = words(), page_language()
    form = TestQuery(request.GET or None, held=held, language=language)
    explanation, hits = None, []
    if form.is_valid() and form.cleaned_data["q"]:
        of = form.cleaned_data["language"] or language
        corpus = listing.corpus_of(of, held)
        explanation = explain(
            corpus, form.cleaned_data["q"], clock.today(), form.cleaned_data["near"] or None
        )
        hits = _named(explanation, of)
    context = {"form": form, "explanation": explanation, "hits": hits}
    return render(request, "services/tuning/search.html", context)


@login_required
@require_safe
def synonym_groups(request: HttpRequest, language: str) -> HttpResponse:
    """Show the groups of a language, those that hold what was looked for."""
    access.require(request.user, Capability.TUNE_SEARCH)
    _known(language)
    held, q = words(), request.GET.get("q", "")
    wanted = q.strip().casefold()
    changed = held.synonyms.get(language, {})
    rows = [
        (key, group, key in changed)
        for key, group in sorted(synonyms.groups(held, language).items())
        if any(wanted in one for one in group)
    ]
    off = sorted(key for key, group in changed.items() if not group)
    context = {
        "page": page_of(request, rows),
        "language": language,
        "languages": settings.LANGUAGES,
        "off": off,
        "q": q,
        "query": f"{urlencode({'q': q})}&",
    }
    return render(request, "services/tuning/synonyms.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def synonym_group(request: HttpRequest, language: str, key: str = "") -> HttpResponse:
    """Change a group, or add one; "try" shows what a test query finds with it and without."""
    access.require(request.user, Capability.TUNE_SEARCH)
    _known(language)
    held = words()
    now = {**synonyms.shipped(language), **held.synonyms.get(language, {})}
    if key and key not in now:
        raise Http404
    form = GroupForm(request.POST or None, initial={"expressions": "\n".join(now.get(key, [])), "q": key})
    tried = None
    if request.method == "POST" and form.is_valid():
        expressions = form.cleaned_data["expressions"]
        if "try" not in request.POST:
            try:
                kept = groups.change(language, key, expressions, by=person(request))
            except ValidationError as error:
                form.add_error("expressions", error)
            else:
                messages.success(request, gettext("The group is saved. Searches use it at once."))
                return redirect("tuning:synonym_group", language, kept)
        elif q := form.cleaned_data["q"]:
            tried = _tried(language, held, key, expressions, q)
    context = {
        "form": form, "language": language, "key": key, "tried": tried,
        "shipped": synonyms.shipped(language).get(key), "changed": key in held.synonyms.get(language, {}),
    }  # fmt: skip
    return render(request, "services/tuning/synonym_group.html", context)


def _tried(language: str, held: Words, key: str, expressions: Sequence[str], q: str) -> dict[str, list[Hit]]:
    """Return what a search finds before and after a group has these expressions."""
    corpus = listing.corpus_of(language, held)
    others = {**synonyms.groups(held, language), key: list(expressions)}
    after = Corpus(corpus.index, synonyms.speech_of(language, others.values()))
    today = clock.today()
    return {
        name: _named(explain(one, q, today), language)[:_TRIED]
        for name, one in (("before", corpus), ("after", after))
    }


def _named(explanation: Explanation, language: str) -> list[Hit]:
    services = [one.service for one in explanation.hits]
    rows = PublishedService.objects.filter(language=language, service__in=services)
    names = {service: (name, slug) for service, name, slug in rows.values_list("service_id", "name", "slug")}
    return [Hit(*names[one.service], one) for one in explanation.hits if one.service in names]


def _known(language: str) -> None:
    if language not in dict(settings.LANGUAGES):
        raise Http404
