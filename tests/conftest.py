"""Fixtures that many tests share.

`db` gives an empty database. `manual` gives one with the whole demo content: a copy of the test
database, loaded once a worker, so that no test can spoil it for another.
"""

import datetime
import io
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pgtrigger
import psycopg
import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import TransactionTestCase, override_settings
from django.utils import translation
from psycopg import sql

from services import vocabularies
from services.answers.serving import where
from services.models import Term
from services.search import held
from tests import factories
from tests.clients import Client

# A Monday. All tests stand at this moment unless they say otherwise.
NOW = datetime.datetime(2026, 11, 23, 8, 0, tzinfo=datetime.UTC)


_TestCase: Any = TransactionTestCase
_emptied = _TestCase._fixture_teardown


def _emptied_past_the_triggers(case: TransactionTestCase) -> None:
    """Empty the tables after a test with real transactions, the append-only ones too."""
    with pgtrigger.ignore():
        _emptied(case)


_TestCase._fixture_teardown = _emptied_past_the_triggers


def pytest_configure(config: pytest.Config) -> None:
    """Serve static files as they are in the source: no test depends on what was collected before."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    settings.WHITENOISE_AUTOREFRESH = True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have the tests' own database made also where tests name the demo content's alone: it is a copy."""
    for item in items:
        names: list[str] = getattr(item, "fixturenames", [])
        if "manual_database" in names and "db" not in names:
            names.append("db")


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
    from palvelumanuaali import demo_data

    with (
        django_db_blocker.unblock(),
        time_machine.travel(NOW, tick=False),
        override_settings(MEDIA_ROOT=manual_media),
    ):
        own = str(connection.settings_dict["NAME"])
        assert own.startswith("test_"), "only a test database may be copied"
        name = f"{own}_manual"
        copy_database(own, name)
        try:
            _connect_to(name)
            demo_data.load()
        finally:
            vocabularies._held = None
            _connect_to(own)
        yield name
        drop_database(name)


@contextmanager
def copied_database(source: str, purpose: str) -> Iterator[str]:
    """Copy a database for as long as it is needed, and return the copy's name."""
    name = f"{source}_{purpose}"
    copy_database(source, name)
    yield name
    drop_database(name)


def copy_database(source: str, name: str) -> None:
    """Make the database `name` as a copy of another, in place of an older one."""
    drop_database(name)
    _administer(
        sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(source))
    )


def drop_database(name: str) -> None:
    """Drop a database, whoever is still connected to it."""
    connection.close()
    _administer(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _administer(*statements: sql.Composed) -> None:
    with psycopg.connect(**where() | {"dbname": "postgres"}, autocommit=True) as server:
        for statement in statements:
            server.execute(statement)


def _connect_to(name: str) -> None:
    connection.close()
    connections.settings["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


@pytest.fixture
def _in_manual(manual_database: str, manual_media: Path, settings: Any) -> Iterator[None]:
    settings.MEDIA_ROOT = manual_media
    own = str(connection.settings_dict["NAME"])
    _connect_to(manual_database)
    yield
    _connect_to(own)


@pytest.fixture
def manual(_in_manual: None, request: pytest.FixtureRequest) -> None:
    """Stand in a database with the whole demo content; what the test changes is undone."""
    request.getfixturevalue("db")


@pytest.fixture
def exported_manual(manual_database: str, manual_media: Path, django_db_blocker: Any, tmp_path: Path) -> Path:
    """Export the demo content to a file, attachments beside it; name it before `db` in a test."""
    path = tmp_path / "manual.json"
    own = str(connection.settings_dict["NAME"])
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=manual_media):
        _connect_to(manual_database)
        call_command("export_services", path, stdout=io.StringIO())
        _connect_to(own)
    return path


@pytest.fixture
def vocabulary(db: None) -> dict[tuple[str, str], Term]:
    """Fill an empty database with the vocabularies and two organisations; return the terms."""
    factories.reference_data()
    return {(term.vocabulary, term.key): term for term in Term.objects.all()}
