"""The database itself refuses to change or delete an event (architecture.md, "Keystones")."""

from django.db import migrations

GUARD = """
CREATE FUNCTION workflow_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are append-only.', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER event_is_append_only
    BEFORE UPDATE OR DELETE ON workflow_event
    FOR EACH ROW EXECUTE FUNCTION workflow_refuse_change();
"""
UNGUARD = """
DROP TRIGGER event_is_append_only ON workflow_event;
DROP FUNCTION workflow_refuse_change();
"""


class Migration(migrations.Migration):
    """Adds the trigger."""

    dependencies = [("workflow", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
