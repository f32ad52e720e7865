"""The address decides a public page's language, the browser that of the admin."""

import pytest

pytestmark = pytest.mark.django_db


def test_the_address_decides_whatever_the_browser_asks_for(client):
    response = client.get("/privacy/", headers={"Accept-Language": "fr"})

    assert response["Content-Language"] == "en"


def test_the_admin_speaks_the_language_of_the_browser(client):
    response = client.get("/admin/login/", headers={"Accept-Language": "fr"})

    assert response["Content-Language"] == "fr"
