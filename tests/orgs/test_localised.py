"""Short texts in several languages."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from orgs.localised import Reading, reading, validate_label, validate_texts

texts = st.dictionaries(st.sampled_from(["fi", "sv", "en"]), st.text(max_size=5))


@pytest.mark.parametrize(
    ("language", "expected"),
    [("sv", Reading("Råd", "sv")), ("fi", Reading("Neuvo", "fi")), ("en", Reading("Neuvo", "fi"))],
)
def test_a_missing_language_is_shown_in_finnish(language: str, expected: Reading) -> None:
    assert reading({"fi": "Neuvo", "sv": "Råd", "en": ""}, language) == expected


@given(texts, st.sampled_from(["fi", "sv", "en"]))
def test_a_text_that_exists_is_never_left_out(by_language: dict[str, str], language: str) -> None:
    found = reading(by_language, language)
    assert bool(found.text) == any(by_language.values())
    assert not found.text or by_language[found.lang] == found.text


@pytest.mark.parametrize("value", ["x", {"fi": 1}, {"suomi!": "x"}, {"finnish": "x"}, [], None])
def test_anything_else_is_refused_in_words(value: object) -> None:
    with pytest.raises(ValidationError, match="kielikoodeittain"):
        validate_texts(value)


def test_a_label_needs_finnish() -> None:
    with pytest.raises(ValidationError, match="Suomenkielinen teksti puuttuu"):
        validate_label({"sv": "Råd"})
