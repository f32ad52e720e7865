"""Delivery staff prepare, download and record deliveries."""

from django.db import migrations

PERMISSIONS = [
    ("add_delivery", "Can add delivery"),
    ("change_delivery", "Can change delivery"),
    ("view_delivery", "Can view delivery"),
    ("download_delivery", "Can download packets"),
]


def grant(apps, schema_editor):
    content_type, _new = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="deliveries", model="delivery"
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
    dependencies = [("deliveries", "0001_deliveries"), ("signatures", "0002_staff_groups")]

    operations = [migrations.RunPython(grant, take_back)]
