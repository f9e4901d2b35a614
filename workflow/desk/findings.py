"""Findings: what is not in order. Pairs that don't work, notices that weren't sent, posts not filled."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from orgs import clock, tables
from orgs.localised import page_language
from orgs.models import User
from orgs.pages.common import page_of
from services.fields import Label
from services.models import Service
from services.names import in_alphabet
from workflow import extensions, pairs, waiting
from workflow.desk.common import shown_name
from workflow.desk.desk import require_desk
from workflow.desk.lists import services_of
from workflow.desk.posts import Posts, posts_missing
from workflow.models import Run, Updater

_UNTOLD = 50  # runs on the page; those that have been late longest first


@login_required
@require_safe
def findings(request: HttpRequest) -> HttpResponse:
    """Show what is not in order, by kind; also as a file."""
    user = require_desk(request)
    without_pair, late = _without_pair(user), _untold(user).order_by("due_on", "pk")
    posts = posts_missing(user)
    if request.GET.get("format") and (
        file := tables.exported(request, "findings", _COLUMNS, _lines(without_pair, late, posts))
    ):
        return file
    page = page_of(request, without_pair)
    untold = list(late[:_UNTOLD])
    context = {
        "page": page,
        "broken": [(one, shown_name(one), halves) for one, halves in _with_missing_halves(page.object_list)],
        "untold": [(run, shown_name(run.service)) for run in untold],
        "untold_more": late.count() - _UNTOLD if len(untold) == _UNTOLD else 0,
        "posts": posts,
    }
    return render(request, "workflow/findings.html", context)


def count_of(user: User) -> int:
    """Return how many findings there are for a person."""
    posts = sum(len(lacking) for _organisation, lacking in posts_missing(user))
    return _without_pair(user).count() + _untold(user).count() + posts


def _untold(user: User) -> "QuerySet[Run, Run]":
    return extensions.untold(waiting.runs_of(user), clock.today())


def _without_pair(user: User) -> "QuerySet[Service, Service]":
    kept = services_of(user).exclude(status=Service.Status.ARCHIVED)
    return kept.filter(pairs.is_broken()).order_by(in_alphabet(page_language()), "pk")


def _with_missing_halves(services: Iterable[Service]) -> Iterator[tuple[Service, list[Label]]]:
    """Yield each service with the halves of its pair that can't act today."""
    ones = list(services)
    rows = Updater.objects.filter(service__in=[one.pk for one in ones])
    able = set(pairs.working().filter(pk__in=rows.values("pk")).values_list("service", "half"))
    for one in ones:
        yield one, [half.label for half in Updater.Half if (one.pk, half) not in able]


@dataclass(frozen=True)
class Finding:
    """A line of the file: what is not in order, and of what; the run where one is late."""

    kind: str
    name: str
    what: str
    run: Run | None = None


_COLUMNS = (
    tables.Column[Finding](gettext_lazy("Finding"), lambda one: one.kind),
    tables.Column[Finding](gettext_lazy("Of what"), lambda one: one.name),
    tables.Column[Finding](gettext_lazy("What is missing"), lambda one: one.what),
    tables.Column[Finding](gettext_lazy("Due"), lambda one: one.run and one.run.due_on),
    tables.Column[Finding](gettext_lazy("Overdue from"), lambda one: one.run and one.run.overdue_from),
)


def _lines(services: Iterable[Service], late: Iterable[Run], posts: Posts) -> Iterator[Finding]:
    """Yield every finding, also those that the page has no room for."""
    for service, halves in _with_missing_halves(services):
        name, missing = shown_name(service), _listed(halves)
        yield Finding(gettext("Services without a working pair"), name, missing)
    for run in late:
        name = shown_name(run.service)
        yield Finding(
            gettext("Providers that have not been told of a delay"),
            name,
            gettext("Notice to the provider"),
            run,
        )
    for organisation, lacking in posts:
        for post in lacking:
            yield Finding(gettext("Minimum staffing"), str(organisation), f"{post.label}: {post.missing}")


def _listed(labels: Sequence[Label]) -> str:
    return ", ".join(map(str, labels))
