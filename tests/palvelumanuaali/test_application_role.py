"""The role that the running application signs in with reads and writes rows, and owns nothing."""

import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from palvelumanuaali import application_role
from palvelumanuaali.application_role import Login, login_of
from palvelumanuaali.demo.environment import application_url

pytestmark = pytest.mark.django_db(transaction=True)
_REFUSED = (
    "TRUNCATE orgs_notice",
    "ALTER TABLE sanctions_ledgerentry DISABLE TRIGGER ALL",
    "DROP TRIGGER pgtrigger_rows_stay_70413 ON orgs_logentry",
    "SET session_replication_role = replica",
    "DROP TABLE orgs_notice",
    "CREATE TABLE own (id int)",
    "ALTER TABLE orgs_user ADD COLUMN x int",
    "DELETE FROM django_migrations",
    "SET ROLE {owner}",
    "CREATE ROLE more SUPERUSER",
    "ALTER ROLE {role} SUPERUSER",
    "COPY orgs_user TO PROGRAM 'cat'",
)


@pytest.fixture
def login() -> Iterator[Login]:
    """A role of this test's own: roles are the whole server's."""
    made = Login(f"application_{uuid.uuid4().hex[:8]}", "sala'sana%")
    application_role.grant(made)
    application_role.grant(made)  # as after each migration
    yield made
    with connection.cursor() as cursor:
        cursor.execute(f"DROP OWNED BY {made.role}; DROP ROLE {made.role}")


@pytest.fixture
def application(login: Login) -> Iterator[psycopg.Connection]:
    here: dict[str, Any] = connection.get_connection_params()
    where = {name: here[name] for name in ("host", "port", "dbname") if name in here}
    with psycopg.connect(**where, user=login.role, password=login.password, autocommit=True) as made:
        yield made


def test_it_reads_and_writes_rows(application: psycopg.Connection) -> None:
    application.execute("INSERT INTO orgs_job (name, expected_since, failures) VALUES ('x', now(), '[]')")
    assert application.execute("SELECT count(*) FROM orgs_job WHERE name = 'x'").fetchone() == (1,)
    application.execute("DELETE FROM orgs_job WHERE name = 'x'")
    application.execute("LISTEN changes")


@pytest.mark.parametrize("statement", _REFUSED)
def test_it_can_not_do_more(application: psycopg.Connection, login: Login, statement: str) -> None:
    owner = connection.settings_dict["USER"]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        application.execute(statement.format(owner=owner, role=login.role))


def test_the_owner_is_no_role_for_the_application() -> None:
    with pytest.raises(ValueError, match="owns the tables"):
        application_role.grant(Login(str(connection.settings_dict["USER"]), "x"))


@pytest.mark.parametrize("url", ["", "postgres://127.0.0.1/x", "postgres://application@127.0.0.1/x"])
def test_an_address_without_a_role_and_a_password_is_refused(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("APPLICATION_DATABASE_URL", url)
    with pytest.raises(CommandError, match="name a role and a password"):
        call_command("application_role")


def test_the_demo_s_address_keeps_the_place_and_names_the_role() -> None:
    url = application_url("postgres://palvelumanuaali:a%2Fb@127.0.0.1:5433/palvelumanuaali", "s/e@c")
    assert url == "postgres://application:s%2Fe%40c@127.0.0.1:5433/palvelumanuaali"
    assert login_of(url) == Login("application", "s/e@c")


def test_in_containers_the_owner_migrates_and_nothing_else_signs_in_as_it() -> None:
    compose = (settings.BASE_DIR / "docker-compose.yml").read_text()
    before, owners, after = compose.partition("postgres://palvelumanuaali:")
    assert owners
    assert owners not in after
    assert before.rsplit("\n  migrate:\n", maxsplit=1)[1].count("\n\n") == 0, "it stands in that service"
    assert "APPLICATION_DATABASE_URL: *application" in after
