"""Exchange files of earlier versions, read as if they were written today."""

from typing import Any

from services import lifting
from services.fields import Audience

_SECTIONS = tuple(audience.value for audience in Audience)


def lifted(content: Any) -> Any:
    """Return a parsed file of an earlier version as one of today's, anything else as it is.

    What is no file of its version at all is left to the check, which says where and why.
    """
    version = content.get("version") if isinstance(content, dict) else None
    if not isinstance(version, int) or not 1 <= version < lifting.current():
        return content
    try:
        services = [_service(service, version) for service in content.get("services", ())]
    except (AttributeError, KeyError, TypeError, ValueError):
        return content
    present = {"services": services} if "services" in content else {}
    return content | present | {"version": lifting.current()}


def _service(service: dict[str, Any], version: int) -> dict[str, Any]:
    """Lift what a file says of a service: its working copy, and what differs from it as published."""
    written = lifting.lifted({name: service[name] for name in _SECTIONS if name in service}, version)
    if "published" not in service:
        return service | written
    published = service["published"]
    # A lift may look from one section into another, and a file leaves out those that are alike.
    whole = {name: (published if name in published else service)[name] for name in _SECTIONS}
    frozen = lifting.lifted(whole, version)
    differing = {name: frozen[name] for name in _SECTIONS if frozen[name] != written[name]}
    kept = {name: value for name, value in published.items() if name not in _SECTIONS}
    return service | written | {"published": kept | differing}
