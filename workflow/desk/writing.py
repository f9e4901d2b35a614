"""Writing a service: one page a section, one tab a language."""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from orgs import clock, dates
from orgs.localised import SOURCE_LANGUAGE, language_names
from orgs.models import User
from orgs.pages.common import person, say_refused
from orgs.refused import Refused
from orgs.roles import Capability
from services import access, completeness, publishing, revisions
from services.changes import BadChanges
from services.completeness import Missing
from services.fields import Document, Stage
from services.models import Service, WorkingCopy
from workflow import editing, languages
from workflow.actions.steps import open_run_of
from workflow.desk import withdrawn
from workflow.desk.common import refusal, service_of, shown_name
from workflow.desk.instructions import draft_of, preview_of
from workflow.desk.lacks import lack_of
from workflow.desk.requests import request_of
from workflow.desk.section_form import SectionForm
from workflow.desk.sections import Section, section_address, sections_for
from workflow.merging import Saved
from workflow.states import RunState


@login_required
@require_safe
def start(request: HttpRequest, external_id: str) -> HttpResponse:
    """Lead to the first section that the person may write."""
    found = service_of(external_id)
    sections = sections_for(person(request), found)
    if not sections:
        raise refusal(found, Capability.WRITE_PUBLIC, Capability.WRITE_INTERNAL)
    return redirect("desk:edit", external_id, sections[0].key)


def _to_the_archive(request: HttpRequest, service: Service) -> HttpResponse:
    """Say that an archived service is restored before it is written."""
    messages.error(request, _("The service is in the archive. Restore it to write it again."))
    reads = access.may(person(request), Capability.WRITE_PUBLIC, service)
    return redirect("desk:service", service.external_id) if reads else redirect("desk:desk")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, external_id: str, section: str) -> HttpResponse:
    """Show a section's form, and save it; a saving never needs what is still missing."""
    user, service = person(request), service_of(external_id)
    sections = sections_for(user, service, section)
    if not sections:
        raise refusal(service, Capability.WRITE_PUBLIC, Capability.WRITE_INTERNAL)
    if service.status == Service.Status.ARCHIVED:
        return _to_the_archive(request, service)
    here = next((one for one in sections if one.key == section), None)
    if here is None:
        raise Http404
    language = _language(request)
    copy = WorkingCopy.objects.get(service=service)
    posted = request.method == "POST"
    base = _revision(request) if posted else copy.revision
    form = SectionForm(
        revisions.base_of(copy, base),
        here.fields,
        language,
        municipality=here.municipality.code if here.municipality else None,
        common=publishing.newest_document(service) or copy.document,
        data=request.POST if posted else None,
        files=request.FILES if posted else None,
    )
    if posted and form.is_valid():
        saved = _save(request, service, form, user, base)
        if saved is not None and not saved.conflicts:
            messages.success(request, _said(saved))
            if saved.reviewed or saved.voided:
                messages.warning(request, _said_of_review(saved))
            return redirect(_next_address(request, service, sections, here, language))
        if saved is not None:
            form.add_conflicts(saved.conflicts)
            base = saved.revision
    context = _frame(service, copy.document, sections, here, user, language) | {
        "form": form,
        "language": language,
        "languages": settings.LANGUAGES,
        "revision": base,
        "errors": form.errors() if posted else [],
    }
    return render(request, "workflow/edit.html", context, status=422 if posted else 200)


def _language(request: HttpRequest) -> str:
    wanted = request.GET.get("lang", SOURCE_LANGUAGE)
    return wanted if wanted in dict(settings.LANGUAGES) else SOURCE_LANGUAGE


def _revision(request: HttpRequest) -> int:
    said = request.POST.get("revision", "")
    return int(said) if said.isdecimal() and len(said) < 10 else 0


def _save(request: HttpRequest, service: Service, form: SectionForm, user: User, base: int) -> Saved | None:
    """Save what was given; None where it was refused, with the reasons in the form."""
    try:
        return editing.save(service, form.changes(), by=user, base=base)
    except BadChanges as refused:
        form.add_problems(refused.problems)
    except Refused as refused:
        say_refused(request, refused)
    return None


def _said(saved: Saved) -> str:
    if not saved.changed:
        return _("Nothing had changed.")
    return _("Saved %(time)s.") % {"time": dates.time(clock.now().astimezone(clock.ZONE))}


def _said_of_review(saved: Saved) -> str:
    """Return what a saving means to a text that is being reviewed."""
    words = _("The text is in review. Its reviewer sees what you changed before it is published.")
    if saved.voided:
        undone = ngettext(
            "%(count)s internal section has to be confirmed again.",
            "%(count)s internal sections have to be confirmed again.",
            saved.voided,
        )
        words = f"{words} {undone % {'count': saved.voided}}"
    return words


def _next_address(
    request: HttpRequest, service: Service, sections: list[Section], here: Section, language: str
) -> str:
    wanted = here
    if "next" in request.POST:
        after = sections.index(here) + 1
        wanted = sections[after] if after < len(sections) else here
    return section_address(service, wanted.key, language)


def _frame(
    service: Service, document: Document, sections: list[Section], here: Section, user: User, language: str
) -> dict[str, Any]:
    """Return what stands around the form: the sections, what is missing, what comes next."""
    draft, public = publishing.draft_of(service), open_run_of(service)
    carried = languages.carried(public, draft) if public else languages.ready(document, draft.published)
    begun = [one for one in languages.changed(document, draft.published) if one not in carried]
    audiences = {field.audience for one in sections for field in one.fields}

    def of(rule: Callable[..., list[Missing]], stage: Stage, wanted: Iterable[str]) -> list[Missing]:
        return [one for one in rule(document, stage, wanted) if one.field.audience in audiences]

    required = of(completeness.required, Stage.PUBLICATION, carried)
    missing = of(completeness.missing, Stage.PUBLICATION, carried)
    translating = [one for one in of(completeness.missing, Stage.SUBMISSION, begun) if one.language in begun]
    lacks = [lack_of(service, one) for one in missing]
    place = sections.index(here)
    return {
        "service": service,
        "name": shown_name(service),
        "run": open_run_of(service, here.part),
        "in_review": public is not None and public.state == RunState.IN_REVIEW,
        "asked": request_of(service),
        "at_desk": access.reads_drafts(user, service),
        "preview": preview_of(service, here.part),
        "own": draft_of(user, draft, here.part) if here.municipality else None,
        "withdrawn": withdrawn.lately(user, service, [here.part]) if here.municipality else [],
        "here": here,
        "here_lacks": len(here.lacks([*missing, *(one for one in translating if one.language == language)])),
        "sections": [(one, len(one.lacks(missing)), one.is_written(document)) for one in sections],
        "before": sections[place - 1] if place else None,
        "after": sections[place + 1] if place + 1 < len(sections) else None,
        "required": len(required),
        "filled": len(required) - len(missing),
        "lacks": lacks,
        "begun": language_names(begun),
        "translating": [lack_of(service, one) for one in translating],
        "for_submission": sum(one.stage is Stage.SUBMISSION for one in lacks),
        "for_publication": sum(one.stage is Stage.PUBLICATION for one in lacks),
        "may_submit": access.may(user, Capability.WRITE_PUBLIC, service),
        "may_publish": access.may(user, Capability.PUBLISH, service),
    }
