"""What a service is called while it is worked on, published or not."""

from orgs.localised import reading
from services.models import Service


def name_of(service: Service, language: str) -> str:
    """Return the working copy's name in `language` or in Finnish, the identifier where it has none."""
    return reading(service.names, language).text or service.external_id
