"""What the pages of this room share."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from orgs import access, people
from orgs.models import Organisation, User
from orgs.roles import Capability

PAGE_SIZE = 50


def person(request: HttpRequest) -> User:
    """Return the signed-in person of a view that only those who are signed in reach."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def managed_organisation(request: HttpRequest, external_id: str) -> Organisation:
    """Return the organisation whose people the reader manages; raises PermissionDenied or Http404."""
    organisation = get_object_or_404(Organisation, external_id=external_id)
    access.require(request.user, Capability.MANAGE_PEOPLE, access.own(organisation))
    return organisation


def member_of(request: HttpRequest, external_id: str, number: int) -> tuple[Organisation, User]:
    """Return a managed organisation and a person who has a role in it today."""
    organisation = managed_organisation(request, external_id)
    user = get_object_or_404(User, pk=number)
    if not people.roles_of(user, organisation):
        raise Http404
    return organisation, user


def say_problem(request: HttpRequest, error: ValidationError) -> None:
    """Show what is wrong on the page that comes next."""
    for message in error.messages:
        messages.error(request, message)


def page_of(request: HttpRequest, rows: Any) -> Any:
    """Return the page of `rows` that the address asks for, the nearest there is."""
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
