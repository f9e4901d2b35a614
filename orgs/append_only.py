"""Rows that the database itself refuses to change: versions, events, the user log."""

from pgtrigger import Before, Delete, Protect, Statement, Trigger, Truncate, Update


def append_only() -> list[Trigger]:
    """Return the triggers of a table whose rows are only ever added.

    `pgtrigger.ignore` lifts them for those who say so: the log's end of keeping is the one place.
    """
    return [
        Protect(name="rows_stay", operation=Update | Delete),
        Trigger(
            name="table_stays",
            level=Statement,
            when=Before,
            operation=Truncate,
            func="RAISE EXCEPTION 'pgtrigger: Cannot truncate % table', TG_TABLE_NAME; RETURN NULL;",
        ),
    ]
