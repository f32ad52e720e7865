"""The audit log can be written and read. Changing or deleting an entry is refused below Django."""

from django.db import migrations

POSTGRESQL = """
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON signatures_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
"""
POSTGRESQL_BACK = """
DROP TRIGGER audit_append_only ON signatures_auditentry;
DROP FUNCTION audit_is_append_only();
"""
# SQLite's test runner empties tables row by row, so only changes are refused there.
SQLITE = """
CREATE TRIGGER audit_append_only BEFORE UPDATE ON signatures_auditentry
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
"""


def refuse_changes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
    elif schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(SQLITE)


def allow_changes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_BACK)
    elif schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER audit_append_only")


class Migration(migrations.Migration):
    dependencies = [("signatures", "0002_staff_groups")]

    operations = [migrations.RunPython(refuse_changes, allow_changes)]
