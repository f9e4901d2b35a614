"""Previews: the draft of a part on the very pages of the public and of the experts."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from orgs import clock
from orgs.localised import page_language
from orgs.models import Municipality
from orgs.pages.common import person
from orgs.roles import Capability
from services import access, publishing, read_model
from services.fields import Document
from services.models import Service
from services.site import instructions, residence, service
from services.tracks import INTERNAL, PUBLIC, Part, municipal
from services.vocabularies import words
from workflow import composition
from workflow.actions.steps import open_run_of
from workflow.desk.common import refusal, service_of
from workflow.desk.sections import MUNICIPAL, section_address


def _resolved(one: Service, document: Document, language: str) -> dict[str, Any]:
    """Return the public document as the read model would hold it if it were published today."""
    identity = read_model.identity_of(one, clock.today())
    return read_model.resolve(identity, document["public"], language, words()).document


def _shown(one: Service, part: Part) -> Document:
    """Return what readers would find if the draft of one part were published now, and nothing else.

    Of a service that was never public all that is written.
    """
    draft = publishing.draft_of(one)
    run = open_run_of(one, part)
    if draft.published is None:
        return draft.working
    if run is None:
        return draft.published
    run.service = one
    return composition.of_draft(run, draft).document


@login_required
@require_safe
def preview(request: HttpRequest, external_id: str) -> HttpResponse:
    """Show what customers would read if the public draft were published now."""
    user, one = person(request), service_of(external_id)
    if not access.reads_drafts(user, one):
        raise refusal(one, Capability.WRITE_PUBLIC)
    language = page_language()
    row = _resolved(one, _shown(one, PUBLIC), language)
    context = service.page(row, service.related_rows(row, language), language, clock.today()) | {
        "row": row,
        "service": one,
        "internal_too": access.reads_internal_drafts(user, one),
    }
    return render(request, "workflow/preview.html", context)


@login_required
@require_safe
def preview_instructions(request: HttpRequest, external_id: str) -> HttpResponse:
    """Show what experts would read if the draft of the common instructions were published now.

    With a municipality's code in the address: if that municipality's own instructions were.
    """
    user, one = person(request), service_of(external_id)
    municipality = Municipality.objects.filter(code=residence.carried(request)).first()
    if municipality is None or one.first_published_at is None:
        if not access.reads_internal_drafts(user, one):
            raise refusal(one, Capability.WRITE_INTERNAL)
    elif not access.may_write_municipal(user, municipality):
        raise refusal(one, Capability.WRITE_MUNICIPAL)
    language = page_language()
    document = _shown(one, municipal(municipality.code) if municipality else INTERNAL)
    row = _resolved(one, document, language)
    own = [municipality.code] if municipality else residence.own_municipalities(user)
    context = instructions.page(row, document["internal"], own, language) | {
        "row": row,
        "service": one,
        "back": section_address(one, f"{MUNICIPAL}{municipality.code}") if municipality else "",
    }
    return render(request, "workflow/preview_instructions.html", context)
