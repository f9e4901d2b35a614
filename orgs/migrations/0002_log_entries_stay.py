"""The database itself refuses to change an entry of the user log; only time deletes one."""

from django.db import migrations

GUARD = """
CREATE FUNCTION orgs_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Entries of % are never changed.', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER log_entry_stays
    BEFORE UPDATE ON orgs_logentry
    FOR EACH ROW EXECUTE FUNCTION orgs_refuse_change();
"""
UNGUARD = """
DROP TRIGGER log_entry_stays ON orgs_logentry;
DROP FUNCTION orgs_refuse_change();
"""


class Migration(migrations.Migration):
    """Adds the trigger."""

    dependencies = [("orgs", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
