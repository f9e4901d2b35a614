"""Agreements: typed terms, exact shares, periods that never overlap."""

import datetime
from fractions import Fraction
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from orgs import agreements
from orgs.models import Agreement, LogEntry, NoAgreement, Organisation, User, terms_on
from orgs.pages.agreements import FractionField
from orgs.terms import as_values, terms_from
from tests import factories
from tests.clients import Client

pytestmark = pytest.mark.django_db
DAY = datetime.date


@pytest.fixture
def manager() -> User:
    return factories.member("project", "project_manager")


def partners(count: int) -> list[Organisation]:
    return [factories.OrganisationFactory(kind="partner") for _ in range(count)]


def test_the_terms_come_back_from_the_database_as_they_went_in() -> None:
    made = factories.agreement()
    found = Agreement.objects.get(pk=made.pk).terms
    assert found == factories.terms()
    assert found.majority == Fraction(2, 3)
    assert found.steering_starts == datetime.time(14, 30)
    assert terms_from(as_values(found)) == found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("inactive_days", "many"),
        ("inactive_days", 0),
        ("inactive_days", 1.5),
        ("password_length", 11),
        ("majority", "3/2"),
        ("majority", "1/0"),
        ("content_sanction", "-1"),
        ("steering_starts", "25:00"),
        ("due_on_working_days", "yes"),
        ("working_group_weekday", 8),
    ],
)
def test_a_wrong_number_is_refused_and_named(name: str, value: Any) -> None:
    with pytest.raises(ValidationError) as refusal:
        factories.terms(**{name: value})
    assert set(refusal.value.message_dict) == {name}


def test_a_due_date_before_its_target_is_refused() -> None:
    with pytest.raises(ValidationError) as refusal:
        factories.terms(update_target_days=15)
    assert set(refusal.value.message_dict) == {"update_due_days"}


def test_a_missing_number_is_named() -> None:
    values = as_values(factories.terms())
    del values["session_hours"]
    with pytest.raises(ValidationError) as refusal:
        terms_from(values)
    assert set(refusal.value.message_dict) == {"session_hours"}


def test_agreements_never_overlap() -> None:
    factories.agreement()
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.create(
            name="Toinen", starts_on=DAY(2026, 12, 31), ends_on=DAY(2027, 1, 1), terms=factories.terms()
        )
    Agreement.objects.create(
        name="Seuraava", starts_on=DAY(2027, 1, 1), ends_on=DAY(2028, 12, 31), terms=factories.terms()
    )


def test_the_terms_of_a_day_are_those_of_the_agreement_in_force_and_go_on_after_the_last_one() -> None:
    factories.agreement()
    later = factories.terms(invitation_days=30)
    Agreement.objects.create(name="B", starts_on=DAY(2027, 1, 1), ends_on=DAY(2027, 12, 31), terms=later)
    assert terms_on(DAY(2026, 12, 31)).invitation_days == 14
    assert terms_on(DAY(2027, 1, 1)).invitation_days == 30
    assert terms_on(DAY(2029, 1, 1)).invitation_days == 30
    with pytest.raises(NoAgreement):
        terms_on(DAY(2024, 8, 31))


@given(st.lists(st.integers(1, 50), min_size=1, max_size=6))
def test_shares_that_are_parts_of_a_whole_add_up_exactly(parts: list[int]) -> None:
    owners = [Organisation(pk=number, kind="partner") for number in range(len(parts))]
    whole = sum(parts)
    shares = {owner: Fraction(part, whole) for owner, part in zip(owners, parts, strict=True)}
    agreements.check_shares(shares)
    shares[owners[0]] += Fraction(1, 10**9)
    with pytest.raises(ValidationError):
        agreements.check_shares(shares)


def decided(agreement: Agreement, words: str = "Ohjausryhmä 3/2026, 4 §") -> Agreement:
    agreement.decision, agreement.decided_on = words, DAY(2026, 11, 18)
    return agreement


@pytest.mark.parametrize(
    ("words", "day", "field"),
    [("", DAY(2026, 11, 18), "decision"), ("  ", DAY(2026, 11, 18), "decision"),
     ("Ohjausryhmä", None, "decided_on"), ("Ohjausryhmä", DAY(2026, 11, 24), "decided_on")],
)  # fmt: skip
def test_an_agreement_names_the_decision_that_it_rests_on(
    manager: User, words: str, day: datetime.date | None, field: str
) -> None:
    made = factories.agreement()
    made.decision, made.decided_on = words, day
    with pytest.raises(ValidationError) as refusal:
        agreements.save(made, {partners(1)[0]: Fraction(1)}, by=manager)
    assert set(refusal.value.message_dict) == {field}
    assert not made.shares.exists()


def test_changed_terms_or_shares_name_another_decision_and_a_new_name_does_not(manager: User) -> None:
    a, b = partners(2)
    made, half = decided(factories.agreement()), Fraction(1, 2)
    agreements.save(made, {a: half, b: half}, by=manager)
    made.name = "Yhteinen sopimus"
    agreements.save(made, {a: half, b: half}, by=manager)
    with pytest.raises(ValidationError, match="päätös"):
        agreements.save(made, {a: Fraction(1)}, by=manager)
    made.terms = factories.terms(invitation_days=21)
    with pytest.raises(ValidationError, match="päätös"):
        agreements.save(made, {a: half, b: half}, by=manager)
    agreements.save(decided(made, "Ohjausryhmä 4/2026, 2 §"), {a: Fraction(1)}, by=manager)
    assert Agreement.history.filter(decision="Ohjausryhmä 3/2026, 4 §").exists(), "the earlier one is kept"


def test_the_form_says_that_the_decision_is_required(manager: User, client: Client) -> None:
    client.force_login(manager)
    page = client.get(reverse("orgs:change_agreement", args=[factories.agreement().pk])).content.decode()
    label = page.split('for="id_decision"')[1].split("</label>")[0]
    assert "ei pakollinen" not in label


def test_thirds_add_up_to_one_which_decimals_never_do(manager: User) -> None:
    a, b, c = partners(3)
    third = Fraction(1, 3)
    made = decided(factories.agreement())
    agreements.save(made, {a: third, b: third, c: third}, by=manager)
    assert sum(share.share for share in made.shares.all()) == 1
    assert LogEntry.objects.filter(event="agreement_changed").count() == 1


def test_a_provider_has_no_share_and_nothing_is_half_saved(manager: User) -> None:
    made = decided(factories.agreement())
    with pytest.raises(ValidationError):
        agreements.save(made, {factories.OrganisationFactory(kind="provider"): Fraction(1)}, by=manager)
    assert not made.shares.exists()


@pytest.mark.parametrize(("kind", "role"), [("project", "ict_specialist"), ("partner", "main_user")])
def test_only_the_project_manager_sets_an_agreement(kind: str, role: str) -> None:
    made = factories.agreement()
    with pytest.raises(PermissionDenied):
        agreements.save(made, {partners(1)[0]: Fraction(1)}, by=factories.member(kind, role))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1/3", Fraction(1, 3)), ("0.25", Fraction(1, 4)), ("12,5 %", Fraction(1, 8)), ("", None)],
)
def test_a_share_is_written_as_people_write_it(text: str, expected: Fraction | None) -> None:
    assert FractionField(required=False).clean(text) == expected


def _form(agreement: Agreement, **changes: str) -> dict[str, str]:
    form = {name: str(value) for name, value in as_values(agreement.terms).items()}
    form |= {"name": agreement.name, "starts_on": "2024-09-01", "ends_on": "2026-12-31"}
    form |= {"decision": "Ohjausryhmä 3/2026, 4 §", "decided_on": "2026-11-18"}
    return form | {"due_on_working_days": "on"} | changes


def test_the_manager_changes_the_terms_on_a_page(client: Client, manager: User) -> None:
    made, partner = factories.agreement(), partners(1)[0]
    client.force_login(manager)
    page = reverse("orgs:change_agreement", args=[made.pk])
    assert 'value="2/3"' in client.get(page).content.decode()
    saved = client.post(page, _form(made, invitation_days="21", **{f"share-{partner.pk}": "1"}))
    assert saved.status_code == 302
    assert Agreement.objects.get().terms.invitation_days == 21
    assert Agreement.objects.get().shares.get().share == 1


def test_a_wrong_number_on_the_page_is_said_and_what_was_typed_is_kept(client: Client, manager: User) -> None:
    made, partner = factories.agreement(), partners(1)[0]
    client.force_login(manager)
    page = reverse("orgs:change_agreement", args=[made.pk])
    answer = client.post(page, _form(made, invitation_days="0", **{f"share-{partner.pk}": "1/2"}))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'value="1/2"' in text
    assert "Osuuksien summa on 1/2" in text
    assert Agreement.objects.get().terms.invitation_days == 14


def test_the_next_agreement_starts_from_the_numbers_of_the_one_before(client: Client, manager: User) -> None:
    factories.agreement()
    client.force_login(manager)
    text = client.get(reverse("orgs:add_agreement")).content.decode()
    assert 'value="2027-01-01"' in text
    assert 'name="inactive_days" value="165"' in text
