"""From a frozen document to the row that a visitor reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.models import Term
from services.read_model import ages_of, facet_keys, sort_key
from services.vocabularies import load
from tests import factories


def test_names_stand_in_the_finnish_order() -> None:
    names = ["Öljy", "Äiti", "Åbo", "zeta", "šakki", "Salo", "Élan", "Elin", "aamu"]
    assert sorted(names, key=sort_key) == [
        "aamu",
        "Élan",
        "Elin",
        "šakki",
        "Salo",
        "zeta",
        "Åbo",
        "Äiti",
        "Öljy",
    ]


@given(st.text(max_size=200))
def test_any_name_has_a_sort_key_that_fits(name: str) -> None:
    assert len(sort_key(name)) <= 120


@pytest.mark.parametrize(
    ("ages", "bands"),
    [
        ((None, None, True), ["16-29", "30-54", "55-70"]),
        ((18, 29, False), ["16-29"]),
        ((29, 30, False), ["16-29", "30-54"]),
        ((55, None, False), ["55-70"]),
        ((None, 40, False), ["16-29", "30-54"]),
        ((71, 75, False), []),
    ],
)
def test_a_service_is_found_by_the_age_bands_it_overlaps(
    ages: tuple[int, int, bool], bands: list[str]
) -> None:
    low, high, everyone = ages
    assert ages_of({"all_ages": everyone, "age_min": low, "age_max": high}) == bands


def test_a_service_is_found_by_its_category_and_by_the_one_above(
    vocabulary: dict[tuple[str, str], Term],
) -> None:
    keys = facet_keys(factories.document()["public"], load())
    assert {"category:language_training", "category:training"} <= set(keys)


def test_a_service_for_any_municipality_is_found_by_each(vocabulary: dict[tuple[str, str], Term]) -> None:
    keys = facet_keys(factories.document(any_municipality=True, municipalities=[])["public"], load())
    assert sum(key.startswith("municipality:") for key in keys) == 26
