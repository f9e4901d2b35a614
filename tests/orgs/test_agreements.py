"""Agreements: typed terms, exact shares, periods that never overlap."""

import datetime
from fractions import Fraction
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from orgs import agreements
from orgs.models import (
    AgreedTerms,
    Agreement,
    LogEntry,
    NoAgreement,
    Organisation,
    User,
    terms_by_day,
    terms_on,
)
from orgs.pages.agreement_forms import FractionField
from orgs.refused import NotNow
from orgs.roles import Body, SeatKind
from orgs.terms import as_values, terms_from
from tests import factories
from tests.clients import Client
from tests.orgs.test_notices import deliver_all

pytestmark = pytest.mark.django_db
DAY = datetime.date


@pytest.fixture
def manager() -> User:
    return factories.member("project", "project_manager")


def partners(count: int) -> list[Organisation]:
    return [factories.OrganisationFactory(kind="partner") for _ in range(count)]


def test_the_terms_come_back_from_the_database_as_they_went_in() -> None:
    made = factories.agreement()
    found = made.agreed.get().terms
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
        Agreement.objects.create(name="Toinen", starts_on=DAY(2026, 12, 31), ends_on=DAY(2027, 1, 1))
    Agreement.objects.create(name="Seuraava", starts_on=DAY(2027, 1, 1), ends_on=DAY(2028, 12, 31))


def test_the_terms_of_a_day_are_those_agreed_on_for_it_and_go_on_after_the_last_agreement() -> None:
    first = factories.agreement()
    first.agreed.create(starts_on=DAY(2026, 6, 1), terms=factories.terms(invitation_days=20))
    later = Agreement.objects.create(name="B", starts_on=DAY(2027, 1, 1), ends_on=DAY(2027, 12, 31))
    later.agreed.create(starts_on=later.starts_on, terms=factories.terms(invitation_days=30))
    numbers = {
        DAY(2024, 9, 1): 14, DAY(2026, 5, 31): 14, DAY(2026, 6, 1): 20, DAY(2026, 12, 31): 20,
        DAY(2027, 1, 1): 30, DAY(2029, 1, 1): 30,
    }  # fmt: skip
    assert {day: terms_on(day).invitation_days for day in numbers} == numbers
    by_day = terms_by_day()
    assert {day: by_day.on(day).invitation_days for day in numbers} == numbers
    assert first.agreed_on(DAY(2027, 5, 5)).terms.invitation_days == 20, "of the agreement that was asked"
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


FIRST_OF_DECEMBER = DAY(2026, 12, 1)


def change(agreement: Agreement, day: datetime.date = FIRST_OF_DECEMBER, **numbers: Any) -> AgreedTerms:
    """Return a change of terms that names its decision, not kept yet."""
    return AgreedTerms(
        agreement=agreement, starts_on=day, terms=factories.terms(**numbers),
        decision="Ohjausryhmä 3/2026, 4 §", decided_on=DAY(2026, 11, 18),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "day", "field"),
    [("", DAY(2026, 11, 18), "decision"), ("  ", DAY(2026, 11, 18), "decision"),
     ("Ohjausryhmä", None, "decided_on"), ("Ohjausryhmä", DAY(2026, 11, 24), "decided_on")],
)  # fmt: skip
def test_a_change_names_the_decision_that_it_rests_on(
    manager: User, words: str, day: datetime.date | None, field: str
) -> None:
    made = change(factories.agreement(), invitation_days=21)
    made.decision, made.decided_on = words, day
    with pytest.raises(ValidationError) as refusal:
        agreements.change_terms(made, {partners(1)[0]: Fraction(1)}, by=manager)
    assert set(refusal.value.message_dict) == {field}
    assert AgreedTerms.objects.count() == 1


def test_a_change_holds_from_its_day_on_and_the_earlier_terms_stay(manager: User) -> None:
    a, b = partners(2)
    made = factories.agreement()
    agreements.change_terms(change(made, invitation_days=21), {a: Fraction(1)}, by=manager)
    halves = {a: Fraction(1, 2), b: Fraction(1, 2)}
    agreements.change_terms(change(made, DAY(2026, 12, 15), invitation_days=21), halves, by=manager)
    found = [(row.starts_on, row.terms.invitation_days, row.shares.count()) for row in made.agreed.all()]
    assert found == [(DAY(2024, 9, 1), 14, 0), (DAY(2026, 12, 1), 21, 1), (DAY(2026, 12, 15), 21, 2)]
    assert LogEntry.objects.filter(event="agreement_changed").count() == 2


@pytest.mark.parametrize("day", [DAY(2026, 11, 23), DAY(2026, 6, 1), DAY(2024, 8, 1), DAY(2027, 1, 1)])
def test_a_change_never_reaches_back_nor_out_of_its_agreement(manager: User, day: datetime.date) -> None:
    made = factories.agreement()
    with pytest.raises(ValidationError) as refusal:
        agreements.change_terms(
            change(made, day, invitation_days=21), {partners(1)[0]: Fraction(1)}, by=manager
        )
    assert set(refusal.value.message_dict) == {"starts_on"}
    assert made.agreed.count() == 1


def test_what_changes_nothing_is_refused(manager: User) -> None:
    made, (a,) = factories.agreement(), partners(1)
    agreements.change_terms(change(made, invitation_days=21), {a: Fraction(1)}, by=manager)
    with pytest.raises(ValidationError, match="Mikään ei muutu"):
        agreements.change_terms(
            change(made, DAY(2026, 12, 5), invitation_days=21), {a: Fraction(1)}, by=manager
        )


def test_what_is_planned_is_replaced_or_taken_back_until_its_day(manager: User) -> None:
    made, (a,) = factories.agreement(), partners(1)
    agreements.change_terms(change(made, invitation_days=21), {a: Fraction(1)}, by=manager)
    agreements.change_terms(change(made, invitation_days=28), {a: Fraction(1)}, by=manager)
    planned = made.agreed.get(starts_on=DAY(2026, 12, 1))
    assert planned.terms.invitation_days == 28
    begins = made.agreed.get(starts_on=DAY(2024, 9, 1))
    with pytest.raises(NotNow):
        agreements.take_back(begins, by=manager)
    agreements.take_back(planned, by=manager)
    assert list(made.agreed.all()) == [begins]
    assert AgreedTerms.history.filter(starts_on=DAY(2026, 12, 1)).count() == 3, "written, changed, taken back"


def _next() -> Agreement:
    return Agreement(name="Seuraava", starts_on=DAY(2027, 1, 1), ends_on=DAY(2027, 12, 31))


def test_an_agreement_begins_with_terms_and_exact_shares(manager: User) -> None:
    factories.agreement()
    made, agreed = _next(), change(Agreement(), invitation_days=21)
    third = Fraction(1, 3)
    agreements.add(made, agreed, dict.fromkeys(partners(3), third), by=manager)
    assert made.decision == "Ohjausryhmä 3/2026, 4 §"
    row = made.agreed.get()
    assert row.starts_on == DAY(2027, 1, 1)
    assert sum(share.share for share in row.shares.all()) == 1, "which decimals never do"
    agreements.change_terms(change(made, DAY(2027, 1, 1)), {partners(1)[0]: Fraction(1)}, by=manager)
    assert made.agreed.get().terms.invitation_days == 14, "before it has begun its own terms are changed"


def test_a_period_that_changes_names_another_decision_and_a_new_name_does_not(manager: User) -> None:
    made, agreed = _next(), change(Agreement())
    agreements.add(made, agreed, {partners(1)[0]: Fraction(1)}, by=manager)
    made.name = "Yhteinen sopimus"
    agreements.change_period(made, by=manager)
    made.starts_on = DAY(2027, 2, 1)
    with pytest.raises(ValidationError, match="päätös"):
        agreements.change_period(made, by=manager)
    made.decision = "Ohjausryhmä 4/2026, 2 §"
    agreements.change_period(made, by=manager)
    assert made.agreed.get().starts_on == DAY(2027, 2, 1)
    assert Agreement.history.filter(decision="Ohjausryhmä 3/2026, 4 §").exists(), "the earlier one is kept"


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"starts_on": DAY(2024, 10, 1)}, "starts_on"),
        ({"ends_on": DAY(2026, 11, 22)}, "ends_on"),
        ({"ends_on": DAY(2026, 11, 30)}, "ends_on"),
        ({"ends_on": DAY(2026, 12, 31)}, ""),
        ({"ends_on": DAY(2027, 12, 31)}, ""),
    ],
)
def test_days_that_are_over_and_what_is_planned_stay_within_their_agreement(
    manager: User, days: dict[str, datetime.date], field: str
) -> None:
    made = factories.agreement()
    agreements.change_terms(change(made, invitation_days=21), {partners(1)[0]: Fraction(1)}, by=manager)
    made.decision, made.decided_on = "Ohjausryhmä 5/2026, 1 §", DAY(2026, 11, 20)
    for name, day in days.items():
        setattr(made, name, day)
    if not field:
        agreements.change_period(made, by=manager)
        return
    with pytest.raises(ValidationError) as refusal:
        agreements.change_period(made, by=manager)
    assert set(refusal.value.message_dict) == {field}


def test_the_form_says_that_the_decision_is_required(manager: User, client: Client) -> None:
    client.force_login(manager)
    made = factories.agreement()
    for name in ("orgs:change_terms", "orgs:change_agreement"):
        page = client.get(reverse(name, args=[made.pk])).content.decode()
        label = page.split('for="id_decision"')[1].split("</label>")[0]
        assert "ei pakollinen" not in label


def test_a_provider_has_no_share_and_nothing_is_half_saved(manager: User) -> None:
    with pytest.raises(ValidationError):
        agreements.add(
            _next(), change(Agreement()), {factories.OrganisationFactory(kind="provider"): Fraction(1)},
            by=manager,
        )  # fmt: skip
    assert not Agreement.objects.exists()


@pytest.mark.parametrize(("kind", "role"), [("project", "ict_specialist"), ("partner", "main_user")])
def test_only_the_project_manager_sets_an_agreement(kind: str, role: str) -> None:
    made, by = factories.agreement(), factories.member(kind, role)
    shares = {partners(1)[0]: Fraction(1)}
    planned = change(made, invitation_days=21)
    with pytest.raises(PermissionDenied):
        agreements.add(_next(), change(Agreement()), shares, by=by)
    with pytest.raises(PermissionDenied):
        agreements.change_terms(planned, shares, by=by)
    with pytest.raises(PermissionDenied):
        agreements.change_period(made, by=by)
    with pytest.raises(PermissionDenied):
        agreements.take_back(made.agreed.get(), by=by)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1/3", Fraction(1, 3)), ("0.25", Fraction(1, 4)), ("12,5 %", Fraction(1, 8)), ("", None)],
)
def test_a_share_is_written_as_people_write_it(text: str, expected: Fraction | None) -> None:
    assert FractionField(required=False).clean(text) == expected


def _form(**changes: str) -> dict[str, str]:
    form = {name: str(value) for name, value in as_values(factories.terms()).items()}
    form |= {"starts_on": "2026-12-01", "due_on_working_days": "on"}
    form |= {"decision": "Ohjausryhmä 3/2026, 4 §", "decided_on": "2026-11-18"}
    return form | changes


def test_the_manager_sees_what_a_change_does_before_it_is_saved(client: Client, manager: User) -> None:
    made, partner = factories.agreement(), partners(1)[0]
    client.force_login(manager)
    page = reverse("orgs:change_terms", args=[made.pk])
    assert 'value="2/3"' in client.get(page).content.decode()
    form = _form(invitation_days="21", **{f"share-{partner.pk}": "1"})
    first = client.post(page, form)
    assert made.agreed.count() == 1, "shown, not saved"
    text = first.content.decode()
    assert "1.12.2026 alkaen" in text
    assert "14 → <b>21</b>" in text
    other = client.post(page, form | {"invitation_days": "28", "seen": first.context["seen"]})
    assert made.agreed.count() == 1, "another change is shown before it is saved"
    assert "14 → <b>28</b>" in other.content.decode()
    saved = client.post(page, form | {"invitation_days": "28", "seen": other.context["seen"]})
    assert saved.status_code == 302
    planned = made.agreed.get(starts_on=DAY(2026, 12, 1))
    assert planned.terms.invitation_days == 28
    assert planned.shares.get().share == 1


def test_a_planned_change_is_changed_and_taken_back_on_its_page(client: Client, manager: User) -> None:
    made, partner = factories.agreement(), partners(1)[0]
    agreements.change_terms(change(made, invitation_days=21), {partner: Fraction(1)}, by=manager)
    planned = made.agreed.get(starts_on=DAY(2026, 12, 1))
    client.force_login(manager)
    page = reverse("orgs:planned_terms", args=[made.pk, planned.pk])
    assert page in client.get(reverse("orgs:agreement", args=[made.pk])).content.decode()
    form = _form(invitation_days="28", **{f"share-{partner.pk}": "1"})
    seen = client.post(page, form).context["seen"]
    assert client.post(page, form | {"seen": seen}).status_code == 302
    planned.refresh_from_db()
    assert (planned.starts_on, planned.terms.invitation_days) == (DAY(2026, 12, 1), 28)
    assert client.post(page, {"remove": ""}).status_code == 302
    assert made.agreed.count() == 1
    begun = reverse("orgs:planned_terms", args=[made.pk, made.agreed.get().pk])
    assert client.get(begun).status_code == 404, "what holds already has no such page"


def test_an_earlier_day_is_read_with_the_terms_that_it_had(client: Client, manager: User) -> None:
    made = factories.agreement()
    made.agreed.create(starts_on=DAY(2026, 6, 1), terms=factories.terms(invitation_days=21))
    client.force_login(manager)
    page = reverse("orgs:agreement", args=[made.pk])
    assert "Kutsu on voimassa 21 päivän ajan" in client.get(page).content.decode()
    earlier = client.get(page, {"on": "2026-05-31"}).content.decode()
    assert "Kutsu on voimassa 14 päivän ajan" in earlier
    assert "1.9.2024–31.5.2026" in earlier
    assert client.get(page, {"on": "eilen"}).status_code == 200


def test_a_wrong_number_on_the_page_is_said_and_what_was_typed_is_kept(client: Client, manager: User) -> None:
    made, partner = factories.agreement(), partners(1)[0]
    client.force_login(manager)
    page = reverse("orgs:change_terms", args=[made.pk])
    answer = client.post(page, _form(invitation_days="0", **{f"share-{partner.pk}": "1/2"}))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'value="1/2"' in text
    assert "Osuuksien summa on 1/2" in text
    assert made.agreed.count() == 1


def test_the_next_agreement_starts_from_what_holds_last_in_the_one_before(
    client: Client, manager: User
) -> None:
    made, partner = factories.agreement(), partners(1)[0]
    agreements.change_terms(change(made, inactive_days=150), {partner: Fraction(1)}, by=manager)
    client.force_login(manager)
    page = reverse("orgs:add_agreement")
    text = client.get(page).content.decode()
    assert 'value="2027-01-01"' in text
    assert 'name="inactive_days" value="150"' in text
    form = _form(name="Seuraava", starts_on="2027-01-01", ends_on="2028-12-31")
    form |= {f"share-{partner.pk}": "1"}
    assert client.post(page, form | {"ends_on": "2026-01-01"}).status_code == 422
    assert client.post(page, form).status_code == 302
    assert Agreement.objects.get(name="Seuraava").agreed.get().shares.get().share == 1


def test_the_manager_changes_a_period_on_its_page(client: Client, manager: User) -> None:
    made = factories.agreement()
    client.force_login(manager)
    page = reverse("orgs:change_agreement", args=[made.pk])
    form = {"name": made.name, "starts_on": "2024-09-01", "ends_on": "2027-06-30"}
    form |= {"decision": "Ohjausryhmä 5/2026, 1 §", "decided_on": "2026-11-20"}
    refused = client.post(page, form | {"ends_on": "2026-01-01"})
    assert refused.status_code == 422
    assert "Menneet päivät" in refused.content.decode()
    assert client.post(page, form).status_code == 302
    assert Agreement.objects.get().ends_on == DAY(2027, 6, 30)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_those_who_signed_are_told_what_changes_in_their_own_language(
    manager: User, language: str, mailoutbox: list[EmailMessage]
) -> None:
    made, (partner,) = factories.agreement(), partners(1)
    main_user = factories.member("partner", "main_user", partner)
    seated = factories.member("partner", "expert", partner)
    factories.seat(seated, Body.STEERING_GROUP, SeatKind.MEMBER)
    factories.member("partner", "producer", partner)
    factories.member("provider", "main_user")
    for person in (main_user, seated):
        person.language = language
        person.save()
    agreements.change_terms(change(made, content_sanction="1200"), {partner: Fraction(1)}, by=manager)
    deliver_all()
    assert {mail.to[0] for mail in mailoutbox} == {main_user.email, seated.email}
    day, sum_ = {
        "fi": ("1.12.2026", "1 000 € → 1 200 €"),
        "sv": ("1.12.2026", "1 000 € → 1 200 €"),
        "en": ("1 December 2026", "€1,000 → €1,200"),
    }[language]
    for mail in mailoutbox:
        assert day in mail.subject
        assert sum_ in " ".join(mail.body.split())
        assert "?on=2026-12-01" in mail.body
    mailoutbox.clear()
    agreements.take_back(made.agreed.get(starts_on=FIRST_OF_DECEMBER), by=manager)
    deliver_all()
    assert {mail.to[0] for mail in mailoutbox} == {main_user.email, seated.email}


def test_a_change_that_was_taken_back_before_its_mail_went_is_not_told(
    manager: User, mailoutbox: list[EmailMessage]
) -> None:
    made, (partner,) = factories.agreement(), partners(1)
    factories.member("partner", "main_user", partner)
    agreements.change_terms(change(made, invitation_days=21), {partner: Fraction(1)}, by=manager)
    agreements.take_back(made.agreed.get(starts_on=FIRST_OF_DECEMBER), by=manager)
    deliver_all()
    assert len(mailoutbox) == 1
    assert "peruttu" in mailoutbox[0].subject


def test_another_period_is_told(manager: User, mailoutbox: list[EmailMessage]) -> None:
    made, (partner,) = factories.agreement(), partners(1)
    factories.member("partner", "main_user", partner)
    made.name = "Yhteinen sopimus"
    made.decision, made.decided_on = "Ohjausryhmä 5/2026, 1 §", DAY(2026, 11, 20)
    agreements.change_period(made, by=manager)
    deliver_all()
    assert not mailoutbox, "a name alone"
    made.ends_on, made.decision = DAY(2027, 6, 30), "Ohjausryhmä 6/2026, 1 §"
    agreements.change_period(made, by=manager)
    deliver_all()
    assert "30.6.2027" in mailoutbox[0].body
