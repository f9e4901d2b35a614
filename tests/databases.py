"""Databases that hold something already: each is made once a worker, as a copy of the one it begins with.

A test that stands in one changes it within a transaction that is undone, so none spoils it for another.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import time_machine
from django.db import connection, connections
from psycopg import sql

from services import vocabularies
from services.answers.serving import where
from tests.moment import NOW


def current() -> str:
    """Return the name of the database that tests stand in now."""
    return str(connection.settings_dict["NAME"])


@contextmanager
def standing_in(name: str) -> Iterator[None]:
    """Stand in another database for a while."""
    before = current()
    _connect_to(name)
    yield
    _connect_to(before)


@contextmanager
def prepared(source: str, purpose: str, fill: Callable[[], object]) -> Iterator[str]:
    """Copy a database, fill the copy as of NOW, and return its name for as long as it is needed."""
    with copied(source, purpose) as name, time_machine.travel(NOW, tick=False):
        try:
            with standing_in(name):
                fill()
        finally:
            vocabularies._held = None
        yield name


@contextmanager
def copied(source: str, purpose: str) -> Iterator[str]:
    """Copy a database for as long as it is needed, and return the copy's name."""
    assert source.startswith("test_"), "only a test database may be copied"
    name = f"{source}_{purpose}"
    copy(source, name)
    yield name
    drop(name)


@contextmanager
def empty(purpose: str) -> Iterator[str]:
    """Make a database with nothing in it for as long as it is needed, and return its name."""
    name = f"{current()}_{purpose}"
    copy("template0", name)
    yield name
    drop(name)


def copy(source: str, name: str) -> None:
    """Make the database `name` as a copy of another, in place of an older one."""
    drop(name)
    _administer(
        sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(source))
    )


def drop(name: str) -> None:
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
