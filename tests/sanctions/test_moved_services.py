"""A service moves to another partner: in cases, lights and figures a delay stays the partner's of its day."""

import datetime

import pytest

from orgs.models import Notice, Organisation, terms_on
from orgs.terms_effects import Effect
from sanctions import delays, facts, lights, moved_cases, punctuality
from sanctions.models import Case, Correction
from sanctions.office.case_forms import ExemptForm
from services import transfers
from services.models import Service, Transfer
from services.transfer_effects import Plan, of
from tests import factories
from tests.clients import Client
from tests.sanctions.conftest import Office
from tests.sanctions.test_cases import give
from tests.workflow.conftest import at, on
from workflow.sweep import sweep

D = datetime.date.fromisoformat
DECISION = "Ohjausryhmä 1/2026 § 4"


@pytest.fixture
def vantaa() -> Organisation:
    with on("2026-01-07"):
        found = factories.OrganisationFactory(kind="partner", external_id="vantaa", name={"fi": "Vantaa"})
        at("vantaa", "main_user")
        return found


def plan(office: Office, partner: Organisation, day: str) -> Plan:
    service = Service.objects.get(pk=office.pipeline.service.pk)
    return Plan([service], partner, "thematic", D(day), DECISION)


def move(office: Office, partner: Organisation, day: str, *, today: str) -> Transfer:
    with on(today):
        return transfers.make(plan(office, partner, day), by=office.manager)


def light(partner: Organisation, today: str) -> lights.Level:
    with on(today):
        (found,) = facts.facts_of([partner])
        shown = lights.lights_of(found, terms_on(D(today)), D(today))
    return next(one.level for one in shown if one.key == "pipeline")


def test_a_delay_counts_for_the_partner_of_its_day_whoever_has_the_service_now(
    late: Office, vantaa: Organisation
) -> None:
    move(late, vantaa, "2026-01-26", today="2026-01-26")
    with on("2026-01-28"):
        sweep()
        found = {one.partner: one for one in facts.facts_of([late.espoo, vantaa])}
        assert found[late.espoo].late == [D("2026-01-22")]
        assert found[vantaa].late == []
        assert (found[late.espoo].running, found[vantaa].running) == (0, 1)
        assert [run.answers for run in delays.late([late.espoo.pk, vantaa.pk])] == [late.espoo.pk]
    assert light(late.espoo, "2026-01-28") == lights.Level.WARN
    assert light(vantaa, "2026-01-28") == lights.Level.OK


def test_a_late_publication_is_drawn_for_the_partner_of_its_delay(late: Office, vantaa: Organisation) -> None:
    with on("2026-01-22"):
        sweep()
    move(late, vantaa, "2026-01-26", today="2026-01-26")
    late.pipeline.partner = at("vantaa", "producer")
    with on("2026-01-30"):
        late.pipeline.publish()
    since = D("2026-01-01")
    assert [one.how for one in punctuality.publications([late.espoo], since)] == ["late"]
    assert punctuality.publications([vantaa], since) == []


def test_one_in_time_is_drawn_for_the_partner_that_published_it(office: Office, vantaa: Organisation) -> None:
    with on("2026-01-07"):
        office.pipeline.submit()
    move(office, vantaa, "2026-01-09", today="2026-01-09")
    office.pipeline.partner = at("vantaa", "producer")
    with on("2026-01-12"):
        office.pipeline.publish()
    since = D("2026-01-01")
    assert punctuality.publications([office.espoo], since) == []
    assert [one.how for one in punctuality.publications([vantaa], since)] == ["ok"]


def test_the_new_partners_missing_half_is_a_finding_of_its_own(office: Office, vantaa: Organisation) -> None:
    move(office, vantaa, "2026-01-26", today="2026-01-26")
    with on("2026-01-27"):
        found = {one.partner: (one.services, one.broken) for one in facts.facts_of([office.espoo, vantaa])}
    assert found == {office.espoo: (0, 0), vantaa: (1, 1)}


def test_the_earlier_partners_case_says_so_and_offers_it_as_a_reason(
    late: Office, vantaa: Organisation
) -> None:
    with on("2026-01-22"):
        sweep()
    assert moved_cases.moved(late.case) is None
    move(late, vantaa, "2026-01-26", today="2026-01-26")
    with on("2026-01-27"):
        sweep()
        client = Client()
        client.force_login(late.manager)
        page = client.get(f"/fi/toimisto/tapaukset/{late.case.pk}/").content.decode()
        offered = ExemptForm(late.case, late.manager).fields["text"].initial
    assert late.case.partner == late.espoo
    assert late.case.is_open
    assert offered == "Palvelu on siirtynyt: Vantaa on vastannut siitä 26.1.2026 alkaen."
    assert page.count(offered) == 2, "said on the page, and written into the box"
    assert DECISION in page


def test_the_reason_is_offered_in_the_partners_language(late: Office, vantaa: Organisation) -> None:
    move(late, vantaa, "2026-01-26", today="2026-01-26")
    Organisation.objects.filter(external_id="espoo").update(letter_language="sv")
    with on("2026-01-27"):
        sweep()
        found = moved_cases.moved(late.case)
    assert found
    assert found.reason == "Tjänsten har flyttats: Vantaa har ansvarat för den sedan 26.1.2026."


def test_moved_back_before_the_ground_the_case_is_the_new_partners_the_same_day(
    late: Office, vantaa: Organisation
) -> None:
    with on("2026-01-22"):
        sweep()
    move(late, vantaa, "2026-01-20", today="2026-01-26")
    with on("2026-01-26"):
        sweep()
    states = set(Case.objects.values_list("partner__external_id", "state"))
    assert states == {("espoo", "groundless"), ("vantaa", "open")}
    assert not Correction.objects.exists(), "nothing had been given"


def test_of_a_case_opened_by_hand_what_was_given_is_corrected_too(
    office: Office, vantaa: Organisation
) -> None:
    with on("2026-01-22"):
        case = factories.case(office.espoo, service=office.pipeline.service, ground_on=D("2026-01-20"))
        give(office, "2026-01-22", "first")
    move(office, vantaa, "2026-01-15", today="2026-01-26")
    with on("2026-01-26"):
        sweep()
    assert [one.case for one in Correction.objects.all()] == [case]


def effects(office: Office, partner: Organisation, day: str, today: str) -> list[Effect]:
    with on(today):
        return [one for one in of(plan(office, partner, day)) if "tapau" in one.text]


def test_the_preview_says_which_cases_stay_and_which_do_not(late: Office, vantaa: Organisation) -> None:
    with on("2026-01-22"):
        sweep()
    (stays,) = effects(late, vantaa, "2026-01-26", "2026-01-26")
    assert (stays.touched, stays.text[:40]) == (False, "1 avoimen tapauksen peruste on ajalta en")
    (ends,) = effects(late, vantaa, "2026-01-20", "2026-01-26")
    assert ends.touched
    assert "Vantaa vastaa siitä" in ends.text
    give(late, "2026-01-22", "first")
    (corrected,) = effects(late, vantaa, "2026-01-20", "2026-01-26")
    assert corrected.touched
    assert "korjausta" in corrected.text


def test_the_mail_names_the_services_of_the_reader_and_says_what_becomes_theirs(
    office: Office, vantaa: Organisation
) -> None:
    move(office, vantaa, "2026-01-26", today="2026-01-09")
    rows = Notice.objects.filter(kind="responsibility_moved").select_related("recipient")
    assert {row.recipient.full_name for row in rows if row.recipient} >= {office.main_user.full_name}
