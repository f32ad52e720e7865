"""An index for the few that did not come by the form: to look for sheets read every row before."""

from importlib import import_module

from django.db import migrations, models

# Built beside signers who go on signing, as the indexes of the queue were.
beside = import_module("signatures.migrations.0011_search_and_held")


class Migration(migrations.Migration):
    atomic = False  # an index cannot be built concurrently inside a transaction

    dependencies = [("signatures", "0014_sweeps")]

    operations = [
        beside.AddIndexBesideSigners(
            model_name="signature",
            index=models.Index(
                condition=models.Q(("source", "web"), _negated=True),
                fields=["source", "id"],
                name="signature_from_elsewhere",
            ),
        ),
    ]
