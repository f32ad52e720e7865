"""All addresses of the site. Public pages have one address per language, the admin has one."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path

from deliveries.sitemaps import SITEMAPS as DELIVERIES
from signatures.sitemaps import SITEMAPS as LETTERS

from . import api_description, health, robots

handler400 = "letter_site.errors.bad_request"
handler500 = "letter_site.errors.server_error"

# Tried one after the other for every request: what most people ask for comes first.
urlpatterns = [
    *i18n_patterns(
        path("", include("signatures.urls")),
        path("", include("deliveries.urls")),
        prefix_default_language=False,
    ),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("openapi.json", api_description.openapi, name="openapi"),
    path("robots.txt", robots.robots, name="robots"),
    path("sitemap.xml", sitemap, {"sitemaps": LETTERS | DELIVERIES}, name="sitemap"),
]
