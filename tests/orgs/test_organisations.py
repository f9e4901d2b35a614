"""Adding, changing and closing organisations; minimum staffing."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from orgs import clock, organisations
from orgs.models import Invitation, LogEntry, Municipality, Organisation, User
from orgs.roles import MAIN_USER, PRODUCER, SEATS, WORKING_GROUP_MEMBER, Holder
from orgs.staffing import staffing, staffing_of
from services import transfers, working_copy
from services.models import Term
from services.transfer_effects import Plan
from tests import factories
from tests.clients import Client

pytestmark = pytest.mark.django_db
NEW = {
    "kind": "provider", "external_id": "uusi-ry", "name_fi": "Uusi ry", "name_sv": "", "name_en": "",
    "description_fi": "", "description_sv": "", "description_en": "", "business_id": "0201256-6",
}  # fmt: skip


@pytest.fixture
def ict(vocabulary: dict[tuple[str, str], Term]) -> User:
    factories.agreement()
    return factories.member("project", "ict_specialist")


def espoo() -> Organisation:
    return Organisation.objects.get(external_id="espoo")


def test_ict_adds_a_provider_and_goes_on_to_invite_its_first_main_user(client: Client, ict: User) -> None:
    client.force_login(ict)
    answer = client.post(reverse("orgs:add_organisation"), NEW | {"partners": [espoo().pk]})
    assert answer.headers["Location"] == reverse("orgs:invite", args=["uusi-ry"])
    made = Organisation.objects.get(external_id="uusi-ry")
    assert list(made.partners.all()) == [espoo()]
    assert client.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"business_id": "0201256-5"}, "tarkistusnumero"),
        ({"name_fi": ""}, "pakollinen"),
        ({"external_id": "espoo"}, "on jo"),
        ({"partners": []}, "Valitse kumppanit"),
        ({"municipalities": ["091"]}, "Vain kumppanilla on alue"),
    ],
)
def test_bad_input_is_told_and_nothing_is_made(
    client: Client, ict: User, change: dict[str, object], words: str
) -> None:
    client.force_login(ict)
    before = Organisation.objects.count()
    form = NEW | {"partners": [espoo().pk]} | change
    answer = client.post(reverse("orgs:add_organisation"), form)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Organisation.objects.count() == before


def test_a_new_partner_joins_on_a_decision_of_the_steering_group(client: Client, ict: User) -> None:
    client.force_login(ict)
    form = NEW | {"kind": "partner", "external_id": "porvoo", "name_fi": "Porvoon kaupunki"}
    refused = client.post(reverse("orgs:add_organisation"), form)
    assert refused.status_code == 422
    assert "ohjausryhmän päätös" in refused.content.decode()
    decision = {"decision": "Ohjausryhmä 4/2026, 2 §", "decided_on": "2026-11-18"}
    assert client.post(reverse("orgs:add_organisation"), form | decision).status_code == 302
    made = Organisation.objects.get(external_id="porvoo")
    assert (made.decision, str(made.decided_on)) == ("Ohjausryhmä 4/2026, 2 §", "2026-11-18")


def test_a_municipality_lies_in_one_partners_area(ict: User) -> None:
    other = factories.OrganisationFactory(kind="partner", name={"fi": "Vantaa"})
    with pytest.raises(ValidationError, match="Espoon kaupunki"):
        organisations.save(other, municipalities=[Municipality.objects.get(pk="049")], partners=(), by=ict)
    assert not other.municipalities.exists()


def test_a_business_id_belongs_to_one_organisation(ict: User) -> None:
    factories.OrganisationFactory(business_id="0201256-6")
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.OrganisationFactory(business_id="0201256-6")


def test_an_organisation_with_published_services_is_not_closed(client: Client, ict: User) -> None:
    factories.published()
    client.force_login(ict)
    page = reverse("orgs:close_organisation", args=["kielisilta"])
    assert "Kielikahvila" in client.get(page).content.decode()
    client.post(page)
    assert Organisation.objects.get(external_id="kielisilta").closed_on is None
    with pytest.raises(ValidationError):
        organisations.close(espoo(), by=ict)


def test_closing_a_partner_leads_to_where_responsibility_is_transferred(client: Client, ict: User) -> None:
    service = factories.published().service
    working_copy.create("luonnos", "luonnos", by=factories.UserFactory())
    vantaa = factories.OrganisationFactory(kind="partner", external_id="vantaa")
    Organisation.objects.get(external_id="kielisilta").partners.add(vantaa)
    client.force_login(ict)
    page = client.get(reverse("orgs:close_organisation", args=["espoo"])).content.decode()
    way = f"{reverse('responsible:services')}?partner=espoo"
    assert f'href="{way}"' in page
    assert "Vastuu 1 palvelusta" in page
    assert service.external_id in client.get(way).content.decode()
    transfers.make(Plan([service], vantaa, "thematic", clock.today(), "Ohjausryhmä 1/2026"), by=ict)
    organisations.close(espoo(), by=ict)
    assert espoo().closed_on is not None


def test_a_partner_to_which_a_service_is_to_move_is_not_closed(ict: User) -> None:
    service, tomorrow = factories.service(), clock.today() + datetime.timedelta(days=1)
    vantaa = factories.OrganisationFactory(kind="partner", external_id="vantaa")
    transfers.make(Plan([service], vantaa, "thematic", tomorrow, "Ohjausryhmä 1/2026"), by=ict)
    with pytest.raises(ValidationError, match="Vastuu 1 palvelusta"):
        organisations.close(vantaa, by=ict)


def test_closing_ends_roles_invitations_and_accounts_at_once_and_keeps_the_record(ict: User) -> None:
    kielisilta = Organisation.objects.get(external_id="kielisilta")
    only = factories.member("provider", "main_user", kielisilta)
    elsewhere = factories.member("provider", "producer", kielisilta)
    factories.MembershipFactory(user=elsewhere, role="producer")
    from orgs import inviting

    inviting.invite(kielisilta, "uusi@x.example", ["producer"], language="fi", by=only)
    organisations.close(kielisilta, by=ict)
    only.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (only.is_active, elsewhere.is_active) == (False, True)
    assert Invitation.objects.get().cancelled_at is not None
    assert LogEntry.objects.filter(event="removed", organisation=kielisilta).count() == 2
    with pytest.raises(ValidationError, match="jo suljettu"):
        organisations.close(kielisilta, by=ict)


def test_the_project_and_the_only_partner_of_a_provider_are_not_closed(ict: User) -> None:
    with pytest.raises(ValidationError):
        organisations.close(ict.memberships.get().organisation, by=ict)
    with pytest.raises(ValidationError, match="Kielisilta"):
        organisations.close(espoo(), by=ict)


@pytest.mark.parametrize(("kind", "role"), [("partner", "main_user"), ("project", "communications_officer")])
def test_only_the_project_manager_and_ict_close(ict: User, kind: str, role: str) -> None:
    with pytest.raises(PermissionDenied):
        organisations.close(espoo(), by=factories.member(kind, role))


def test_a_full_partner_lacks_nothing_and_an_empty_one_lacks_nine() -> None:
    terms = factories.terms()
    full = [*[MAIN_USER, PRODUCER, Holder("partner", "communications_lead")] * 2, *SEATS]
    assert [post.missing for post in staffing("partner", full, terms)] == [0] * 6
    assert sum(post.missing for post in staffing("partner", [], terms)) == 9
    assert sum(post.missing for post in staffing("provider", [], terms)) == 2
    assert staffing("project", [], terms) == []


@given(st.lists(st.sampled_from([MAIN_USER, PRODUCER, WORKING_GROUP_MEMBER]), max_size=8))
def test_naming_more_people_never_adds_to_what_is_missing(held: list[Holder]) -> None:
    terms = factories.terms()
    missing = [sum(p.missing for p in staffing("partner", held[:n], terms)) for n in range(len(held) + 1)]
    assert missing == sorted(missing, reverse=True)


def test_the_blocked_and_those_who_left_fill_no_post(ict: User) -> None:
    partner = factories.OrganisationFactory(kind="partner")
    one = factories.member("partner", "main_user", partner)
    posts = staffing_of([partner], factories.terms())[partner.pk]
    assert posts[0].held == 1
    one.is_active = False
    one.save()
    assert staffing_of([partner], factories.terms())[partner.pk][0].held == 0


def test_a_person_with_several_roles_fills_several_posts(ict: User) -> None:
    partner = factories.OrganisationFactory(kind="partner")
    user = factories.member("partner", "main_user", partner)
    factories.MembershipFactory(user=user, organisation=partner, role="producer")
    posts = staffing_of([partner], factories.terms())[partner.pk]
    assert [post.held for post in posts[:2]] == [1, 1]
