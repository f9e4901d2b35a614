"""The desk's pages in a row, those that the reader has, with how much is in each."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.translation import gettext as _

from orgs import access
from orgs.models import User
from orgs.roles import Capability
from services.fields import Label
from workflow import waiting
from workflow.desk import findings, lists

register = template.Library()


@dataclass(frozen=True)
class Tab:
    """A page of the desk; `count` is how much is in it, None where that is said on the page itself."""

    name: str
    label: Label
    count: int | None = None


def tabs_of(user: User) -> list[Tab]:
    """Return the pages that a person has."""
    tabs = [
        Tab("desk", _("Waiting for me")),
        Tab("runs", _("On their way"), waiting.runs_of(user).count()),
        Tab("services", _("Services"), lists.services_of(user).count()),
        Tab("findings", _("Findings"), findings.count_of(user)),
    ]
    if access.holds(user, Capability.WRITE_MUNICIPAL):
        tabs.insert(3, Tab("own_instructions", _("Own municipality's instructions")))
    return tabs


@register.inclusion_tag("workflow/partials/desk_tabs.html", takes_context=True)
def desk_tabs(context: dict[str, Any], here: str) -> dict[str, Any]:
    """Show the tabs; `here` is the one that is open."""
    return {"here": here, "tabs": tabs_of(context["user"])}
