"""What the pages of the desk share: finding a service, and its name."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from orgs.access import NotAllowed
from orgs.localised import page_language
from orgs.roles import Capability
from services.models import Service
from services.names import name_of


def service_of(external_id: str) -> Service:
    """Return a service with what rights to it depend on; raises Http404."""
    services = Service.objects.select_related("organiser", "responsible_partner")
    return get_object_or_404(services.prefetch_related("producers"), external_id=external_id)


def refusal(service: Service, *capabilities: Capability) -> Exception:
    """Return what to raise for someone without a right to a service.

    Of one that was never public nobody is told that it exists; else the page says what it would take.
    """
    return NotAllowed(*capabilities) if service.first_published_at else Http404()


def shown_name(service: Service) -> str:
    """Return the service's name in the language of the page."""
    return name_of(service, page_language())
