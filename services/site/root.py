"""Addresses without a language: the door, and the two files that search engines read."""

from django.conf import settings
from django.contrib.sitemaps.views import sitemap
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request, override
from django.views.decorators.http import require_safe

from services.site.caching import public_answer
from services.site.sitemaps import SITEMAPS


@require_safe
def door(request: HttpRequest) -> HttpResponse:
    """Lead to the front page in the language that the reader's browser asks for."""
    with override(get_language_from_request(request)):
        answer = HttpResponseRedirect(reverse("site:front"))
    patch_vary_headers(answer, ["Accept-Language"])
    return answer


@public_answer(in_any_language=True)
@require_safe
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Let search engines read the public pages and show them the map."""
    closed = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            management = reverse("orgs:organisations").removesuffix("/").rpartition("/")[0]
            closed += [f"/{code}/account/", reverse("orgs:own"), f"{management}/"]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    lines += ["", f"Sitemap: {settings.BASE_URL.rstrip('/')}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


root_patterns: list[URLPattern] = [
    path("", door, name="door"),
    path("robots.txt", robots, name="robots"),
    path(
        "sitemap.xml",
        public_answer("section", "p", in_any_language=True)(sitemap),
        {"sitemaps": SITEMAPS},
        name="sitemap",
    ),
]
