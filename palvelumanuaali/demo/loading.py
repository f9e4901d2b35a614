"""The demo's content and people: what `make demo` loads, once."""

import base64
import datetime
import hashlib
import json
import zlib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.db import transaction

from orgs import access, agreements, clock
from orgs.first_terms import first_terms
from orgs.models import AgreedTerms, Agreement, Membership, Organisation, Seat, User
from palvelumanuaali.demo import runs
from palvelumanuaali.demo.people import PEOPLE, PROJECT, Person, others
from palvelumanuaali.demo.places import AGREEMENT, CONTENT
from services.exchange.exporting import files_folder
from services.exchange.importing import Report, import_file
from services.models import Service
from workflow import pairs
from workflow.models import Updater

VOCABULARIES = Path(settings.BASE_DIR) / "services" / "data" / "vocabularies.json"
PASSWORD = "polku-perille-2026"  # noqa: S105  known to all on purpose; the demo runs on loopback only


def demo_file() -> dict[str, Any]:
    """Return the vocabularies and all demo content as one exchange file."""
    content: dict[str, Any] = json.loads(VOCABULARIES.read_bytes())
    content["organisations"] = [
        {
            "id": PROJECT,
            "kind": "project",
            "name": {
                "fi": "Palvelumanuaalin projekti",
                "sv": "Servicehandbokens projekt",
                "en": "The project",
            },
            "email": "palvelumanuaali@projekti.example",
            "phone": "09 000 0100",
        }
    ]
    content |= {"places": [], "services": []}
    for path in sorted(CONTENT.glob("*.json")):
        part = json.loads(path.read_bytes())
        for name in ("organisations", "places", "services"):
            content[name] += part.get(name, [])
    return content


def dated(content: dict[str, Any], today: datetime.date) -> dict[str, Any]:
    """Give each published service a publication day within the last 100 days, spread by rule."""
    noon = datetime.datetime.combine(today, datetime.time(9, 30), tzinfo=datetime.UTC)
    for index, service in enumerate(content["services"]):
        if service["status"] == "published" and "published" not in service:
            at = noon - datetime.timedelta(days=1 + index * 37 % 100)
            first_at = at - datetime.timedelta(days=index * 53 % 400)
            service["published"] = {"number": 1, "at": at.isoformat(), "first_at": first_at.isoformat()}
    return content


def is_loaded() -> bool:
    """Tell whether the demo content is in the database."""
    return User.objects.filter(email=PEOPLE[-1].email).exists()


@transaction.atomic
def load(progress: Callable[[int, int], None] | None = None) -> Report:
    """Load everything, or nothing: content as published, and a person for each role."""
    content = dated(demo_file(), clock.today())
    report = import_file(content, files=files_folder(CONTENT), progress=progress)
    if report.refused:
        raise RuntimeError("\n".join(map(str, report.refused)))
    for person in PEOPLE:
        _welcome(person, signs_in=True)
    for person in others():
        _welcome(person, signs_in=False)
    Organisation.objects.filter(external_id="raasepori").update(letter_language="sv")
    _agree()
    with clock.as_of(clock.today() - datetime.timedelta(days=100)):
        _pair_up()
    runs.act()
    return report


def _welcome(person: Person, *, signs_in: bool) -> None:
    """Add a person as an accepted invitation would have, some while ago."""
    today = clock.today()
    user = User.objects.create_user(
        person.email,
        PASSWORD if signs_in else None,
        full_name=person.name,
        job_title=person.job_title,
        language=person.language,
        home_municipality_id=person.municipality or None,
        last_active_on=today
        - datetime.timedelta(days=0 if signs_in else zlib.crc32(person.email.encode()) % 40),
    )
    organisation = Organisation.objects.get(external_id=person.organisation)
    since = today - datetime.timedelta(days=420)
    for role in person.roles:
        Membership.objects.create(user=user, organisation=organisation, role=role, starts_on=since)
    for body, kind in person.seats:
        Seat.objects.create(user=user, organisation=organisation, body=body, kind=kind, starts_on=since)
    wary = signs_in or zlib.crc32(person.name.encode()) % 6
    if wary and access.needs_second_factor(user):
        # The demo's people have no phones: the page that asks for the code shows it.
        secret = base64.b32encode(hashlib.sha256(person.email.encode()).digest()[:20]).decode()
        TOTP.activate(user, secret)


def _agree() -> None:
    """Set the agreement of the demo: the numbers of the real one, invented shares."""
    content = json.loads(AGREEMENT.read_bytes())
    agreement = Agreement(
        name=content["name"],
        starts_on=datetime.date.fromisoformat(content["starts_on"]),
        # A demo of a later year is in its agreement's time, too.
        ends_on=max(datetime.date.fromisoformat(content["ends_on"]), clock.today().replace(month=12, day=31)),
    )
    agreed = AgreedTerms(
        terms=first_terms(),
        decision=content["decision"],
        decided_on=datetime.date.fromisoformat(content["decided_on"]),
    )
    shares = {
        Organisation.objects.get(external_id=partner): Fraction(share)
        for partner, share in content["shares"].items()
    }
    manager = User.objects.get(email="projektipaallikko@projekti.example")
    agreements.add(agreement, agreed, shares, by=manager)


def _pair_up() -> None:
    """Give each published service its pair, in turn among those who can be one."""
    by = User.objects.get(email="ict@projekti.example")
    published = Service.objects.filter(status=Service.Status.PUBLISHED).order_by("external_id")
    for index, service in enumerate(published):
        for half in Updater.Half:
            able = [
                person
                for organisation in pairs.organisations_of_half(service, half)
                for person in pairs.candidates(organisation)
            ]
            if able:
                pairs.name_updater(service, half, able[index % len(able)], by=by)
