"""The people and things that the matrix asks for."""

import datetime
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings

from orgs import clock, invitation_links, inviting, notices, tokens
from orgs.models import AccessToken, AgreedTerms, Agreement, Invitation, Notice, Organisation, Seat, User
from orgs.roles import Body, SeatKind
from sanctions import ledger
from sanctions.actions import answering, workshops
from sanctions.actions.answering import Evidence
from sanctions.actions.workshops import Held
from sanctions.models import Answer, Case, Handover, Letter, Meeting
from services import attachments, transfers
from services.models import Place, StatutoryOption, StatutoryWording, Transfer
from services.transfer_effects import Plan
from tests import factories
from tests.clients import Client
from workflow.actions import pauses, runs
from workflow.models import HolidaySeason, Pause


@dataclass
class Cast:
    """Everyone of the matrix, and what they reach for."""

    people: dict[str, User]
    sessions: dict[str, str]  # by the same names: the cookie of someone who has signed in
    agreement: Agreement
    planned_terms: AgreedTerms
    invitation: Invitation
    token: str
    seat: Seat
    access_token: AccessToken
    notice: Notice
    internal_file: uuid.UUID
    pause: Pause
    season: HolidaySeason
    case: Case
    letter: Letter
    answer: Answer
    planned_workshop: Meeting
    meeting: Meeting
    handover: Handover
    wording: StatutoryWording
    place: Place
    transfer: Transfer


def signed_in(user: User) -> str:
    """Return the session cookie of someone who has just signed in."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def cast() -> Cast:
    """Make everyone and everything; needs the `vocabulary` fixture."""
    espoo = Organisation.objects.get(external_id="espoo")
    kielisilta = Organisation.objects.get(external_id="kielisilta")
    vantaa = factories.OrganisationFactory(external_id="vantaa", kind="partner")
    other = factories.OrganisationFactory(external_id="toinen", kind="provider")
    project = factories.OrganisationFactory(external_id="projekti", kind="project")
    agreement = factories.agreement()

    def someone(organisation: Organisation, role: str) -> User:
        return factories.member(organisation.kind, role, organisation)

    def seated(body: Body, kind: SeatKind) -> User:
        user = someone(espoo, "expert")
        factories.seat(user, body, kind)
        return user

    people = {
        "expert": someone(espoo, "expert"),
        "producer": someone(espoo, "producer"),
        "main user": someone(espoo, "main_user"),
        "communications lead": someone(espoo, "communications_lead"),
        "working group member": seated(Body.WORKING_GROUP, SeatKind.MEMBER),
        "working group deputy": seated(Body.WORKING_GROUP, SeatKind.DEPUTY),
        "steering group member": seated(Body.STEERING_GROUP, SeatKind.MEMBER),
        "steering group deputy": seated(Body.STEERING_GROUP, SeatKind.DEPUTY),
        "foreign expert": someone(vantaa, "expert"),
        "foreign producer": someone(vantaa, "producer"),
        "foreign main user": someone(vantaa, "main_user"),
        "foreign communications lead": someone(vantaa, "communications_lead"),
        "provider's producer": someone(kielisilta, "producer"),
        "provider's main user": someone(kielisilta, "main_user"),
        "foreign provider's producer": someone(other, "producer"),
        "foreign provider's main user": someone(other, "main_user"),
        "project manager": someone(project, "project_manager"),
        "ICT specialist": someone(project, "ict_specialist"),
        "communications officer": someone(project, "communications_officer"),
        "blocked": someone(espoo, "main_user"),
        "former": someone(espoo, "main_user"),
    }
    people["blocked"].is_active = False
    people["blocked"].save()
    left = people["former"].memberships.get()
    left.starts_on = clock.today() - datetime.timedelta(days=9)
    left.ends_on = clock.today() - datetime.timedelta(days=1)
    left.save()
    invitation = inviting.invite(
        espoo, "uusi@manuaali.example", ["expert"], language="fi", by=people["main user"]
    )
    assert invitation is not None
    number = uuid.uuid4()
    content = factories.document()
    content["internal"]["attachments"] = [factories.stored_attachment(number)]
    service = factories.published(content=content).service
    run = runs.open_run(service, by=people["producer"])
    run.state, run.submitted_at, run.submitted_by = run.State.IN_REVIEW, clock.now(), people["producer"]
    run.save()
    assert attachments.internal(number)
    case = factories.case(espoo, text="Maksu on ohjeessa väärin.", service=service)
    sanction = ledger.append_sanction(case, Decimal(1000), grounds="Perusteet", by=people["project manager"])
    ledger.credit(sanction, by=people["project manager"], amount=Decimal(100), grounds="Osa hyvitetään.")
    answer = answering.answer(
        case,
        by=people["main user"],
        text="Korjasimme sen.",
        evidence=Evidence("naytto.pdf", b"%PDF-1.7 tosite"),
    )
    return Cast(
        people,
        {name: signed_in(user) for name, user in people.items()},
        agreement,
        agreement.agreed.create(
            starts_on=clock.today() + datetime.timedelta(days=9), terms=factories.terms(invitation_days=21)
        ),
        invitation,
        invitation_links.token(invitation),
        people["working group member"].seats.get(),
        tokens.make(people["main user"], name="Espoon sivusto", scopes=[], days=30, organisation=espoo)[0],
        notices.tell("role_given", people["expert"], organisation="espoo", role="expert"),
        number,
        pauses.pause(run, by=people["producer"], reason=Pause.Reason.LEGAL, text="Selvitämme."),
        HolidaySeason.objects.create(first_day=clock.today(), last_day=clock.today()),
        case,
        case.letters.get(),
        answer,
        workshops.plan(clock.today() + datetime.timedelta(days=7), espoo, by=people["project manager"]),
        workshops.record(clock.today(), espoo, Held(True, {}), by=people["project manager"]),
        Handover.objects.create(
            partner=espoo,
            reason=Handover.Reason.SEAT,
            giver=people["steering group member"],
            receiver=people["steering group deputy"],
            starts_on=clock.today(),
            due_on=clock.today(),
        ),
        StatutoryWording.objects.create(
            option=StatutoryOption.objects.get(kind="statement", key="given"),
            valid_from=clock.today() + datetime.timedelta(days=30),
            label={"fi": "Lausunto annetaan aina"},
        ),
        Place.objects.create(
            external_id="talo", name={"fi": "Talo"}, postal_code="02600", city={"fi": "Espoo"}, owner=espoo
        ),
        transfers.make(
            Plan([service], espoo, "thematic", clock.today(), "Ohjausryhmä 3/2026 § 2"),
            by=people["project manager"],
        ),
    )
