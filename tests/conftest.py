"""Fixtures that many tests share.

`db` gives an empty database, `vocabulary` one with the vocabularies, `generated_services` one with made-up
services too, `everyone` one with the people of the matrix, and `manual` one with the whole demo content: see
`tests.databases`.
"""

import gc
import io
import logging
import os
import pickle
import shutil
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
from django.db import connection
from django.test import TransactionTestCase, override_settings
from django.utils import translation

from services import generated, vocabularies
from services.exchange.importing import import_file
from services.models import Term
from services.search import held
from tests import databases, factories
from tests.clients import Client
from tests.databases import Prepared
from tests.moment import NOW
from tests.security.cast import Cast, cast
from tests.thoroughness import rounds

_WHO = "who.pickle"
GENERATED = 60  # services
_FEW = 500  # tests of which the order matters to nobody
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
    # What was imported stays: looking through it for garbage again and again takes a tenth of the time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    settings.WHITENOISE_AUTOREFRESH = True


# What a test may stand in, the fullest first: the fixture that asks for it, and the one that goes there.
_PLACES = {
    "manual": "_in_manual",
    "everyone": "_in_cast",
    "generated_services": "_in_generated",
    "vocabulary": "_in_vocabulary",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have each test go first to the database that it stands in, before any transaction begins there.

    The tests' own database is made also where tests name the demo content's alone: it is a copy. Tests
    that really commit are emptied afterwards, so they stand in none but the demo's.
    """
    for item in items:
        names = _names(item)
        if "manual_database" in names and "db" not in names:
            names.append("db")
        asked = [place for fixture, place in _PLACES.items() if fixture in names]
        if asked and (asked[0] == "_in_manual" or not _commits(item, names)):
            # The transaction begins before any fixture of the test writes, in whichever order it names them.
            names[:0] = [asked[0]] if _commits(item, names) else [asked[0], "db"]
    items.sort(key=_turn)
    # The first process makes the demo's database, while the others begin with what needs none.
    of_the_demo = [item for item in items if "manual_database" in _names(item)]
    if of_the_demo and len(items) > _FEW:
        items.remove(of_the_demo[0])
        items.insert(0, of_the_demo[0])


def _names(item: pytest.Item) -> list[str]:
    names: list[str] = getattr(item, "fixturenames", [])
    return names


def _turn(item: pytest.Item) -> int:
    """Return when a test's turn is, its place among others by chance: long ones first, the demo's last."""
    long = any(part in item.path.parts for part in ("upgrades", "palvelumanuaali"))
    if "manual_database" not in _names(item):
        return 0 if long else 1
    return 2 if long or item.path.name in ("test_leaks.py", "test_office.py", "test_desk.py") else 3


def _commits(item: pytest.Item, names: list[str]) -> bool:
    marker = item.get_closest_marker("django_db")
    return "transactional_db" in names or (marker is not None and bool(marker.kwargs.get("transaction")))


@pytest.fixture(scope="session", autouse=True)
def _quiet() -> None:
    """Write no line for each request: only the tests of the logs read them."""
    logging.getLogger().setLevel(logging.WARNING)


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
def _rested(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no test wait for what an earlier one found not answering."""
    monkeypatch.setattr("orgs.delivery._server_rests_until", 0.0)
    monkeypatch.setattr("orgs.notices._broker_rests_until", 0.0)


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Return the databases that the processes of this run have in common."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "prepared"
    folder.mkdir(exist_ok=True)
    return Prepared(folder)


@pytest.fixture(scope="session")
def empty_database(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: Any,
    prepared: Prepared,
) -> str:
    """Make the database with all tables and nothing in them, and return its name."""
    with django_db_blocker.unblock():
        return prepared.make("empty", lambda _folder: call_command("migrate", verbosity=0))


@pytest.fixture(scope="session")
def django_db_setup(empty_database: str, django_db_blocker: Any) -> Iterator[None]:
    """Stand in the tests' own database from here on."""
    name = f"{connection.settings_dict['TEST']['NAME'] or 'test_manual'}"  # with the process's number
    with django_db_blocker.unblock():
        databases.copy(empty_database, name)
        databases.connect_to(name)
    yield
    with django_db_blocker.unblock():
        databases.drop(name)


@pytest.fixture(scope="session")
def manual_database(
    django_db_setup: None, empty_database: str, prepared: Prepared, django_db_blocker: Any
) -> Iterator[str]:
    """Make the database with the demo content and return its name."""
    from palvelumanuaali.demo import loading

    def fill(folder: Path) -> None:
        with override_settings(MEDIA_ROOT=folder):
            loading.load()

    with (
        django_db_blocker.unblock(),
        databases.copied(prepared.make("manual", fill, source=empty_database), "manual") as name,
    ):
        yield name


@pytest.fixture(scope="session")
def manual_media(manual_database: str, prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with the attachments of the demo content, this process's own."""
    return _own(prepared.files("manual"), tmp_path_factory)


def _own(folder: Path, factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(folder, factory.mktemp(folder.name), dirs_exist_ok=True))


@pytest.fixture(scope="session")
def vocabulary_database(
    django_db_setup: None, empty_database: str, prepared: Prepared, django_db_blocker: Any
) -> str:
    """Make the database with the vocabularies and two organisations and return its name."""
    with django_db_blocker.unblock():
        return prepared.make("vocabulary", lambda _folder: factories.reference_data(), source=empty_database)


@pytest.fixture(scope="session")
def cast_database(vocabulary_database: str, prepared: Prepared, django_db_blocker: Any) -> Iterator[str]:
    """Make the database with everyone in it, and return its name."""

    def fill(folder: Path) -> None:
        with override_settings(MEDIA_ROOT=folder):
            (folder / _WHO).write_bytes(pickle.dumps(cast()))

    with (
        django_db_blocker.unblock(),
        databases.copied(prepared.make("cast", fill, source=vocabulary_database), "cast") as name,
    ):
        yield name


@pytest.fixture(scope="session")
def cast_media(cast_database: str, prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with the files of the cast, and who they are, this process's own."""
    return _own(prepared.files("cast"), tmp_path_factory)


@pytest.fixture(scope="session")
def generated_database(vocabulary_database: str, prepared: Prepared, django_db_blocker: Any) -> Iterator[str]:
    """Make the database with generated services, and return its name."""

    def fill(_folder: Path) -> None:
        content = factories.exchange_file(*generated.generate(GENERATED, vocabularies.load()))
        assert not import_file(content).refused

    with (
        django_db_blocker.unblock(),
        databases.copied(prepared.make("generated", fill, source=vocabulary_database), "generated") as name,
    ):
        yield name


@pytest.fixture(scope="session")
def own_vocabulary_database(vocabulary_database: str, django_db_blocker: Any) -> Iterator[str]:
    """Copy the database with the vocabularies for this process, and return its name."""
    with django_db_blocker.unblock(), databases.copied(vocabulary_database, "vocabulary") as name:
        yield name


@pytest.fixture
def _in_manual(manual_database: str) -> Iterator[None]:
    with databases.standing_in(manual_database):
        yield


@pytest.fixture
def _in_vocabulary(own_vocabulary_database: str) -> Iterator[None]:
    with databases.standing_in(own_vocabulary_database):
        yield


@pytest.fixture
def _in_generated(generated_database: str) -> Iterator[None]:
    with databases.standing_in(generated_database):
        yield


@pytest.fixture
def _in_cast(cast_database: str) -> Iterator[None]:
    with databases.standing_in(cast_database):
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
def generated_services(vocabulary: object) -> int:
    """Stand in a database with published services of every kind; return how many."""
    return GENERATED


@pytest.fixture
def everyone(cast_media: Path, vocabulary: object, settings: Any) -> Cast:
    """Stand in a database with a person for each role and what they reach for; return them."""
    settings.MEDIA_ROOT = cast_media
    found: Cast = pickle.loads((cast_media / _WHO).read_bytes())
    return found
