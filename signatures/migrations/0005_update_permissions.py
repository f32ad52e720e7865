"""Delivery staff write and send updates."""

from django.db import migrations

PERMISSIONS = [
    ("add_update", "Can add update"),
    ("change_update", "Can change update"),
    ("delete_update", "Can delete update"),
    ("view_update", "Can view update"),
    ("send_update", "Can send updates"),
]


def grant(apps, schema_editor):
    content_type, _new = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="signatures", model="update"
    )
    group = apps.get_model("auth", "Group").objects.get(name="Delivery staff")
    for codename, name in PERMISSIONS:
        permission, _new = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": name}
        )
        group.permissions.add(permission)


def take_back(apps, schema_editor):
    group = apps.get_model("auth", "Group").objects.get(name="Delivery staff")
    codenames = [codename for codename, _name in PERMISSIONS]
    group.permissions.remove(*group.permissions.filter(codename__in=codenames))


class Migration(migrations.Migration):
    dependencies = [("signatures", "0004_updates")]

    operations = [migrations.RunPython(grant, take_back)]
