"""Pages whose words stand in their templates: about, accessibility, data protection."""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from orgs import clock
from orgs.alphabet import alphabetical
from orgs.first_terms import first_terms
from orgs.localised import page_language, reading
from orgs.models import NoAgreement, Organisation, terms_on
from orgs.terms import Terms
from services.site.caching import public_answer

# When the accessibility of the pages was last assessed.
_ASSESSED = datetime.date(2026, 11, 26)


@public_answer()
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Tell what the manual is and who keeps it."""
    return render(request, "services/about.html")


@public_answer()
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Tell how accessible the site is, what is known to be wrong and how to tell of more."""
    return render(request, "services/accessibility.html", {"assessed": _ASSESSED, "keeper": _keeper()})


@public_answer()
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Tell what is stored of a reader, by whom, on what ground, and what one may ask for."""
    terms = _terms()
    context = {
        "keeper": _keeper(),
        "controllers": _controllers(),
        "terms": terms,
        # From the last use to the day on which the account is closed.
        "unused": terms.inactive_days + terms.second_notice_days + terms.block_days,
        "log_days": settings.USER_LOG_DAYS,
    }
    return render(request, "services/privacy.html", context)


@dataclass(frozen=True)
class Controller:
    """A partner that is a controller, and where to reach it in matters of data protection."""

    id: str
    name: str
    email: str
    phone: str


def _controllers() -> list[Controller]:
    """Return the partners by their names, each with a contact of its own."""
    found = [
        Controller(
            one.external_id,
            reading(one.name, page_language()).text,
            one.data_protection or one.email,
            one.phone,
        )
        for one in Organisation.objects.partners()
    ]
    return sorted(found, key=lambda one: alphabetical(one.name))


def _terms() -> Terms:
    """Return the terms that accounts follow; before the first agreement those that it will begin with."""
    try:
        return terms_on(clock.today())
    except NoAgreement:
        return first_terms()


def _keeper() -> dict[str, str] | None:
    """Return who keeps the manual, with the addresses to reach them; None before the project is there."""
    project = Organisation.objects.open().filter(kind=Organisation.Kind.PROJECT).first()
    if project is None:
        return None
    name = reading(project.name, page_language()).text
    return {"name": name, "email": project.email, "phone": project.phone}
