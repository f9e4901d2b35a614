"""Data that a released version kept is brought up to date by `make demo`, and everything works on it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from palvelumanuaali.demo.environment import application_url
from palvelumanuaali.demo.progress import SAID_WHY
from tests import databases
from tests.upgrades import kept

DATA = settings.BASE_DIR / "tests" / "data"
RELEASED = sorted(DATA.glob("demo-*.tar.xz"))


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return os.environ | {
        "DEMO": "true",
        "LOG_LEVEL": "ERROR",
        "SECRET_KEY": "only-for-checks",
        "STATIC_ROOT": str(tmp_path / "static"),
        "MEDIA_ROOT": str(tmp_path / "media"),
    }


@pytest.fixture(params=RELEASED, ids=lambda path: path.name.split(".")[0])
def released(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: Any,
    environment: dict[str, str],
) -> Iterator[str]:
    """Make a database as a released version left it, and return its address."""
    path: Path = request.param
    with django_db_blocker.unblock(), databases.empty("upgraded") as name:
        with databases.standing_in(name):
            MigrationExecutor(connection).migrate(list(kept.migrations(path).items()))
            kept.restore(connection.connection, path)
            given = connection.get_connection_params()
            connection.close()
        yield "postgres://{user}:{password}@{host}:{port}/{dbname}".format(**given | {"dbname": name})


def run(module: str, *arguments: str, environment: dict[str, str], where: Path = settings.BASE_DIR) -> Any:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(
        command, env=environment, cwd=where, capture_output=True, text=True, timeout=300, check=False
    )


def test_make_demo_brings_released_data_up_to_date_and_it_is_used_as_ever(
    released: str, environment: dict[str, str], tmp_path: Path
) -> None:
    own = environment | {"DATABASE_URL": released}
    sign_ins = tmp_path / "sign-ins.txt"
    application = application_url(released, "salasana")
    with_role = own | {"APPLICATION_DATABASE_URL": application}
    prepared = run("palvelumanuaali.demo.prepare", str(sign_ins), environment=with_role)
    assert prepared.returncode == 0, prepared.stderr
    assert "projektipaallikko@projekti.example" in sign_ins.read_text()
    with psycopg.connect(released) as database:
        applied = database.execute("SELECT app, name FROM django_migrations").fetchall()
        claimed = database.execute(
            "SELECT id::text, service_id, audience FROM services_attachment"
        ).fetchall()
        named = database.execute(
            "SELECT item->>'id', service_id, part FROM services_workingcopy,"
            " LATERAL (VALUES ('public', public), ('internal', internal)) AS parts (part, document),"
            " jsonb_path_query(document, '$.attachments[*]') AS item"
        ).fetchall()
    assert set(MigrationLoader(None).graph.leaf_nodes()) <= set(applied)
    assert named
    assert set(named) <= set(claimed), "each attachment is the service's whose it was"
    # As the application runs: by a role that owns nothing.
    walked = run("tests.upgrades.walk", environment=own | {"DATABASE_URL": application})
    assert walked.returncode == 0, walked.stderr[-3000:]


def test_data_of_a_newer_version_is_left_alone_and_said_to_be_newer(
    released: str, environment: dict[str, str], tmp_path: Path
) -> None:
    with psycopg.connect(released, autocommit=True) as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('services', '0999_later', now())"
        )
        before = database.execute("SELECT count(*) FROM django_migrations").fetchone()
        prepared = run(
            "palvelumanuaali.demo.prepare",
            str(tmp_path / "sign-ins.txt"),
            environment=environment | {"DATABASE_URL": released},
        )
        assert prepared.returncode == SAID_WHY
        assert "of a newer version than this one (it has been through services.0999_later)" in prepared.stderr
        assert database.execute("SELECT count(*) FROM django_migrations").fetchone() == before


def test_the_last_release_that_is_kept_is_of_an_earlier_chain_or_of_this_one() -> None:
    """Migrations are added to, never rewritten: each that kept data went through is still here."""
    graph = MigrationLoader(None).disk_migrations
    ours = ("orgs", "services", "workflow", "sanctions")
    for path in RELEASED:
        assert all((app, name) in graph for app, name in kept.migrations(path).items() if app in ours)
    assert json.dumps([path.name for path in RELEASED]) != "[]"
