"""What tests with web processes of their own share."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tests import databases


@pytest.fixture(scope="module")
def database(manual_database: str, django_db_blocker: Any) -> Iterator[str]:
    """Copy the demo content: other processes serve it, and it is really changed."""
    with django_db_blocker.unblock(), databases.copied(manual_database, "fresh") as name:
        yield name


@pytest.fixture(scope="module")
def parts(database: str, django_db_blocker: Any) -> dict[str, Any]:
    """Return what psycopg needs to connect to it."""
    with django_db_blocker.unblock():
        given = connection.get_connection_params()
    return {name: given[name] for name in ("host", "port", "user", "password")} | {"dbname": database}


@pytest.fixture(scope="module")
def environment(parts: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return what processes in front of the demo content need to know."""
    url = "postgres://{user}:{password}@{host}:{port}/{dbname}".format(**parts)
    return os.environ | {
        "DATABASE_URL": url,
        "STATIC_ROOT": str(tmp_path_factory.mktemp("static")),
        "LOG_LEVEL": "WARNING",
        "SECRET_KEY": "only-for-checks",
    }
