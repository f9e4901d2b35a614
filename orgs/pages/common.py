"""What the pages of this room share."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orgs import access, people
from orgs.access import NotAllowed
from orgs.models import Organisation, User
from orgs.roles import ALLOWS, ROLES_OF_KIND, Capability, Role

PAGE_SIZE = 50


def person(request: HttpRequest) -> User:
    """Return the signed-in person of a view that only those who are signed in reach."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def holder(request: HttpRequest, capability: Capability) -> User:
    """Return the signed-in person; raises NotAllowed for those without the right over anything."""
    user = person(request)
    if not access.holds(user, capability):
        raise NotAllowed(capability)
    return user


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


def offer_roles(chooser: forms.Field, organisation: Organisation, by: User) -> None:
    """Let a form offer the roles of an organisation that `by` may give, and say who gives the others."""
    assert isinstance(chooser, forms.MultipleChoiceField)
    offered = [role for role in ROLES_OF_KIND[organisation.kind] if people.may_give(by, organisation, [role])]
    chooser.choices = [(role.value, _explained(role)) for role in offered]
    if not offered:
        chooser.help_text = _("Roles of the project are given and taken by a project manager only.")
    elif len(offered) < len(ROLES_OF_KIND[organisation.kind]):
        chooser.help_text = _("The role of main user is given and taken by the project manager.")


def _explained(role: Role) -> SafeString:
    """Return a role with what it is for."""
    return format_html('{}<br><small class="dim">{}</small>', role.label, ALLOWS[role])


def say_refused(request: HttpRequest, error: Exception) -> None:
    """Show on the next page why an action was refused and what to do."""
    found = error.messages if isinstance(error, ValidationError) else [str(error)]
    for message in found:
        messages.error(request, message)


def page_of(request: HttpRequest, rows: Any) -> Any:
    """Return the page of `rows` that the address asks for, the nearest there is."""
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))


def told_often(who: str) -> str:
    """Return why no other link is sent now."""
    return gettext(
        "%(who)s has been sent several links within the hour. Look at the newest, or wait an hour."
    ) % {"who": who}
