"""Make the bare site's one table: it has no migrations."""

import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.bare.settings"


def main() -> None:
    django.setup()
    from django.db import connection

    from .models import BareSignature

    with connection.schema_editor() as editor:
        editor.create_model(BareSignature)


if __name__ == "__main__":
    main()
