"""The two groups of staff, with what each needs and no more."""

from django.db import migrations

PERMISSIONS = {
    "Moderators": [
        ("signatures", "signature", "view_signature", "Can view signature"),
        ("signatures", "signature", "moderate_signature", "Can decide about signatures"),
        ("signatures", "auditentry", "view_auditentry", "Can view audit entry"),
        ("letters", "letter", "view_letter", "Can view letter"),
    ],
    "Delivery staff": [
        ("signatures", "signature", "view_signature", "Can view signature"),
        ("signatures", "signature", "export_signature", "Can export the list of signatures"),
        ("signatures", "auditentry", "view_auditentry", "Can view audit entry"),
        ("letters", "letter", "view_letter", "Can view letter"),
    ],
}


def create_groups(apps, schema_editor):
    group_model = apps.get_model("auth", "Group")
    permission_model = apps.get_model("auth", "Permission")
    content_type_model = apps.get_model("contenttypes", "ContentType")
    for group_name, permissions in PERMISSIONS.items():
        group, _new = group_model.objects.get_or_create(name=group_name)
        for app_label, model, codename, name in permissions:
            # Permissions are made after all migrations; these are needed now.
            content_type, _new = content_type_model.objects.get_or_create(
                app_label=app_label, model=model
            )
            permission, _new = permission_model.objects.get_or_create(
                content_type=content_type, codename=codename, defaults={"name": name}
            )
            group.permissions.add(permission)


def remove_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=PERMISSIONS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("signatures", "0001_signatures"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(create_groups, remove_groups)]
