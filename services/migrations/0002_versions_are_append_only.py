"""The database itself refuses to change or delete a version (architecture.md, "Versions")."""

from django.db import migrations

GUARD = """
CREATE FUNCTION services_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are append-only: publish a new version instead.', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER service_version_is_append_only
    BEFORE UPDATE OR DELETE ON services_serviceversion
    FOR EACH ROW EXECUTE FUNCTION services_refuse_change();
"""
UNGUARD = """
DROP TRIGGER service_version_is_append_only ON services_serviceversion;
DROP FUNCTION services_refuse_change();
"""


class Migration(migrations.Migration):
    """Adds the trigger."""

    dependencies = [("services", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
