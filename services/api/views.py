"""The addresses of the interface: the entry, lists and single resources."""

import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAuthenticated
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orgs.access import reads_internal
from orgs.localised import page_language
from orgs.models import User
from orgs.tokens import Scope
from orgs.user_log import record
from services.api import asked as parameters
from services.api import drafts
from services.api.asked import Asked
from services.api.authentication import OwnSession, TokenAuthentication, opens
from services.api.catalogues import Reader
from services.api.collections import Page, by_uuid, included, page
from services.api.errors import BadParameter, answer_of
from services.api.objects import Object
from services.api.types import INTERNAL_SERVICE, TYPES, ResourceType, attribute_of
from services.fields import Audience, field
from services.log_events import Event
from services.models import Service
from services.search.filters import FILTERS
from services.search.listing import Facet
from services.site.context import absolute
from services.uuids import SERVICE
from services.vocabularies import words

_CONTACTS = attribute_of(field(Audience.INTERNAL, "contacts"))
ABOUT = {"version": "1.1", "meta": {"links": {"self": {"href": "https://jsonapi.org/format/1.1/"}}}}


# What is taken as JSON:API: its own name, and that of plain JSON.
_TAKEN = ("application/vnd.api+json", "application/json")


class JsonApiRenderer(JSONRenderer):
    """JSON, called by JSON:API's own name."""

    media_type = "application/vnd.api+json"
    format = "api"
    charset = None


class OneRepresentation(BaseContentNegotiation):
    """There is one representation, whatever a client says that it accepts, as in Drupal."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """Return the one parser, where JSON was sent."""
        kind = str(request.content_type).partition(";")[0].strip().lower()
        return parsers[0] if kind in _TAKEN else None

    def select_renderer(
        self, _request: Request, renderers: Any, _format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Return the first renderer."""
        return renderers[0], renderers[0].media_type


class Resource(APIView):
    """What all addresses of the interface have in common."""

    authentication_classes = (TokenAuthentication, OwnSession)
    permission_classes = ()
    renderer_classes: tuple[type[BaseRenderer], ...] = (JsonApiRenderer,)
    parser_classes = (JSONParser,)
    content_negotiation_class = OneRepresentation
    http_method_names: tuple[str, ...] = ("get", "head")

    def get_exception_handler(self) -> Any:
        """Return how refusals are said here."""
        return answer_of

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Let pages of other sites read what everyone may read."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer.headers["Access-Control-Allow-Origin"] = "*"
        patch_vary_headers(answer, ["Authorization"])
        return answer


class Entry(Resource):
    """Where a client begins: a link to each list."""

    def get(self, request: Request) -> Response:
        """Return the links."""
        for parameter in request.query_params:
            raise BadParameter(parameter, _("This parameter is not known here."))
        links = {kind.name: {"href": absolute(_list_of(kind))} for kind in TYPES.values()}
        own = {"self": {"href": absolute(reverse("api:entry"))}}
        return Response({"jsonapi": ABOUT, "data": [], "links": own | links})


class Listed(Resource):
    """A list of resources of a type."""

    def get(self, request: Request, group: str, bundle: str) -> Response:
        """Return a page of it."""
        kind, reader = kind_of(group, bundle), reader_of(request)
        shown = _shown(kind, reader)
        asked = parameters.read(request._request.GET, kind, partial(_known, reader), shown=shown)
        found = page(kind, asked, reader)
        said = document(request, found.resources, shown, asked, reader)
        meta: dict[str, Any] = {"count": found.total}
        if asked.filter.searches:
            meta["facets"] = [_facet(one) for one in found.facets]
        return Response(said | {"meta": meta, "links": _pages(request, asked, found)})


class Single(Resource):
    """One resource by its UUID."""

    def get(self, request: Request, group: str, bundle: str, number: uuid.UUID) -> Response:
        """Return it, as it is published or, to those who may read that, as another version says it."""
        kind, reader = kind_of(group, bundle), reader_of(request)
        shown = _shown(kind, reader)
        asked = parameters.read(request._request.GET, kind, partial(_known, reader), shown=shown, single=True)
        if asked.version not in ("", drafts.LATEST):
            return self.version(request, number, asked.version, reader, asked)
        found = by_uuid(kind, {number}, reader)
        if not found:
            raise Http404
        return one(request, found[0], shown, asked, reader)

    def version(
        self, request: Request, number: uuid.UUID, named: str, reader: Reader, asked: Asked | None = None
    ) -> Response:
        """Answer with a version or the working copy of a service; the tag says which revision it is."""
        if not opens(request, Scope.READ):
            raise (PermissionDenied if isinstance(request.user, User) else NotAuthenticated)
        service = drafts.readable(number, request.user)
        found = drafts.version(service, named, request.user, reader)
        if named == drafts.WORKING:
            found["attributes"]["moderation_state"] = self.state(service)
        answer = one(request, found, _shown(TYPES[SERVICE], reader), asked or Asked(), reader)
        if named == drafts.WORKING:
            answer.headers["ETag"] = f'"{found["meta"]["revision"]}"'
        return answer

    def state(self, _service: Service) -> str:
        """Return where a service's draft stands: the floor above knows more of it."""
        return "draft"


def one(request: Request, found: Object, kind: ResourceType, asked: Asked, reader: Reader) -> Response:
    """Answer with one resource."""
    said = document(request, [found], kind, asked, reader)
    return Response(said | {"data": said["data"][0], "links": {"self": _here(request)}})


def reader_of(request: Request) -> Reader:
    """Return how the one who asks reads; instructions only those who may, within a token's scopes."""
    internal = opens(request, Scope.READ) and reads_internal(request.user)
    return Reader(page_language(), words(), internal)


def _shown(kind: ResourceType, reader: Reader) -> ResourceType:
    return INTERNAL_SERVICE if reader.internal and kind.name == SERVICE else kind


def kind_of(group: str, bundle: str) -> ResourceType:
    """Return a type by the parts of its address; raises Http404 where there is none."""
    kind = TYPES.get(f"{group}--{bundle}")
    if kind is None:
        raise Http404
    return kind


def _known(reader: Reader, parameter: str) -> list[str]:
    return FILTERS[parameter].values(reader.words)


def _facet(one: Facet) -> dict[str, Any]:
    """Return a filter of the list with its choices, as Drupal's search says facets."""
    terms = [
        {
            "values": {
                "value": choice.key, "label": choice.label, "active": choice.selected, "count": choice.count,
            },
            "parent": choice.parent,
        }
        for choice in one.choices
        if choice.count or choice.selected
    ]  # fmt: skip
    return {"id": one.parameter, "label": str(one.label), "path": f"filter[{one.parameter}]", "terms": terms}


def _list_of(kind: ResourceType) -> str:
    return reverse("api:list", args=kind.name.split("--", 1))


def document(
    request: Request, shown: Sequence[Object], kind: ResourceType, asked: Asked, reader: Reader
) -> dict[str, Any]:
    """Return resources with what comes along; whose contacts were read is in the user log."""
    along = included(shown, kind, asked.include, reader) if asked.include else []
    said: dict[str, Any] = {"jsonapi": ABOUT, "data": [_sparse(one, asked) for one in shown]}
    if asked.include:
        said["included"] = [_sparse(one, asked) for one in along]
    for whole, told in zip((*shown, *along), (*said["data"], *said.get("included", ())), strict=True):
        if told.get("attributes", {}).get(_CONTACTS):
            service = whole["attributes"]["field_external_id"]
            record(Event.CONTACTS_READ, actor=request.user, request=request._request, service=service)
    return said


def _sparse(one: Object, asked: Asked) -> Object:
    """Return a resource with its link, and with the fields that are wanted of its type alone."""
    group, bundle = one["type"].split("--", 1)
    link = absolute(reverse("api:single", args=[group, bundle, one["id"]]))
    found = one | {"links": {"self": {"href": link}}}
    if (wanted := asked.fields.get(one["type"])) is not None:
        for part in {"attributes", "relationships"} & found.keys():
            kept = {name: value for name, value in one[part].items() if name in wanted}
            found = found | {part: kept} if kept else {key: found[key] for key in found if key != part}
    return found


def _pages(request: Request, asked: Asked, found: Page) -> dict[str, dict[str, str]]:
    """Return the links from a page to itself and to those around it."""
    links = {"self": _here(request)}
    last = max(0, (found.total - 1) // asked.limit * asked.limit)
    if asked.offset > 0:
        links["first"] = _page(request, asked, 0)
        links["prev"] = _page(request, asked, max(0, asked.offset - asked.limit))
    if asked.offset + asked.limit < found.total:
        links["next"] = _page(request, asked, asked.offset + asked.limit)
        links["last"] = _page(request, asked, last)
    return links


def _page(request: Request, asked: Asked, offset: int) -> dict[str, str]:
    query = request._request.GET.copy()
    query["page[offset]"], query["page[limit]"] = str(offset), str(asked.limit)
    return {"href": absolute(f"{request.path}?{query.urlencode()}")}


def _here(request: Request) -> dict[str, str]:
    return {"href": absolute(request.get_full_path())}
