"""Pages whose words stand in their templates: about, accessibility, data protection."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from services.site.caching import public_answer


@public_answer(seconds=60)
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Tell what the manual is and who keeps it."""
    return render(request, "services/about.html")


@public_answer(seconds=60)
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Tell how accessible the site is, what is known to be wrong and how to tell of more."""
    return render(request, "services/accessibility.html")


@public_answer(seconds=60)
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Tell what is stored of a reader: nothing, until one signs in."""
    return render(request, "services/privacy.html")
