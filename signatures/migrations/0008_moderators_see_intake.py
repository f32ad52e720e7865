"""Moderators work on what came in by mail and on paper, and on possible duplicates."""

from django.db import migrations

PERMISSIONS = [
    ("intakeitem", "view_intakeitem", "Can view intake item"),
    ("suggestion", "view_suggestion", "Can view possible duplicate"),
]


def grant(apps, schema_editor):
    group = apps.get_model("auth", "Group").objects.get(name="Moderators")
    content_type_model = apps.get_model("contenttypes", "ContentType")
    for model, codename, name in PERMISSIONS:
        content_type, _new = content_type_model.objects.get_or_create(
            app_label="signatures", model=model
        )
        permission, _new = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": name}
        )
        group.permissions.add(permission)


def take_back(apps, schema_editor):
    group = apps.get_model("auth", "Group").objects.get(name="Moderators")
    codenames = [codename for _model, codename, _name in PERMISSIONS]
    group.permissions.remove(*group.permissions.filter(codename__in=codenames))


class Migration(migrations.Migration):
    dependencies = [("signatures", "0007_duplicates")]

    operations = [migrations.RunPython(grant, take_back)]
