"""The triggers that note what becomes of published services (`ServiceChange`)."""

from pgtrigger import After, Row, Trigger
from pgtrigger.core import Condition, Operation

_TABLE = "services_servicechange"


def noted(name: str, operation: Operation, kind: str, service: str, condition: Condition | None) -> Trigger:
    """Return the trigger by which a table notes a change of the service in its column `service`.

    `kind` is SQL. Once a transaction: what becomes public in it does so whatever else is changed in it.
    """
    return Trigger(
        name=name,
        level=Row,
        when=After,
        operation=operation,
        condition=condition,
        func=(
            f"INSERT INTO {_TABLE} AS noted (service_id, kind, written_by, at) VALUES"  # noqa: S608
            f" (NEW.{service}, {kind}, pg_current_xact_id()::text::bigint, now())"
            " ON CONFLICT (service_id, written_by) DO UPDATE SET kind ="
            " CASE WHEN noted.kind = 'published' AND EXCLUDED.kind = 'changed'"
            " THEN noted.kind ELSE EXCLUDED.kind END;"
            " RETURN NULL;"
        ),
    )
