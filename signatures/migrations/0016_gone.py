"""Two small indexes for asking whether somebody whom a list brings has withdrawn."""

from importlib import import_module

from django.db import migrations, models

beside = import_module("signatures.migrations.0011_search_and_held")


class Migration(migrations.Migration):
    atomic = False  # an index cannot be built concurrently inside a transaction

    dependencies = [("signatures", "0015_from_elsewhere")]

    operations = [
        beside.AddIndexBesideSigners(
            model_name="signature",
            index=models.Index(
                condition=models.Q(("state", "withdrawn")),
                fields=["letter", "person_key"],
                name="signature_gone_by_person",
            ),
        ),
        beside.AddIndexBesideSigners(
            model_name="signature",
            index=models.Index(
                condition=models.Q(("email_key__isnull", False), ("state", "withdrawn")),
                fields=["letter", "email_key"],
                name="signature_gone_by_mailbox",
            ),
        ),
    ]
