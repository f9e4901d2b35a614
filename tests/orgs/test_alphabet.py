"""Names stand in one order, whoever sorts them."""

import pytest
from django.db.models import F, Value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orgs.alphabet import alphabetical, by_alphabet
from orgs.models import User
from tests import factories
from tests.thoroughness import rounds

NAMES = ["ajokortti", "Élan", "elan b", "Elämä", "Zumba", "åbo", "Äiti", "ÖLJY", "öljyt", "Øst"]
letters = st.text(st.sampled_from("abcxyzABCXYZåäöÅÄÖæÆøØéÉüÜõÕšŠ -.0129"), max_size=12)


def test_the_order_is_the_one_of_a_finnish_dictionary() -> None:
    assert sorted(sorted(NAMES), key=alphabetical) == NAMES


@pytest.mark.django_db
def test_the_database_has_the_same_order() -> None:
    for name in reversed(NAMES):
        factories.UserFactory(full_name=name)
    found = User.objects.order_by(by_alphabet(F("full_name"))).values_list("full_name", flat=True)
    assert list(found) == NAMES


@pytest.mark.django_db
@settings(max_examples=rounds(150), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(letters)
def test_the_database_makes_the_same_key(name: str) -> None:
    factories.UserFactory() if not User.objects.exists() else None
    assert User.objects.values_list(by_alphabet(Value(name)), flat=True)[0] == alphabetical(name)
