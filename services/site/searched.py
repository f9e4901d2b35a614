"""A reader's browser says that a search was made, or that something of it was opened: counted, not kept."""

from allauth.core import ratelimit
from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from orgs import clock
from orgs.localised import page_language
from services.search import figures
from services.search.query import MAX_Q


class Searched(forms.Form):
    """A search, whether it found something, and whether something was opened."""

    q = forms.CharField(max_length=MAX_Q)
    found = forms.BooleanField(required=False)
    click = forms.BooleanField(required=False)


# Nothing is changed for anyone and no session is read, so there is nothing to forge; a browser says
# itself whether the request comes from our own pages.
@csrf_exempt
@require_POST
def searched(request: HttpRequest) -> HttpResponse:
    """Count a search; answers with nothing, whatever was sent."""
    form = Searched(request.POST)
    own = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    if own and form.is_valid() and ratelimit.consume(request, action="searched"):
        given = form.cleaned_data
        language = page_language()
        figures.count(given["q"], language, clock.today(), found=given["found"], click=given["click"])
    return HttpResponse(status=204)
