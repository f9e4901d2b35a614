"""What is still missing before submission and before publication."""

import pytest

from services.completeness import missing
from services.fields import FIELDS, Audience, Document, Stage
from tests import factories


def names(document: Document, stage: Stage, *languages: str) -> set[str]:
    return {
        f"{item.field.audience.value}.{item.field.name}" + (f".{item.language}" if item.language else "")
        for item in missing(document, stage, languages or ("fi",))
    }


def test_a_complete_service_lacks_nothing() -> None:
    assert names(factories.document(), Stage.PUBLICATION) == set()


def test_an_empty_text_with_tags_only_is_missing() -> None:
    document = factories.document(texts=factories.texts(target_group="<p> </p>"))
    assert names(document, Stage.SUBMISSION) == {"public.target_group.fi"}


def test_a_translation_needs_each_required_public_text_but_no_internal_one() -> None:
    document = factories.document()
    document["public"]["texts"]["sv"] = {"name": "Språkkafé"}
    assert names(document, Stage.PUBLICATION, "fi", "sv") == {
        "public.summary.sv",
        "public.target_group.sv",
        "public.participation.sv",
        "public.requirements.sv",
        "public.execution.sv",
    }


def test_internal_instructions_are_asked_for_at_publication_only() -> None:
    document = factories.document()
    document["internal"]["texts"] = {}
    document["internal"]["obligation"] = None
    assert names(document, Stage.SUBMISSION) == set()
    assert names(document, Stage.PUBLICATION) == {
        "internal.guidance.fi",
        "internal.preconditions.fi",
        "internal.obligation",
        "internal.obligation_text.fi",
        "internal.system_entries.fi",
        "internal.benefit_effects.fi",
    }


def test_a_service_for_employers_only_needs_no_instructions_for_guiding_job_seekers() -> None:
    document = factories.document(audiences=["employer"])
    document["internal"]["texts"] = {}
    document["internal"]["obligation"] = document["internal"]["statement"] = None
    assert names(document, Stage.PUBLICATION) == set()


@pytest.mark.parametrize(
    ("change", "lacking"),
    [
        ({"paid": True}, {"public.price"}),
        ({"paid": True, "price": "0.00"}, set()),
        ({"all_ages": False}, {"public.age_min"}),
        ({"all_ages": False, "age_min": 18}, set()),
        ({"municipalities": []}, {"public.municipalities"}),
        ({"municipalities": [], "any_municipality": True}, set()),
        ({"organiser": None}, {"public.organiser"}),
    ],
)
def test_what_is_required_may_depend_on_another_answer(change: dict[str, object], lacking: set[str]) -> None:
    assert names(factories.document(**change), Stage.SUBMISSION) == lacking


def test_everything_lacking_at_submission_is_lacking_at_publication_too() -> None:
    document = factories.document(texts={}, needs=[], categories=[], delivery=[])
    assert names(document, Stage.SUBMISSION) < names(document, Stage.PUBLICATION) | {"x"}
    assert names(document, Stage.SUBMISSION) <= names(document, Stage.PUBLICATION)


def test_the_reference_systems_required_fields_are_required() -> None:
    required = {f.name for f in FIELDS if f.required is Stage.SUBMISSION and f.audience is Audience.PUBLIC}
    assert {
        *("name", "summary", "categories", "languages", "life_situations", "target_group"),
        *("delivery", "participation", "requirements", "execution", "producers"),
    } <= required
