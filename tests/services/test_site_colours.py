"""Colours of the tokens: text and signs stand out from every ground they are used on (WCAG 2 ratios)."""

import re
from pathlib import Path

import pytest
from django.conf import settings

THEMES = ("light", "dark")
GROUNDS = ("page", "surface", "sunken", "lake-tint", "cloud-tint", "heather-tint", "moss-tint", "lingon-tint")
# Source: design language, section 2.2. What is read needs 4.5, borders and signs 3.
TEXT = (
    ("ink", (*GROUNDS, "mark", "ins", "del")),
    ("ink-2", ("page", "surface", "sunken", "lake-tint", "cloud-tint")),
    ("lake", ("page", "surface", "lake-tint", "cloud-tint", "lingon-tint")),
    ("lake-strong", ("lake-tint", "page")),
    ("on-lake", ("lake", "lake-strong")),
    ("visited", ("surface",)),
    ("on-deep", ("deep",)),
    ("on-deep-2", ("deep",)),
    ("on-cloud", ("cloud",)),
    ("surface", ("cloud-deep",)),
    ("cloud-deep", ("page", "surface", "cloud-tint")),
    ("heather", ("page", "surface", "heather-tint")),
    ("on-heather", ("heather",)),
    ("moss", ("page", "surface", "moss-tint")),
    ("lingon", ("page", "surface", "lingon-tint")),
)
SIGNS = (
    ("edge", ("page", "surface", "sunken")),
    ("lake", ("surface", "sunken")),
    ("cloud-line", ("page", "surface", "cloud-tint")),
    ("cloud", ("deep",)),
    ("heather-line", ("heather-tint", "page")),
    ("deep-line", ("deep",)),
    ("focus", ("page", "surface", "halo")),
)
PAIRS = [
    *((text, ground, 4.5) for text, grounds in TEXT for ground in grounds),
    *((sign, ground, 3.0) for sign, grounds in SIGNS for ground in grounds),
]


def tokens(theme: str) -> dict[str, str]:
    css = (Path(settings.BASE_DIR) / "static" / "css" / "tokens.css").read_text()
    found = re.findall(r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", css)
    return {name: light if theme == "light" else dark for name, light, dark in found}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_every_pair_in_use_stands_out(theme: str) -> None:
    colours = tokens(theme)
    faint = {
        (over, under): round(contrast(colours[over], colours[under]), 2)
        for over, under, least in PAIRS
        if contrast(colours[over], colours[under]) < least
    }
    assert faint == {}
