"""Data of a released version: its rows in a small file, and the way back into a database.

`python -m tests.upgrades.kept FILE` loads the demo into an empty database and keeps it; for a release
that others upgrade from (docs/changing-what-is-kept.md).
"""

import io
import json
import sys
import tarfile
from pathlib import Path

import psycopg
from psycopg import sql

MIGRATIONS = "migrations.json"
# Of what is made anew from other rows, a few services are enough.
_FEW = {
    table: sql.SQL("WHERE service_id <= 5")
    for table in ("services_publishedservice", "services_searchedinstruction")
}
# Other installations have other users' sessions; how migrations stand is kept apart.
_LEFT_OUT = {"django_migrations", "django_session", "services_keptanswer", "services_answerfigures"}


def keep(connection: psycopg.Connection, path: Path) -> None:
    """Write the rows of every table to a file, and which migrations they went through."""
    with tarfile.open(path, "w:xz", preset=9) as file:
        applied = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
        _add(file, MIGRATIONS, json.dumps(applied).encode())
        for table in _tables(connection):
            columns = _columns(connection, table)
            where = _FEW.get(table, sql.SQL(""))
            rows = sql.SQL("COPY (SELECT {} FROM {} {} ORDER BY 1) TO STDOUT").format(
                sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier(table), where
            )
            with connection.cursor() as cursor, cursor.copy(rows) as copy:
                content = b"".join(map(bytes, copy))
            if content:
                _add(file, table, "\t".join(columns).encode() + b"\n" + content)


def migrations(path: Path) -> dict[str, str]:
    """Return the last migration of each app that the kept rows went through."""
    with tarfile.open(path) as file:
        return dict(json.loads(_content(file, MIGRATIONS)))


def restore(connection: psycopg.Connection, path: Path) -> None:
    """Put the rows into empty tables of that version, past triggers and foreign keys."""
    with tarfile.open(path) as file, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        for table in file.getnames():
            if table == MIGRATIONS:
                continue
            # Migrating has filled some: the kinds of rows and the permissions that Django keeps.
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            head, _line, content = _content(file, table).partition(b"\n")
            columns = map(sql.Identifier, head.decode().split("\t"))
            into = sql.SQL("COPY {} ({}) FROM STDIN").format(
                sql.Identifier(table), sql.SQL(", ").join(columns)
            )
            with connection.cursor() as cursor, cursor.copy(into) as copy:
                copy.write(content)
        for table in file.getnames():
            _continue_numbers(connection, table)


def _continue_numbers(connection: psycopg.Connection, table: str) -> None:
    """Let new rows of a table go on after the highest number."""
    found = connection.execute(
        "SELECT pg_get_serial_sequence(format('%%I', table_name::text), column_name::text), column_name::text"
        " FROM information_schema.columns WHERE table_name = %s AND is_identity = 'YES'",
        [table],
    ).fetchall()
    for sequence, column in found:
        connection.execute(
            sql.SQL("SELECT setval({}, (SELECT coalesce(max({}), 0) + 1 FROM {}), false)").format(
                sql.Literal(sequence), sql.Identifier(column), sql.Identifier(table)
            )
        )


def _tables(connection: psycopg.Connection) -> list[str]:
    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return [name for (name,) in found.fetchall() if name not in _LEFT_OUT]


def _columns(connection: psycopg.Connection, table: str) -> list[str]:
    found = connection.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'"
        " ORDER BY ordinal_position",
        [table],
    )
    return [name for (name,) in found.fetchall()]


def _add(file: tarfile.TarFile, name: str, content: bytes) -> None:
    about = tarfile.TarInfo(name)
    about.size = len(content)
    file.addfile(about, io.BytesIO(content))


def _content(file: tarfile.TarFile, name: str) -> bytes:
    found = file.extractfile(name)
    assert found is not None
    return found.read()


def main(path: Path) -> None:
    """Load the demo as of the tests' moment, in the database that DATABASE_URL names, and keep it."""
    import django

    django.setup()
    import time_machine
    from django.core.management import call_command
    from django.db import connection

    from tests.moment import NOW

    with time_machine.travel(NOW, tick=False):
        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_demo")
    assert connection.connection is not None
    keep(connection.connection, path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
