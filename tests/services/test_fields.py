"""The table of fields agrees with everything that reads it."""

import json

import pytest
from django.conf import settings
from django.core.management import call_command

from services import fields
from services.exchange.schema import schema
from services.fields import FIELDS, Audience, Field, Kind
from services.models import StatutoryOption
from services.models.vocabulary import Vocabulary
from services.search.query import FILTERS

IDS = [f"{field.audience.value}.{field.name}" for field in FIELDS]


@pytest.mark.parametrize("field", FIELDS, ids=IDS)
def test_each_field_is_required_in_the_exchange_format_or_is_one_of_its_texts(field: Field) -> None:
    section = schema()["properties"]["services"]["items"]["properties"][field.audience.value]
    if field.translatable:
        assert field.name in section["properties"]["texts"]["additionalProperties"]["properties"]
    else:
        assert field.name in section["required"]


def test_vocabularies_and_options_named_in_the_table_exist() -> None:
    for field in FIELDS:
        if field.kind in (Kind.OPTION, Kind.OPTIONS):
            assert field.vocabulary in StatutoryOption.Kind.values
        elif field.vocabulary:
            assert field.vocabulary in Vocabulary.values


def test_every_filter_of_the_list_is_a_public_field_of_the_table() -> None:
    assert set(fields.PARAMETERS) == set(FILTERS)
    assert all(field.audience is Audience.PUBLIC for field in FIELDS if field.parameter)


def test_a_field_is_found_by_audience_and_name() -> None:
    assert fields.field(Audience.INTERNAL, "contacts").label == "Sisäiset yhteystiedot"
    with pytest.raises(KeyError, match=r"public\.guidance"):
        fields.field(Audience.PUBLIC, "guidance")


def test_the_schema_in_the_documentation_is_the_one_in_use(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("exchange_schema")
    kept = (settings.BASE_DIR / "docs" / "exchange-format.schema.json").read_text()
    assert json.loads(capsys.readouterr().out) == json.loads(kept), "Run: make schema"
