"""An agreement reads: its terms are sentences, its shares per cent with votes; changing it is a step."""

from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from orgs import terms_in_words
from orgs.models import Agreement, CostShare, User
from orgs.shares import percent, votes_of
from orgs.terms import FIELDS
from tests import factories
from tests.clients import Client
from tests.other_terms import another
from tests.services.site_pages import LANGUAGES, html, words


def said(language: str, **numbers: object) -> str:
    with override(language):
        parts = terms_in_words.sections(factories.terms(**numbers))
    return " ".join(sentence for _title, sentences in parts for sentence in sentences)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_stands_in_a_sentence(language: str) -> None:
    before = said(language)
    for field in FIELDS:
        assert said(language, **{field.name: another(field.name)}) != before, field.name


def test_sentences_are_finnish_swedish_and_english() -> None:
    assert "viimeistään 14 päivän kuluessa" in said("fi")
    assert "keskiviikkona klo\N{NO-BREAK SPACE}14–16" in said("fi")
    assert "senast inom 14 dagar" in said("sv")
    assert "på onsdagar kl.\N{NO-BREAK SPACE}14–16" in said("sv")
    assert "on Wednesdays, 14–16" in said("en")
    assert "within 1 month." in said("en", first_remark_months=1)
    assert "within 2 months." in said("en", first_remark_months=2)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=8))
def test_votes_are_whole_and_stand_in_the_relation_of_the_shares(parts: list[int]) -> None:
    shares = {number: Fraction(part, sum(parts)) for number, part in enumerate(parts)}
    votes, needed = votes_of(shares, Fraction(2, 3))
    whole = sum(votes.values())
    assert {number: Fraction(count, whole) for number, count in votes.items()} == shares
    assert Fraction(needed, whole) >= Fraction(2, 3) > Fraction(needed - 1, whole)


def test_a_share_in_per_cent_is_written_as_in_the_language() -> None:
    with override("fi"):
        assert (percent(Fraction(1, 5)), percent(Fraction(1, 3))) == (
            "20\N{NO-BREAK SPACE}%",
            "33,33\N{NO-BREAK SPACE}%",
        )
    with override("en"):
        assert percent(Fraction(1, 3)) == "33.33%"


@pytest.fixture
def agreement(db: None) -> Agreement:
    return factories.agreement()


@pytest.fixture
def manager(db: None) -> User:
    return factories.member("project", "project_manager")


def share(agreement: Agreement, part: Fraction, name: str) -> int:
    partner = factories.OrganisationFactory(kind="partner", name={"fi": name})
    CostShare.objects.create(
        agreed=agreement.agreed.get(),
        partner=partner,
        numerator=part.numerator,
        denominator=part.denominator,
    )
    return int(partner.pk)


def test_the_page_shows_shares_with_their_total_and_votes(
    client: Client, manager: User, agreement: Agreement
) -> None:
    for part, name in ((Fraction(1, 2), "Helsinki"), (Fraction(1, 3), "Espoo"), (Fraction(1, 6), "Kerava")):
        share(agreement, part, name)
    client.force_login(manager)
    page = words(html(client, reverse("orgs:agreement", args=[agreement.pk]))).replace("\xa0", " ")
    assert "Espoo 33,33 % 1/3 2" in page
    assert "Helsinki 50 % 1/2 3" in page
    assert "Yhteensä 100 % 1 6" in page
    assert "vähintään 4 ääntä, kun ääniä on 6" in page


def test_ict_reads_and_is_not_offered_the_change(client: Client, agreement: Agreement) -> None:
    client.force_login(factories.member("project", "ict_specialist"))
    page = html(client, reverse("orgs:agreement", args=[agreement.pk]))
    for name in ("orgs:change_agreement", "orgs:change_terms"):
        assert reverse(name, args=[agreement.pk]) not in page


def test_a_wrong_sum_is_said_at_the_shares(client: Client, manager: User, agreement: Agreement) -> None:
    first = share(agreement, Fraction(1, 2), "Espoo")
    client.force_login(manager)
    address = reverse("orgs:change_terms", args=[agreement.pk])
    form = client.get(address).context["form"]
    given = {name: form[name].value() for name in form.fields}
    data = {name: str(value) for name, value in given.items() if value not in (None, False)}
    page = client.post(address, data | {f"share-{first}": "11/10"}).content.decode().replace("\xa0", " ")
    place = page.index(f'id="id_share-{first}_error"')
    assert "Osuuksien summa on 11/10 eli 110 %. Sen pitää olla tasan 1." in page[place : place + 200]
