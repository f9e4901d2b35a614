"""Walk through the demo as its users do: `python -m tests.upgrades.walk` in the database of DATABASE_URL.

For databases that an earlier version of the code wrote. Each page is asked for by one person for each
set of roles and seats; then services are written, submitted, reviewed and published.
"""

import sys
from collections.abc import Iterator

import django
import time_machine
from django.conf import settings
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils.translation import override

from services.tracks import Track
from tests.moment import NOW

SOME = 2  # services that are opened at the desk by everyone, and saved as they were opened


def main() -> None:
    """Walk, and end with an error at the first page that fails."""
    django.setup()
    from django.test.utils import setup_test_environment

    setup_test_environment()
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    with override("fi"), time_machine.travel(NOW, tick=False):
        walk()


def walk() -> None:
    """Open all pages, then go the way of a change."""
    from orgs.models import User
    from palvelumanuaali.demo.people import PEOPLE
    from services import publishing
    from tests.clients import Client

    publishing.rebuild()
    publishing.rebuild()
    visitor = Client()
    for path in (*fixed_paths(), *public_paths()):
        ask(visitor, path)
    for person in {(one.roles, one.seats): one for one in PEOPLE}.values():
        client = Client()
        client.force_login(User.objects.get(email=person.email))
        for path in (*fixed_paths(), *desk_paths()):
            ask(client, path)
    go_the_way_of_a_change()


def ask(client: object, path: str) -> None:
    """Ask for a page; refusals are answers, errors are not."""
    answer = client.get(path)  # type: ignore[attr-defined]
    assert answer.status_code < 500, f"{path}: {answer.status_code}"


def names(patterns: list[URLPattern | URLResolver], namespace: str = "") -> Iterator[str]:
    """Yield the names of all addresses."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns, ":".join(filter(None, (namespace, pattern.namespace))))
        else:
            yield ":".join(filter(None, (namespace, pattern.name or "")))


def fixed_paths() -> Iterator[str]:
    """Yield every address that needs nothing more, but for signing out."""
    for name in names(get_resolver().url_patterns):
        try:
            yield reverse(name)
        except NoReverseMatch:
            continue


def public_paths() -> Iterator[str]:
    """Yield the page of each published service in each language, and a list for each value of a filter."""
    from services.models import PublishedService
    from services.search import filters
    from services.vocabularies import load

    for language, slug in PublishedService.objects.values_list("language", "slug"):
        with override(language):
            yield reverse("site:service", args=[slug])
    for parameter, values in filters.known_values(load()).items():
        yield from (f"{reverse('site:services')}?{parameter}={value}" for value in values[:3])


def desk_paths() -> Iterator[str]:
    """Yield the pages of some services at the desk, and of their instructions."""
    from services.fields import Group
    from services.models import Service

    for service in Service.objects.order_by("pk")[:SOME]:
        key = service.external_id
        yield from (reverse(f"desk:{name}", args=[key]) for name in ("service", "preview", "people"))
        yield reverse("desk:preview_instructions", args=[key])
        yield from (reverse("desk:edit", args=[key, section.value]) for section in Group)
        yield reverse("site:instructions", args=[service.slug])


def go_the_way_of_a_change() -> None:
    """Save each section of some services as it was opened, then write, review and publish them."""
    from orgs.models import User
    from services import publishing, working_copy
    from services.documents import text
    from services.fields import Audience
    from services.models import Service
    from tests.browser_forms import as_a_browser_sends
    from tests.clients import Client
    from workflow import editing, review
    from workflow.actions import reviewing
    from workflow.desk.sections import sections_for
    from workflow.models import Run

    ict = User.objects.get(email="ict@projekti.example")
    client = Client()
    client.force_login(ict)
    written = Service.objects.filter(status=Service.Status.PUBLISHED).order_by("pk")[:SOME]
    for service in written:
        before = working_copy.read(service)
        for section in sections_for(ict, service):
            path = reverse("desk:edit", args=[service.external_id, section.key])
            saved = client.post(path, as_a_browser_sends(client.get(path).content, of="muokkaus"))
            assert saved.status_code == 302, (path, saved.status_code)
        assert working_copy.read(service) == before, f"{service}: saving what was opened changed something"
        summary = {text(Audience.PUBLIC, "fi", "summary"): "Muutettu tiivistelmä."}
        editing.save(service, summary, by=ict, base=working_copy.revision_of(service))
        run = Run.objects.filter(service=service, track=Track.PUBLIC).latest("pk")
        if run.state != Run.State.IN_REVIEW and reviewing.written_by_others(run):
            continue
        revision = working_copy.revision_of(service)
        reviewing.confirm_sections(run, review.INTERNAL_GROUPS, by=ict, revision=revision)
        reviewing.publish(run, by=ict, revision=revision)
        service.refresh_from_db()
        version = publishing.newest_document(service)
        assert version
        assert version["public"]["texts"]["fi"]["summary"] == "Muutettu tiivistelmä.", service


if __name__ == "__main__":
    main()
    from services import lifting

    sys.stdout.write(f"walked in shape {lifting.VERSION}\n")
