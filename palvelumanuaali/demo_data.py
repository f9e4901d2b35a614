"""The demo's content and people: what `make demo` loads, once."""

import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from orgs import clock
from orgs.models import Membership, Organisation, User
from orgs.roles import Role
from services.exchange.exporting import files_folder
from services.exchange.importing import Report, import_file

CONTENT = Path(settings.BASE_DIR) / "demo_content"
VOCABULARIES = Path(settings.BASE_DIR) / "services" / "data" / "vocabularies.json"
PASSWORD = "polku-perille-2026"  # noqa: S105  known to all on purpose; the demo runs on loopback only
PROJECT = "projekti"


@dataclass(frozen=True)
class Person:
    """Someone to sign in as."""

    email: str
    name: str
    job_title: str
    organisation: str
    role: Role
    language: str = "fi"


PEOPLE = (
    Person("asiantuntija@espoo.example", "Aino Neuvonen", "Työllisyysasiantuntija", "espoo", Role.EXPERT),
    Person("tuottaja@helsinki.example", "Ilmari Kirjava", "Palvelusuunnittelija", "helsinki", Role.PRODUCER),
    Person("paakayttaja@vantaa.example", "Katri Vastuu", "Palveluesimies", "vantaa", Role.MAIN_USER),
    Person(
        "kommunikation@raasepori.example",
        "Linnea Strand",
        "Kommunikatör",
        "raasepori",
        Role.COMMUNICATIONS_LEAD,
        "sv",
    ),
    Person("tuottaja@kielisilta.example", "Onni Malli", "Kurssisihteeri", "kielisilta", Role.PRODUCER),
    Person("paakayttaja@opintie.example", "Saara Polku", "Koulutuspäällikkö", "opintie", Role.MAIN_USER),
    Person(
        "projektipaallikko@projekti.example",
        "Martta Mittari",
        "Projektipäällikkö",
        PROJECT,
        Role.PROJECT_MANAGER,
    ),
    Person("ict@projekti.example", "Otso Kytkin", "ICT-erityisasiantuntija", PROJECT, Role.ICT_SPECIALIST),
    Person(
        "viestinta@projekti.example",
        "Helmi Sanoja",
        "Viestintäasiantuntija",
        PROJECT,
        Role.COMMUNICATIONS_OFFICER,
    ),
)
# They edit vocabularies (domain.md section 11), in the admin.
ADMIN_ROLES = (Role.ICT_SPECIALIST, Role.COMMUNICATIONS_OFFICER)


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
        _welcome(person)
    return report


def _welcome(person: Person) -> None:
    user = User.objects.create_user(
        person.email,
        PASSWORD,
        full_name=person.name,
        job_title=person.job_title,
        language=person.language,
        is_staff=person.role in ADMIN_ROLES,
        is_superuser=person.role is Role.ICT_SPECIALIST,
    )
    if person.role is Role.COMMUNICATIONS_OFFICER:
        user.user_permissions.set(_vocabulary_permissions())
    Membership.objects.create(
        user=user,
        organisation=Organisation.objects.get(external_id=person.organisation),
        role=person.role,
        starts_on=clock.today(),
    )


def _vocabulary_permissions() -> Any:
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(
        content_type__app_label="services",
        content_type__model__in=["term", "statutoryoption", "statutorywording"],
    ).exclude(codename__startswith="delete_")
