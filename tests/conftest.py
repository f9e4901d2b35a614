"""Fixtures that many tests share.

`db` gives an empty database. `manual` gives one with the whole demo content: a copy of the test
database, loaded once a worker, so that no test can spoil it for another.
"""

import datetime
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import time_machine
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connection, connections
from django.test.testcases import LiveServerThread
from psycopg import sql

from services import vocabularies
from services.models import Term
from tests import factories

# A Monday. All tests stand at this moment unless they say otherwise.
NOW = datetime.datetime(2026, 11, 23, 8, 0, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _fixed_clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def _own_words(settings: Any) -> Iterator[None]:
    """Give each worker its own part of the cache, and each test words read anew."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    settings.CACHES = {"default": settings.CACHES["default"] | {"KEY_PREFIX": f"test-{worker}"}}
    vocabularies._held = None
    yield
    vocabularies._held = None


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(scope="session")
def manual_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Make the database with the demo content and return its name."""
    from palvelumanuaali import demo_data

    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False):
        own = str(connection.settings_dict["NAME"])
        name = f"{own}_manual"
        connection.close()
        _administer(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)),
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(own)),
        )
        _connect_to(name)
        demo_data.load()
        vocabularies._held = None
        _connect_to(own)
        yield name
        connection.close()
        _administer(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _administer(*statements: sql.Composed) -> None:
    parts = connection.get_connection_params() | {"dbname": "postgres"}
    for unwanted in ("context", "cursor_factory", "prepare_threshold"):
        parts.pop(unwanted, None)
    with psycopg.connect(**parts, autocommit=True) as server:
        for statement in statements:
            server.execute(statement)


def _connect_to(name: str) -> None:
    connection.close()
    connections.settings["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


@pytest.fixture
def _in_manual(manual_database: str) -> Iterator[None]:
    own = str(connection.settings_dict["NAME"])
    _connect_to(manual_database)
    yield
    _connect_to(own)


@pytest.fixture
def manual(_in_manual: None, request: pytest.FixtureRequest) -> None:
    """Stand in a database with the whole demo content; what the test changes is undone."""
    request.getfixturevalue("db")


@pytest.fixture(scope="session")
def manual_server(manual_database: str, django_db_blocker: Any) -> Iterator[str]:
    """Serve the demo content to real browsers and return the server's address."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler

    own = str(connections.settings["default"]["NAME"])
    connections.settings["default"]["NAME"] = manual_database
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
    thread.server_class = ThreadedWSGIServer
    thread.daemon = True
    with django_db_blocker.unblock():
        thread.start()
        thread.is_ready.wait()
        if thread.error:
            raise thread.error
        connections.settings["default"]["NAME"] = own
        yield f"http://127.0.0.1:{thread.port}"
        thread.terminate()


@pytest.fixture
def vocabulary(db: None) -> dict[tuple[str, str], Term]:
    """Fill an empty database with the vocabularies and two organisations; return the terms."""
    factories.reference_data()
    return {(term.vocabulary, term.key): term for term in Term.objects.all()}
