"""A new service through the interface: what the desk's form asks for, in a resource object."""

import datetime
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from orgs import clock
from orgs.models import Organisation, User
from services.api.catalogues import Reader
from services.api.errors import Fault, Stands, Unprocessable, pointer
from services.api.types import ORGANISATION
from services.changes import BadChanges
from services.models import Service
from workflow.actions import creating
from workflow.api import given
from workflow.models import CreatedOnce

_KEY = re.compile(r"[!-~]{1,100}")
_KEPT = datetime.timedelta(days=7)
_TITLE = pointer("data", "attributes", "title")
_ORGANISER, _PARTNER = "field_organiser", "field_responsible_partner"
# Where the parts of the desk's form stand in a resource object.
_PLACES = {
    "name": _TITLE,
    "partner": pointer("data", "relationships", _PARTNER),
    "basis": pointer("data", "meta", "basis"),
    "decision": pointer("data", "meta", "decision"),
}


def create(data: Mapping[str, Any], reader: Reader, keys: given.Keys, *, by: User) -> Service:
    """Make the service that a resource object asks for, as the desk does, with its name and parties alone.

    The organiser may be left out by who makes services for one organisation, the partner where there
    is one alone. Raises PermissionDenied or Unprocessable, having made nothing in the transaction.
    """
    attributes, meta = _object(data, "attributes"), _object(data, "meta")
    named = attributes.get("title")
    if not isinstance(named, str) or not named.strip():
        raise Unprocessable([Fault(_TITLE, _("This must not be empty."))])
    organisation = _party(data, _ORGANISER, keys, creating.creators(by))
    partner = _party(data, _PARTNER, keys, partners_of(organisation))
    try:
        run = creating.create(
            organisation,
            names={reader.language: named},
            partner=partner,
            basis=str(meta.get("basis") or ""),
            decision=str(meta.get("decision") or ""),
            by=by,
        )
    except ValidationError as error:
        raise Unprocessable(_faults(error)) from error
    except BadChanges as error:
        raise Unprocessable([Fault(_TITLE, one.message) for one in error.problems]) from error
    return run.service


def partners_of(organisation: Organisation) -> list[Organisation]:
    """Return which partners may answer for a new service of an organisation."""
    if organisation.kind == Organisation.Kind.PARTNER:
        return [organisation]
    return list(organisation.partners.filter(closed_on=None))


def rest_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a resource object without what only making a service asks for."""
    relationships = {name: one for name, one in _object(data, "relationships").items() if name != _PARTNER}
    return dict(data) | {"relationships": relationships}


def _object(data: Mapping[str, Any], part: str) -> dict[str, Any]:
    found = data.get(part, {})
    if not isinstance(found, dict):
        raise Unprocessable([Fault(pointer("data", part), _("Give an object here."))])
    return found


def _party(
    data: Mapping[str, Any], name: str, keys: given.Keys, possible: list[Organisation]
) -> Organisation:
    """Return an organisation that is named, or the only one that can be meant."""
    said = _object(data, "relationships").get(name)
    where = pointer("data", "relationships", name)
    if said is None and len(possible) == 1:
        return possible[0]
    one = said.get("data") if isinstance(said, dict) else None
    if not isinstance(one, dict) or one.get("type") != ORGANISATION:
        raise Unprocessable([Fault(where, _("Name an organisation here, by type and id."))])
    key = keys(ORGANISATION, {str(one.get("id"))}).get(str(one.get("id")))
    found = Organisation.objects.open().filter(external_id=key).first() if key else None
    if found is None:
        raise Unprocessable([Fault(f"{where}/data/id", _("There is nothing with this UUID."))])
    return found


def _faults(error: ValidationError) -> list[Fault]:
    if not hasattr(error, "error_dict"):
        return [Fault("/data", message) for message in error.messages]
    return [
        Fault(_PLACES.get(name, "/data"), message)
        for name, errors in error.message_dict.items()
        for message in errors
    ]


# Not twice


def made_before(key: str, data: Mapping[str, Any], language: str, by: User) -> Service | None:
    """Return what a person's key made before; the person's row is locked, so two can't make it at once.

    Raises Stands where the key was used for something else, or is none.
    """
    User.objects.select_for_update().get(pk=by.pk)
    if not _KEY.fullmatch(key):
        raise Stands(400, _("Give 1 to 100 letters, digits or marks as Idempotency-Key."))
    CreatedOnce.objects.filter(user=by, at__lt=clock.now() - _KEPT).delete()
    found = CreatedOnce.objects.filter(user=by, key=key).select_related("service").first()
    if found and found.hashed != _hash(data, language):
        raise Stands(409, _("Something else was made with this Idempotency-Key. Choose another."))
    return found.service if found else None


def remember(key: str, data: Mapping[str, Any], language: str, service: Service, by: User) -> None:
    """Keep what a key made, for a week."""
    CreatedOnce.objects.create(
        user=by, key=key, hashed=_hash(data, language), service=service, at=clock.now()
    )


def _hash(data: Mapping[str, Any], language: str) -> str:
    return hashlib.sha256(json.dumps([language, data], sort_keys=True).encode()).hexdigest()
