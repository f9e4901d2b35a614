"""What the pages of the desk share: finding a service, and telling why something was refused."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from orgs.localised import page_language
from services.models import Service
from services.names import name_of


def service_of(external_id: str) -> Service:
    """Return a service with what rights to it depend on; raises Http404."""
    services = Service.objects.select_related("organiser", "responsible_partner")
    return get_object_or_404(services.prefetch_related("producers"), external_id=external_id)


def shown_name(service: Service) -> str:
    """Return the service's name in the language of the page."""
    return name_of(service, page_language())


def add_refusal(form: forms.BaseForm, error: ValidationError) -> None:
    """Put what an action found wrong beside the boxes that it names, on top where there is no such box."""
    known = not hasattr(error, "error_dict") or set(error.error_dict) <= set(form.fields)
    form.add_error(None, error if known else ValidationError(error.messages))


def say_refused(request: HttpRequest, error: Exception) -> None:
    """Show on the next page why an action was refused and what to do."""
    found: Any = error.messages if isinstance(error, ValidationError) else [str(error)]
    for message in found:
        messages.error(request, message)
