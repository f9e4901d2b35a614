"""The words: read once, and again after a change."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services import vocabularies
from services.models import StatutoryOption, Term
from services.tasks import rebuild_read_model
from tests import factories

pytestmark = pytest.mark.usefixtures("vocabulary")


def queries() -> int:
    with CaptureQueriesContext(connection) as captured:
        vocabularies.words()
    return len(captured)


def test_words_are_read_once_and_again_after_a_change(django_capture_on_commit_callbacks: Any) -> None:
    assert queries() == 5
    assert queries() == 0
    term = Term.objects.get(vocabulary="need", key="education")
    with django_capture_on_commit_callbacks(execute=True):
        term.label |= {"fi": "Opiskelu"}
        term.save()
    assert vocabularies.words().label("need", "education", "fi") == "Opiskelu"
    assert queries() == 0


def test_another_process_reads_again_when_the_shared_version_is_another() -> None:
    vocabularies.words()
    cache.set("words-version", "another", timeout=None)
    assert queries() == 5


def test_without_the_cache_the_words_come_from_the_database(settings: Any) -> None:
    backend = settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": backend}
    assert vocabularies.words().label("need", "education", "sv") == "Utbildning"


def test_a_wording_holds_from_its_day_until_the_next_begins() -> None:
    import datetime

    option = StatutoryOption.objects.get(kind="obligation", key="always")
    old = option.wording_on(datetime.date(2026, 2, 28))
    new = option.wording_on(datetime.date(2026, 3, 1))
    assert old is not None
    assert new is not None
    assert old.text["fi"] != new.text["fi"]
    assert option.wording_on(datetime.date(2024, 12, 31)) is None


def test_the_nightly_task_makes_the_read_model_right() -> None:
    service = factories.published().service
    service.published.filter(language="sv").delete()
    rebuild_read_model()
    assert service.published.count() == 3
