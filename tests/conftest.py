"""Fixtures that many tests share.

`db` gives an empty database, `vocabulary` one with the vocabularies, `everyone` one with the people of
the matrix too, and `manual` one with the whole demo content: see `tests.databases`.
"""

import io
import pickle
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pgtrigger
import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.test import TransactionTestCase, override_settings
from django.utils import translation

from services import vocabularies
from services.models import Term
from services.search import held
from tests import databases, factories
from tests.clients import Client
from tests.moment import NOW
from tests.security.cast import Cast, cast
from tests.thoroughness import rounds

_TestCase: Any = TransactionTestCase
_emptied = _TestCase._fixture_teardown


def _emptied_past_the_triggers(case: TransactionTestCase) -> None:
    """Empty the tables after a test with real transactions, the append-only ones too."""
    with pgtrigger.ignore():
        _emptied(case)


_TestCase._fixture_teardown = _emptied_past_the_triggers


def pytest_configure(config: pytest.Config) -> None:
    """Serve static files as they are in the source: no test depends on what was collected before."""
    hypothesis.settings.register_profile("ours", max_examples=rounds(100), deadline=None)
    hypothesis.settings.load_profile("ours")
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    settings.WHITENOISE_AUTOREFRESH = True


# What a test may stand in, the fullest first: the fixture that asks for it, and the one that goes there.
_PLACES = {"manual": "_in_manual", "everyone": "_in_cast", "vocabulary": "_in_vocabulary"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have each test go first to the database that it stands in, before any transaction begins there.

    The tests' own database is made also where tests name the demo content's alone: it is a copy. Tests
    that really commit are emptied afterwards, so they stand in none but the demo's.
    """
    for item in items:
        names: list[str] = getattr(item, "fixturenames", [])
        if "manual_database" in names and "db" not in names:
            names.append("db")
        asked = [place for fixture, place in _PLACES.items() if fixture in names]
        if asked and (asked[0] == "_in_manual" or not _commits(item, names)):
            names.insert(0, asked[0])


def _commits(item: pytest.Item, names: list[str]) -> bool:
    marker = item.get_closest_marker("django_db")
    return "transactional_db" in names or (marker is not None and bool(marker.kwargs.get("transaction")))


@pytest.fixture
def client() -> Client:
    """Return the client of the tests in place of Django's own."""
    return Client()


@pytest.fixture(autouse=True)
def _fixed_clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def _finnish() -> Iterator[None]:
    """Speak Finnish, whatever page an earlier test left its language behind from."""
    with translation.override("fi"):
        yield


@pytest.fixture(autouse=True)
def _own_words(settings: Any) -> Iterator[None]:
    """Give each test its own part of the cache, where rates are counted, too, and words read anew."""
    own = settings.CACHES["default"] | {"KEY_PREFIX": f"test-{uuid.uuid4()}"}
    settings.CACHES = {"default": own}
    vocabularies._held = None
    held.forget()
    yield
    vocabularies._held = None


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(scope="session")
def manual_media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with the attachments of the demo content."""
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="session")
def manual_database(django_db_setup: None, django_db_blocker: Any, manual_media: Path) -> Iterator[str]:
    """Make the database with the demo content and return its name."""
    from palvelumanuaali.demo import loading

    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=manual_media),
        databases.prepared(databases.current(), "manual", loading.load) as name,
    ):
        yield name


@pytest.fixture(scope="session")
def vocabulary_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Make the database with the vocabularies and two organisations and return its name."""
    with (
        django_db_blocker.unblock(),
        databases.prepared(databases.current(), "vocabulary", factories.reference_data) as name,
    ):
        yield name


@pytest.fixture(scope="session")
def cast_media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with the files of the cast."""
    return tmp_path_factory.mktemp("cast")


@pytest.fixture(scope="session")
def cast_database(
    vocabulary_database: str, django_db_blocker: Any, cast_media: Path
) -> Iterator[tuple[str, bytes]]:
    """Make the database with everyone in it; return its name and who they are, pickled."""
    made: list[bytes] = []
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=cast_media),
        databases.prepared(vocabulary_database, "cast", lambda: made.append(pickle.dumps(cast()))) as name,
    ):
        yield name, made[0]


@pytest.fixture
def _in_manual(manual_database: str) -> Iterator[None]:
    with databases.standing_in(manual_database):
        yield


@pytest.fixture
def _in_vocabulary(vocabulary_database: str) -> Iterator[None]:
    with databases.standing_in(vocabulary_database):
        yield


@pytest.fixture
def _in_cast(cast_database: tuple[str, bytes]) -> Iterator[None]:
    with databases.standing_in(cast_database[0]):
        yield


@pytest.fixture
def manual(db: None, manual_media: Path, settings: Any) -> None:
    """Stand in a database with the whole demo content; what the test changes is undone."""
    settings.MEDIA_ROOT = manual_media


@pytest.fixture
def exported_manual(manual_database: str, manual_media: Path, django_db_blocker: Any, tmp_path: Path) -> Path:
    """Export the demo content to a file, attachments beside it; name it before `db` in a test."""
    path = tmp_path / "manual.json"
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=manual_media),
        databases.standing_in(manual_database),
    ):
        call_command("export_services", path, stdout=io.StringIO())
    return path


@pytest.fixture
def vocabulary(db: None) -> dict[tuple[str, str], Term]:
    """Stand in a database with the vocabularies and two organisations; return the terms."""
    if not Term.objects.exists():  # a test that commits stands in an empty one
        factories.reference_data()
    return {(term.vocabulary, term.key): term for term in Term.objects.all()}


@pytest.fixture
def everyone(cast_database: tuple[str, bytes], vocabulary: object, cast_media: Path, settings: Any) -> Cast:
    """Stand in a database with a person for each role and what they reach for; return them."""
    settings.MEDIA_ROOT = cast_media
    found: Cast = pickle.loads(cast_database[1])
    return found
