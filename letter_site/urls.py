"""All addresses of the site. Public pages have one address per language, the admin has one."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from . import health

handler400 = "letter_site.errors.bad_request"

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    *i18n_patterns(
        path("", include("signatures.urls")),
        path("", include("deliveries.urls")),
        prefix_default_language=False,
    ),
]
