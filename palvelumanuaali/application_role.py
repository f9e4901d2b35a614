"""The database role of the running application: it reads and writes rows, and owns nothing.

Tables belong to the role that migrates. Whoever takes over the application can neither empty a table
nor switch off the triggers that keep the ledger and the log as they are.
"""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.db import connection, transaction
from psycopg import sql

_STATEMENTS = (
    "ALTER ROLE {role} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS",
    "ALTER ROLE {role} LOGIN PASSWORD {password}",
    "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {role}",
    "GRANT USAGE ON SCHEMA public TO {role}",
    "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
)


@dataclass(frozen=True)
class Login:
    """A role and its password."""

    role: str
    password: str


def login_of(url: str) -> Login:
    """Return whom a database address signs in as; raises ValueError where it names no role or password."""
    parts = urlsplit(url)
    if not parts.username or not parts.password:
        raise ValueError("name a role and a password, as in postgres://application:password@host:5432/name")
    return Login(unquote(parts.username), unquote(parts.password))


@transaction.atomic
def grant(login: Login) -> None:
    """Make the role, where there is none, and give it what the application needs in this database.

    To be done by the owner of the tables, after each migration. Raises ValueError for the owner's own role.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        owner, database = cursor.fetchone()
        if owner == login.role:
            raise ValueError(f"{login.role} owns the tables: name another role for the application")
        names = {
            "role": sql.Identifier(login.role),
            "database": sql.Identifier(database),
            "password": sql.Literal(login.password),
        }
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [login.role])
        if not cursor.rowcount:
            cursor.execute(sql.SQL("CREATE ROLE {role}").format(**names))
        for statement in _STATEMENTS:
            cursor.execute(sql.SQL(statement).format(**names))
