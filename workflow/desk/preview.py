"""Previews: the working copy on the very pages of the public and of the experts."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from orgs import clock
from orgs.access import reads_internal
from orgs.localised import page_language
from orgs.models import User
from orgs.pages.common import person
from orgs.roles import Capability
from services import access, read_model, working_copy
from services.fields import Document
from services.models import Service
from services.site import instructions, residence, service
from services.vocabularies import words
from workflow.desk.common import refusal, service_of

_WRITES = (Capability.WRITE_PUBLIC, Capability.WRITE_INTERNAL)


def reads_drafts(user: User, one: Service) -> bool:
    """Tell whether a person reads what is not published yet: those who write or review it."""
    return any(access.may(user, capability, one) for capability in _WRITES)


def reads_internal_drafts(user: User, one: Service) -> bool:
    """Tell whether a person reads the unpublished instructions of a service; never a provider."""
    return reads_internal(user) and access.may(user, Capability.WRITE_INTERNAL, one)


def _resolved(one: Service, document: Document, language: str) -> dict[str, Any]:
    """Return the public document as the read model would hold it if it were published today."""
    identity = read_model.identity_of(one, clock.today())
    return read_model.resolve(identity, document["public"], language, words()).document


@login_required
@require_safe
def preview(request: HttpRequest, external_id: str) -> HttpResponse:
    """Show what customers would read if the working copy were published now."""
    user, one = person(request), service_of(external_id)
    if not reads_drafts(user, one):
        raise refusal(one, Capability.WRITE_PUBLIC)
    language = page_language()
    row = _resolved(one, working_copy.read(one), language)
    context = service.page(row, service.related_rows(row, language), language, clock.today()) | {
        "row": row,
        "service": one,
        "internal_too": reads_internal_drafts(user, one),
    }
    return render(request, "workflow/preview.html", context)


@login_required
@require_safe
def preview_instructions(request: HttpRequest, external_id: str) -> HttpResponse:
    """Show what experts would read if the working copy were published now."""
    user, one = person(request), service_of(external_id)
    if not reads_internal_drafts(user, one):
        raise refusal(one, Capability.WRITE_INTERNAL)
    language = page_language()
    document = working_copy.read(one)
    row = _resolved(one, document, language)
    own = residence.own_municipalities(user)
    context = instructions.page(row, document["internal"], own, language) | {
        "row": row,
        "service": one,
    }
    return render(request, "workflow/preview_instructions.html", context)
