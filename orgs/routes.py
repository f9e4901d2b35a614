"""What a log may say of a request: its route's name and the ids in it, never the path or the query.

Paths and queries hold what opens something: an invitation, a new password, what someone looks for.
"""

from django.http import HttpRequest
from django.urls import NoReverseMatch, Resolver404, ResolverMatch, resolve, reverse

# Parts of addresses that say which thing was asked for; free texts, where tokens stand, are not among them.
_IDS = ("external_id", "slug", "number", "attachment_id")
UNKNOWN = "unknown"


def route_of(request: HttpRequest) -> str:
    """Return the route's name and its ids: "orgs:person external_id=espoo number=7"."""
    match = request.resolver_match or _resolved(request.path_info)
    if match is None:
        return UNKNOWN
    ids = [f"{name}={match.kwargs[name]}" for name in _IDS if name in match.kwargs]
    return " ".join([match.view_name, *ids])


def address_of(route: str) -> str:
    """Return the address, in the page's language, that a log says so of, or what it says itself."""
    name, *ids = route.split(" ")
    try:
        return reverse(name, kwargs=dict(one.split("=", 1) for one in ids))
    except (NoReverseMatch, ValueError):
        return route


def _resolved(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None
