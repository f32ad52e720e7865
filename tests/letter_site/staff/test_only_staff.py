"""Public pages know no session, no account and no messages."""

import pytest
from django.core import checks
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from letter_site.staff.only_staff import OnlyStaff

# As they reach the site, decoded.
NEARLY = ["//admin/", "/ADMIN/", "/./admin/", "/letters/../admin/", "/fr/admin/", "/%61dmin/"]


def seen(path: str) -> set[str]:
    """Which attributes of staff a view at `path` would find on its request."""
    request = RequestFactory().get("/", PATH_INFO=path)
    request.COOKIES["sessionid"] = "forged"

    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    OnlyStaff(view)(request)
    return {"session", "user", "_messages"} & request.__dict__.keys()


@pytest.mark.parametrize(
    "path", ["/", "/letters/", "/fr/letters/peace/", "/administration/", "/s/x/", *NEARLY]
)
def test_a_public_page_has_nothing_of_staff(path: str):
    assert seen(path) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/admin/", "/admin/login/"])
def test_a_page_of_staff_has_it_all(path: str):
    assert seen(path) == {"session", "user", "_messages"}


@pytest.mark.django_db
@pytest.mark.parametrize("path", NEARLY)
def test_what_only_looks_like_a_page_of_staff_is_none(path: str):
    assert Client().get("/", PATH_INFO=path).status_code == 404


def test_a_public_page_sees_no_cookie():
    request = RequestFactory(headers={"Cookie": "sessionid=forged"}).get("/letters/")

    OnlyStaff(lambda request: HttpResponse())(request)

    assert request.COOKIES == {}


@pytest.mark.django_db
def test_a_forged_session_cookie_on_a_public_page_changes_nothing():
    client = Client()
    client.cookies["sessionid"] = "forged"

    assert client.get("/letters/").status_code == 200


def test_the_admin_finds_the_middleware_that_it_needs():
    found = [error.id for error in checks.run_checks(tags=[checks.Tags.admin])]

    assert found == []
