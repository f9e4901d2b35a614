"""Content for tests: small, whole and valid unless a test says otherwise."""

import copy
import datetime
import json
import uuid
from functools import cache
from io import BytesIO
from typing import Any

import factory
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.contrib.auth.hashers import make_password

from orgs import access, clock
from orgs.actors import Actor, System
from orgs.first_terms import first_terms
from orgs.models import Agreement, Membership, Organisation, Seat, User
from orgs.roles import Body, SeatKind
from orgs.terms import Terms
from palvelumanuaali.demo.places import AGREEMENT
from sanctions.models import Case
from sanctions.proceeding import Ground, Stage
from services import documents, files, lifting, publishing, responsibility, working_copy
from services.exchange import importing
from services.exchange.importing import import_file
from services.models import Service, ServiceVersion

PASSWORD = "kulkee-polkua-pitkin"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of every authenticator app in the tests


def reference_data() -> None:
    """Import the vocabularies, the partner Espoo and the provider Kielisilta."""
    path = settings.BASE_DIR / "services" / "data" / "vocabularies.json"
    content = json.loads(path.read_bytes()) | {
        "organisations": [
            {
                "id": "espoo",
                "kind": "partner",
                "name": {"fi": "Espoon kaupunki", "sv": "Esbo stad"},
                "municipalities": ["049"],
            },
            {"id": "kielisilta", "kind": "provider", "name": {"fi": "Kielisilta ry"}, "partners": ["espoo"]},
        ]
    }
    import_file(content)


class UserFactory(factory.django.DjangoModelFactory[User]):
    """A person who can sign in with PASSWORD."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"henkilo{n}@manuaali.example")
    full_name = factory.Sequence(lambda n: f"Henkilö {n}")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        password = kwargs.pop("password", PASSWORD)
        user = model_class.objects.create_user(*args, **kwargs)
        if password is not None:
            user.password = _hashed(password)
            model_class.objects.filter(pk=user.pk).update(password=user.password)
        return user


@cache
def _hashed(password: str) -> str:
    """Return a password as the database keeps it, reckoned once: it is slow on purpose."""
    return make_password(password)


class OrganisationFactory(factory.django.DjangoModelFactory[Organisation]):
    """A provider."""

    class Meta:
        model = Organisation

    external_id = factory.Sequence(lambda n: f"organisaatio-{n}")
    kind = Organisation.Kind.PROVIDER
    name = factory.LazyAttribute(lambda o: {"fi": f"{o.external_id} ry"})


class MembershipFactory(factory.django.DjangoModelFactory[Membership]):
    """A role from today on."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = "producer"
    starts_on = factory.LazyFunction(clock.today)


def member(
    kind: str, role: str, organisation: Organisation | None = None, *, factor: bool = True, **user: Any
) -> User:
    """Return a person with one role in `organisation` or a new one of `kind`.

    With a second factor where the role needs one, unless `factor` is False.
    """
    at = organisation or OrganisationFactory(kind=kind)
    membership = MembershipFactory(user=UserFactory(**user), organisation=at, role=role)
    person: User = membership.user
    if factor and access.needs_second_factor(person):
        second_factor(person)
    return person


def second_factor(user: User) -> None:
    """Give a person an authenticator app with SECRET."""
    TOTP.activate(user, SECRET)


def code(secret: str = SECRET) -> str:
    """Return what an authenticator app with the secret shows now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def seat(user: User, body: Body, kind: SeatKind) -> Seat:
    """Give a seat in the person's first organisation, and the second factor that it needs."""
    organisation = user.memberships.earliest("pk").organisation
    made = Seat.objects.create(
        user=user, organisation=organisation, body=body, kind=kind, starts_on=clock.today()
    )
    if not Authenticator.objects.filter(user=user).exists():
        second_factor(user)
    return made


def case(partner: Organisation, **more: Any) -> Case:
    """Return a case of an error whose first remark is proposed today, under the agreement in force."""
    today = clock.today()
    given: dict[str, Any] = {
        "agreement": Agreement.objects.covering(today),
        "ground": Ground.ERROR,
        "ground_on": today,
        "next_stage": Stage.FIRST,
        "next_on": today,
        "proposed_on": today,
        "opened_at": clock.now(),
    }
    made: Case = Case.objects.create(partner=partner, **given | more)
    return made


def agreement() -> Agreement:
    """Return the agreement of 2024-2026, with the numbers of docs/rules.md and no shares."""
    content = json.loads(AGREEMENT.read_bytes())
    made: Agreement = Agreement.objects.create(
        name=content["name"],
        starts_on=datetime.date.fromisoformat(content["starts_on"]),
        ends_on=datetime.date.fromisoformat(content["ends_on"]),
    )
    made.agreed.create(starts_on=made.starts_on, terms=first_terms())
    return made


def terms(**numbers: Any) -> Terms:
    """Return the numbers of docs/rules.md; `numbers` replaces some."""
    return first_terms(**numbers)


_PUBLIC_TEXTS = {
    "name": "Kielikahvila",
    "summary": "Puhut suomea rennossa ryhmässä.",
    "target_group": "<p>Sopii sinulle, jos opit suomea.</p>",
    "participation": "<ol><li><h3>Tule paikalle</h3><p>Et tarvitse ilmoittautumista.</p></li></ol>",
    "requirements": "<p>Osaat tervehtiä suomeksi.</p>",
    "execution": "<p>Ryhmä kokoontuu tiistaisin.</p>",
}
_INTERNAL_TEXTS = {
    "guidance": "<p>Kerro kahvilasta asiakkaalle.</p>",
    "preconditions": "<p>Asiakkaan työnhaku on voimassa.</p>",
    "obligation_text": "<p>Palvelu ei velvoita.</p>",
    "system_entries": "<p>Kirjaa: ohjattu kielikahvilaan.</p>",
    "benefit_effects": "<p>Ei vaikuta etuuteen.</p>",
}
_DOCUMENT: dict[str, Any] = {
    "public": {
        "organiser": "kielisilta",
        "producers": ["kielisilta"],
        "audiences": ["job_seeker"],
        "life_situations": ["new_in_finland"],
        "needs": ["language_skills"],
        "categories": ["language_training"],
        "delivery": ["group"],
        "accessibility": [],
        "languages": [{"language": "fi", "level": "a1"}],
        "paid": False,
        "price": None,
        "all_ages": True,
        "age_min": None,
        "age_max": None,
        "any_municipality": False,
        "municipalities": ["049"],
        "client_consent": False,
        "schedules": [
            {
                "id": "5f0f2c8e-0000-4000-8000-000000000001",
                "kind": "continuous",
                "place": None,
                "dates": [],
                "hours": {"tue": [["13:00", "15:00"]]},
                "place_text": {},
                "time_text": {},
            }
        ],
        "contacts": [],
        "links": [],
        "attachments": [],
        "related": [],
        "texts": {"fi": _PUBLIC_TEXTS},
    },
    "internal": {
        "obligation": "not_obligatory",
        "statement": "not_given",
        "benefits": [],
        "job_search_discussion": None,
        "archiving": False,
        "buyers": [],
        "contract_starts": None,
        "contract_ends": None,
        "contract_number": "",
        "contacts": [],
        "links": [],
        "attachments": [],
        "texts": {"fi": _INTERNAL_TEXTS},
        "municipal": {},
    },
    "editors": {"search_boost": 0},
}


RESPONSIBILITY = {
    "partner": "espoo",
    "basis": "regional",
    "from": "2024-09-01",
    "decision": "Yhteinen työsopimus 1.9.2024",
}


def document(**public: Any) -> dict[str, Any]:
    """Return a complete document; `public` replaces fields of its public section."""
    result = copy.deepcopy(_DOCUMENT)
    result["public"] |= public
    return result


def texts(**values: str) -> dict[str, dict[str, str]]:
    """Return complete Finnish public texts with `values` in place of the usual."""
    return {"fi": _PUBLIC_TEXTS | values}


def service(external_id: str = "kielikahvila", content: dict[str, Any] | None = None) -> Service:
    """Return a service with a working copy and no version; needs the `vocabulary` fixture."""
    made = working_copy.create(external_id, external_id, by=System.IMPORT)
    write(made, content or document())
    responsibility.take_over(made, [RESPONSIBILITY])
    made.refresh_from_db()
    return made


def write(service: Service, content: dict[str, Any], *, by: Actor = System.IMPORT) -> int:
    """Make the working copy say `content`; return its revision."""
    present = working_copy.read(service)
    wanted = documents.diff(present, importing.document_of(content, service.external_id))
    return working_copy.apply(service, wanted, base=working_copy.revision_of(service), by=by)


def publish(service: Service, *languages: str, by: Actor = System.IMPORT) -> ServiceVersion:
    """Publish the working copy as it is, in all of its languages or in those given."""
    found = languages or working_copy.read(service)["public"]["texts"]
    revision = working_copy.revision_of(service)
    return publishing.publish(service, languages=found, by=by, revision=revision)


def published(external_id: str = "kielikahvila", content: dict[str, Any] | None = None) -> ServiceVersion:
    """Return the first version of a new service."""
    return publish(service(external_id, content))


def stored_attachment(number: uuid.UUID, text: bytes = b"%PDF-1.4 ohje") -> dict[str, Any]:
    """Keep a small file and return it as it stands in a document."""
    digest, _size = files.store(BytesIO(text))
    return {
        "id": str(number),
        "title": {"fi": "Ohje"},
        "filename": "ohje.pdf",
        "content_type": "application/pdf",
        "size": len(text),
        "sha256": digest,
    }


def exchange_service(external_id: str = "kielikahvila", **more: Any) -> dict[str, Any]:
    """Return a service as it stands in an exchange file."""
    identity = {"id": external_id, "slug": external_id, "status": "published"}
    return identity | {"responsibility": [RESPONSIBILITY]} | document() | more


def exchange_file(*services: dict[str, Any]) -> dict[str, Any]:
    """Return an exchange file with `services`."""
    return {"format": "palvelumanuaali", "version": lifting.VERSION, "services": list(services)}
