"""The admin's start page shows what organisers work with, and nothing of the machinery."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client


@pytest.mark.django_db
def test_an_organiser_finds_no_task_results_and_no_secrets(client: Client):
    client.force_login(User.objects.create_superuser("organiser"))

    page = client.get("/admin/").content.decode()

    assert "Task Results" not in page
    assert "TOTP" not in page


def test_only_what_people_work_with_is_registered():
    apps = {model._meta.app_label for model in admin.site._registry}

    assert apps == {"auth", "letters", "signatures", "deliveries"}
