"""Two indexes for the queue, built beside signers who go on signing."""

from django.db import migrations, models

TABLE = "signatures_signature"
# The same expression stands in signatures.services.search.
WORDS = "to_tsvector('simple', name || ' ' || residence || ' ' || occupation)"


def add_words(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        # One that a broken-off build left behind answers nothing and costs every insert.
        schema_editor.execute("DROP INDEX CONCURRENTLY IF EXISTS signature_words")
        schema_editor.execute(
            f"CREATE INDEX CONCURRENTLY signature_words ON {TABLE} USING gin ({WORDS})"
        )


def drop_words(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX CONCURRENTLY IF EXISTS signature_words")


class AddIndexBesideSigners(migrations.AddIndex):
    """AddIndex without locking the table, where the database can."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        model = to_state.apps.get_model(app_label, self.model_name)
        schema_editor.add_index(model, self.index, **_beside(schema_editor))

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        model = from_state.apps.get_model(app_label, self.model_name)
        schema_editor.remove_index(model, self.index, **_beside(schema_editor))


def _beside(schema_editor):
    return {"concurrently": True} if schema_editor.connection.vendor == "postgresql" else {}


class Migration(migrations.Migration):
    atomic = False  # an index cannot be built concurrently inside a transaction

    dependencies = [("signatures", "0010_page_language")]

    operations = [
        AddIndexBesideSigners(
            model_name="signature",
            index=models.Index(
                condition=models.Q(("hold_reasons", []), _negated=True),
                fields=["id"],
                name="signature_held",
            ),
        ),
        migrations.RunPython(add_words, drop_words),
    ]
