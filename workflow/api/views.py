"""Writing through the interface: the very actions of the desk, asked by other systems."""

import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.exceptions import MethodNotAllowed, NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from orgs.access import NotAllowed
from orgs.models import User
from orgs.refused import Refused
from orgs.roles import Capability
from orgs.tokens import Scope
from services import access, working_copy
from services.api import drafts, views
from services.api.authentication import opens
from services.api.catalogues import Reader, catalogue_of
from services.api.errors import Fault, Forbidden, Stands, Unprocessable, pointer
from services.api.types import POINTING, TYPES, ResourceType, attribute_of
from services.changes import BadChanges
from services.fields import Document
from services.models import Service
from services.publishing import Incomplete
from services.uuids import SERVICE
from workflow import editing
from workflow.actions import creating as making
from workflow.actions import runs
from workflow.actions.steps import locked_service, open_run_of
from workflow.api import creating, given
from workflow.states import RunState

_REVISION = re.compile(r'(?:W/)?"([0-9]{1,9})"')
IN_REVIEW = "in_review"
_STATE = pointer("data", "attributes", "moderation_state")


class Listed(views.Listed):
    """A list of resources; a service is made here, too."""

    http_method_names = ("get", "head", "post")

    def post(self, request: Request, group: str, bundle: str) -> Response:
        """Make a service and write what is given of it; with an Idempotency-Key never twice."""
        kind, user = views.kind_of(group, bundle), writer(request, group, bundle)
        if not making.creators(user):
            raise NotAllowed(Capability.CREATE_SERVICE)
        data, reader = sent(request, kind, None), views.reader_of(request)
        key = request.headers.get("Idempotency-Key")
        with transaction.atomic():
            service = creating.made_before(key, data, reader.language, user) if key is not None else None
            if service is None:
                service = creating.create(data, reader, keys_in(reader), by=user)
                write(service, creating.rest_of(data), reader, by=user)
                if key is not None:
                    creating.remember(key, data, reader.language, service, user)
        answer = Single().version(request, service.uuid, drafts.WORKING, reader)
        answer.status_code = 201
        answer.headers["Location"] = answer.data["data"]["links"]["self"]["href"]
        return answer


class Single(views.Single):
    """One resource; a service's working copy is changed here, too."""

    http_method_names = ("get", "head", "patch")

    def state(self, service: Service) -> str:
        """Return where the service's draft stands, as its working copy says it."""
        return state_of(service)

    def patch(self, request: Request, group: str, bundle: str, number: uuid.UUID) -> Response:
        """Change what is given of a service's working copy, and submit it where that is asked for."""
        kind, user = views.kind_of(group, bundle), writer(request, group, bundle)
        service = drafts.readable(number, user)
        data = sent(request, kind, number)
        reader = views.reader_of(request)
        with transaction.atomic():
            service = locked_service(service)
            check_revision(request, service)
            write(service, data, reader, by=user)
        return self.version(request, number, drafts.WORKING, reader)


def writer(request: Request, group: str, bundle: str) -> User:
    """Return who writes; raises what the interface answers to all others."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    if views.kind_of(group, bundle).name != SERVICE:
        raise MethodNotAllowed(str(request.method))
    if not (opens(request, Scope.READ) and opens(request, Scope.WRITE)):
        raise PermissionDenied(_("This needs a token that reads and writes."))
    return request.user


def sent(request: Request, kind: ResourceType, number: uuid.UUID | None) -> Mapping[str, Any]:
    """Return the resource object of a request's body; `number` is the UUID that it must have."""
    body = request.data
    data = body.get("data") if isinstance(body, dict) else None
    if not isinstance(data, dict):
        raise Unprocessable([Fault("/data", _("Give a resource object here."))])
    faults = []
    if data.get("type") != kind.name:
        words = _("%(value)r is not one of: %(choices)s.")
        faults.append(Fault("/data/type", words % {"value": data.get("type"), "choices": kind.name}))
    if number and data.get("id") != str(number):
        faults.append(Fault("/data/id", _("This is not the UUID of the address.")))
    if number is None and "id" in data:
        faults.append(Fault("/data/id", _("The UUID follows from the service. Leave it out.")))
    faults += [
        Fault(pointer("data", name), _("There is no such field."))
        for name in data.keys() - {"type", "id", "attributes", "relationships", "links", "meta"}
    ]
    if faults:
        raise Unprocessable(faults)
    return data


def check_revision(request: Request, service: Service) -> None:
    """Raise where a change was not made from the working copy of now; the service is locked."""
    said = _REVISION.fullmatch(request.headers.get("If-Match", "").strip())
    if said is None:
        words = _("Say in If-Match from which revision this was made: the ETag of the working copy.")
        raise Stands(428, words)
    if int(said[1]) != working_copy.revision_of(service):
        raise Stands(412, _("Someone else has changed this meanwhile. Read it again and change that."))


def write(service: Service, data: Mapping[str, Any], reader: Reader, *, by: User) -> None:
    """Change the working copy as a resource object says, or raise what is wrong with it and where."""
    present = working_copy.read(service)
    shown = drafts.version(service, drafts.WORKING, by, reader)
    now, asked_for = state_of(service), _state_asked_for(data)
    if asked_for not in (None, IN_REVIEW, now):
        words = _("%(value)r is not one of: %(choices)s.") % {"value": asked_for, "choices": IN_REVIEW}
        raise Unprocessable([Fault(_STATE, words)])
    shown["attributes"]["moderation_state"] = asked_for
    wanted = given.read(data, shown, present, reader.language, keys_in(reader))
    strange = [path for path in wanted.touched if not access.may_write(by, service, path)]
    if strange:
        places = dict.fromkeys(given.place_of(path, wanted.document) for path in strange)
        raise Forbidden([Fault(place, _("This is not yours to change.")) for place in places])
    if wanted.faults:
        raise Unprocessable(wanted.faults)
    changes = wanted.changes(present)
    try:
        if changes:
            editing.save(service, changes, by=by, base=working_copy.revision_of(service))
        if asked_for == IN_REVIEW != now:
            runs.submit(runs.open_run(service, by=by), by=by)
    except BadChanges as error:
        raise Unprocessable(_faults(error, wanted.document)) from error
    except Incomplete as error:
        raise Unprocessable(_lacking(error)) from error
    except Refused as error:
        raise Stands(409, str(error)) from error


def _state_asked_for(data: Mapping[str, Any]) -> Any:
    attributes = data.get("attributes")
    return attributes.get("moderation_state") if isinstance(attributes, dict) else None


def state_of(service: Service) -> str:
    """Return where a service's draft stands: on its public run's way, or as the service does."""
    run = open_run_of(service)
    if run is None:
        unwritten = service.status == Service.Status.UNPUBLISHED
        return "draft" if unwritten else str(service.status)
    return "draft" if run.state == RunState.DRAFTING else str(run.state)


def _faults(error: BadChanges, document: Document) -> Sequence[Fault]:
    return [Fault(given.place_of(one.path, document), one.message) for one in error.problems]


def _lacking(error: Incomplete) -> Sequence[Fault]:
    found = []
    for one in error.lacking:
        part = "relationships" if one.field.kind in POINTING else "attributes"
        words = _("Fill these in first: %(fields)s.") % {"fields": one.named}
        found.append(Fault(pointer("data", part, attribute_of(one.field)), words))
    return found


def keys_in(reader: Reader) -> given.Keys:
    """Return how UUIDs are found: among the words of now, and the services that there are."""

    def keys(target: str, wanted: set[str]) -> Mapping[str, str]:
        if target == SERVICE:
            numbers = [one for one in wanted if _is_uuid(one)]
            rows = Service.objects.filter(uuid__in=numbers).values_list("uuid", "external_id")
            return {str(number): key for number, key in rows}
        kind = TYPES[target]
        catalogue = catalogue_of(kind)
        found = {
            str(catalogue.uuid(kind, one)): catalogue.key(one) for one in catalogue.rows(kind, reader.words)
        }
        return {number: found[number] for number in wanted & found.keys()}

    return keys


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
