"""Help in choosing: one question a page, then services with the reasons for each.

Usable alone and beside a customer: the answers stand in the address, nothing is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from orgs import clock
from orgs.alphabet import alphabetical
from orgs.localised import page_language
from services.search import guiding, listing
from services.search.filters import FILTERS, known_values
from services.search.guiding import QUESTIONS, Reason
from services.search.listing import Choice
from services.search.query import ListQuery
from services.site import entries
from services.site.caching import public_answer
from services.site.entries import list_url
from services.site.hits import Hit, hits
from services.vocabularies import Words, words

_SHOWN = 10
_ASKED: dict[str, str | Promise] = {
    "audience": _("Who are you looking for?"),
    "life_situation": _("Which of these describes the situation best?"),
    "need": _("What is help needed with most?"),
    "municipality": _("Which municipality is home?"),
    "language": _("In which language should the service be?"),
    "how": _("How would it be best to take part?"),
}
_SAID: dict[str, str | Promise] = {
    "life_situation": _("For the situation: %(label)s"),
    "need": _("Helps with: %(label)s"),
    "how": _("Way of taking part: %(label)s"),
    "language": _("Language: %(label)s"),
    "municipality": _("For residents of %(label)s"),
    "everywhere": _("For residents of any municipality"),
    "up_to": _("For people up to %(label)s years of age"),
    "from_age": _("For people from %(label)s years of age"),
    "free": _("No fee"),
}


@dataclass(frozen=True)
class Suited:
    """A service with the reasons why it suits."""

    hit: Hit
    slug: str
    reasons: Sequence[str]
    besides: Sequence[str]


@public_answer(*QUESTIONS, "step")
@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """Ask the question that the address asks for; after the last one show what suits."""
    language, held = page_language(), words()
    query, _ignored = ListQuery.read(request.GET, known_values(held))
    answers = ListQuery(selected={name: query.selected[name] for name in QUESTIONS if name in query.selected})
    step = _step(request.GET.get("step", "1"))
    if step > len(QUESTIONS):
        return _results(request, answers, language, held)
    name = QUESTIONS[step - 1]
    before = replace(answers, selected={k: v for k, v in answers.selected.items() if k != name})
    found = listing.run(before, language, clock.today(), held)
    context = {
        "section": "services",
        "question": _ASKED[name],
        "name": name,
        "choices": _choices(name, found, answers, held),
        "kept": [(key, value) for key, values in before.selected.items() for value in values],
        "step": step,
        "next": step + 1,
        "steps": len(QUESTIONS),
        "back": _address(answers, step - 1) if step > 1 else "",
        "total": found.total,
    }
    return render(request, "services/guide.html", context)


def _choices(name: str, found: listing.Listing, answers: ListQuery, held: Words) -> list[Choice]:
    """Return the answers that find something, and what was answered already."""
    choices = [one for one in entries.choices(found, name) if one.count or one.selected]
    audience = answers.selected.get("audience", ("",))[0]
    if name in ("life_situation", "need") and audience:
        choices = [one for one in choices if held.terms[name, one.key].audience in ("", audience)]
    if name == "municipality":
        choices.sort(key=lambda one: alphabetical(one.label))
    chosen = answers.selected.get(name, ())
    return [replace(one, selected=one.key in chosen) for one in choices]


def _results(request: HttpRequest, answers: ListQuery, language: str, held: Words) -> HttpResponse:
    suited = guiding.answered(answers, listing.corpus_of(language, held))
    found = listing.run(suited.query, language, clock.today(), held)
    rows = found.hits[:_SHOWN]
    shown = hits(rows, clock.today(), answers.only("municipality"))
    context = {
        "section": "services",
        "suited": [
            Suited(hit, row.slug, *_said(guiding.reasons(row.document, suited.query)))
            for hit, row in zip(shown, rows, strict=True)
        ],
        "total": found.total,
        "all_url": list_url(suited.query),
        "let_go": [FILTERS[name].label for name in suited.let_go],
        "answers": _answers(answers, language, held),
        "back": _address(answers, len(QUESTIONS)),
    }
    return render(request, "services/guide_results.html", context)


def _answers(answers: ListQuery, language: str, held: Words) -> list[tuple[str | Promise, str, str]]:
    """Return each question that was answered with the answer and the address of the question."""
    found = []
    for step, name in enumerate(QUESTIONS, start=1):
        labels = [FILTERS[name].choice(key, language, held) for key in answers.selected.get(name, ())]
        if labels:
            found.append((_ASKED[name], ", ".join(labels), _address(answers, step)))
    return found


def _said(reasons: Sequence[Reason]) -> tuple[list[str], list[str]]:
    """Return the reasons in words: those that were asked for, and those besides."""
    said: tuple[list[str], list[str]] = ([], [])
    for one in reasons:
        said[0 if one.asked else 1].append(str(_SAID[one.kind]) % {"label": one.label})
    return said


def _address(answers: ListQuery, step: int) -> str:
    pairs = [(name, value) for name, values in answers.selected.items() for value in values]
    return f"{reverse('site:guide')}?{urlencode([*pairs, ('step', step)])}"


def _step(asked: str) -> int:
    if asked.isascii() and asked.isdigit() and len(asked) < 3:
        return min(max(int(asked), 1), len(QUESTIONS) + 1)
    return 1
