"""Databases that hold something already: each is made once a run, and copied for each process of it.

A test that stands in one changes it within a transaction that is undone, so none spoils it for another.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import time_machine
from django.db import connection, connections
from psycopg import sql

from palvelumanuaali.embedded.places import wait_for_lock
from services import vocabularies
from services.answers.serving import where
from tests.moment import NOW

_STEM = "test_prepared"  # what the names of all prepared databases begin with


def current() -> str:
    """Return the name of the database that tests stand in now."""
    return str(connection.settings_dict["NAME"])


@contextmanager
def standing_in(name: str) -> Iterator[None]:
    """Stand in another database for a while."""
    before = current()
    connect_to(name)
    yield
    connect_to(before)


class Prepared:
    """Databases that are made by the first process of a run that needs them; the others copy them.

    `folder` is common to all processes of the run. What is filled in is as of NOW.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, purpose: str, fill: Callable[[Path], object], *, source: str = "template0") -> str:
        """Return the name of a database that nobody may connect to, made of `source` where it is not there.

        `fill` stands in it, and gets a folder for what belongs to it besides: see `files`.
        """
        name = f"{_STEM}_{purpose}"
        with wait_for_lock(self._folder / f"{purpose}.lock"):
            if not self.files(purpose).exists():
                unfinished = self._folder / f"{purpose}.unfinished"
                unfinished.mkdir()
                copy(source, name)
                with standing_in(name), time_machine.travel(NOW, tick=False):
                    try:
                        fill(unfinished)
                    finally:
                        vocabularies._held = None
                unfinished.rename(self.files(purpose))
        return name

    def files(self, purpose: str) -> Path:
        """Return the folder of what belongs to a database."""
        return self._folder / purpose


@contextmanager
def copied(source: str, purpose: str) -> Iterator[str]:
    """Copy a database for as long as it is needed, and return the copy's name."""
    name = f"{current()}_{purpose}"
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


def connect_to(name: str) -> None:
    """Lead the connection to a database."""
    connection.close()
    connections.settings["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name
