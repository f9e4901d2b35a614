"""From a page's path to its resource, as Drupal's decoupled router says it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.translation import get_language_from_path, override
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from orgs.localised import page_language
from services.api.catalogues import Reader
from services.api.collections import by_uuid
from services.api.errors import BadParameter
from services.api.objects import Object
from services.api.types import MUNICIPALITY, ORGANISATION, TYPES
from services.api.views import Resource
from services.models import PublishedService
from services.site.context import absolute
from services.uuids import SERVICE, uuid_of
from services.vocabularies import Words, words


@dataclass(frozen=True)
class Found:
    """What a path leads to: the page's own path, and the resource that it shows, if it shows one."""

    path: str
    home: bool
    resource: Object | None


class TranslatePath(Resource):
    """`router/translate-path?path=/fi/palvelut/uraohjaus/`: which resource the page shows."""

    renderer_classes = (JSONRenderer,)

    def get(self, request: Request) -> Response:
        """Return it; 404 where there is no such page or it shows no resource."""
        for parameter in request.query_params:
            if parameter != "path":
                raise BadParameter(parameter, _("This parameter is not known here."))
        wanted = urlsplit(request.query_params.get("path", "")).path
        if not wanted.startswith("/"):
            raise BadParameter("path", _("Give the path of a page, beginning with a slash."))
        language = get_language_from_path(wanted) or page_language()
        with override(language):
            found = _found(wanted, language)
            if found is None:
                return Response(_nowhere(wanted), status=404)
            return Response(_said(found))


def _found(wanted: str, language: str) -> Found | None:
    prefix = f"/{language}/"
    path = wanted if f"{wanted}/".startswith(prefix) else f"/{language}{wanted}"
    path = f"{path.rstrip('/')}/"
    try:
        match = resolve(path)
    except Resolver404:
        return None
    if match.view_name == "site:front":
        return Found(path, home=True, resource=None)
    number = _uuid(match, language, words())
    if number is None:
        return None
    kind, key = number
    resources = by_uuid(TYPES[kind], {uuid_of(kind, key)}, Reader(language, words()))
    return Found(path, home=False, resource=resources[0]) if resources else None


def _uuid(match: ResolverMatch, language: str, held: Words) -> tuple[str, str] | None:
    """Return the type and the key of what a page shows."""
    values: dict[str, Any] = match.kwargs
    match match.view_name:
        case "site:service":
            rows = PublishedService.objects.filter(language=language, slug=values["slug"])
            key = rows.values_list("external_id", flat=True).first()
            return (SERVICE, key) if key else None
        case "site:organisation":
            return ORGANISATION, values["external_id"]
        case "site:municipality":
            codes = [one.code for one in held.municipalities.values() if one.slug == values["slug"]]
            return (MUNICIPALITY, codes[0]) if codes else None
    return None


def _said(found: Found) -> dict[str, Any]:
    said: dict[str, Any] = {"resolved": absolute(found.path), "isHomePath": found.home}
    if found.resource:
        kind, number = found.resource["type"], found.resource["id"]
        group, bundle = kind.split("--", 1)
        attributes = found.resource["attributes"]
        key = attributes.get("field_external_id") or attributes.get("code")
        said["entity"] = {
            "canonical": absolute(found.path),
            "type": group,
            "bundle": bundle,
            "id": key,
            "uuid": number,
            "langcode": attributes["langcode"],
        }
        said["label"] = attributes.get("title") or attributes.get("label") or attributes.get("name")
        said["jsonapi"] = {
            "individual": absolute(reverse("api:single", args=[group, bundle, number])),
            "resourceName": kind,
            "basePath": reverse("api:entry"),
            "entryPoint": absolute(reverse("api:entry")),
        }
    return said


def _nowhere(path: str) -> dict[str, str]:
    """Return what Drupal's router says, in its own words: its clients read them."""
    return {
        "message": f"Unable to resolve path {path}.",
        "details": "None of the available methods were able to find a match for this path.",
    }
