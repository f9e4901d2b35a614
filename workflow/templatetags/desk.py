"""The desk's pages in a row, those that the reader has."""

from typing import Any

from django import template

from orgs import access
from orgs.roles import Capability

register = template.Library()


@register.inclusion_tag("workflow/partials/desk_tabs.html", takes_context=True)
def desk_tabs(context: dict[str, Any], here: str) -> dict[str, Any]:
    """Show the tabs; `here` is the one that is open."""
    return {"here": here, "writes_own": access.holds(context["user"], Capability.WRITE_MUNICIPAL)}
