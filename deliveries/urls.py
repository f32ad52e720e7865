"""Addresses of the public record."""

from django.urls import path

from . import api, views

urlpatterns = [
    path("deliveries.json", api.deliveries_json, name="deliveries_json"),
    path("deliveries/<int:number>.json", api.delivery_json, name="delivery_json"),
    path("deliveries/", views.delivery_list, name="delivery_list"),
    path("deliveries/<int:number>/", views.delivery_page, name="delivery"),
    path("deliveries/<int:number>/digests.txt", views.digests, name="delivery_digests"),
    path(
        "deliveries/<int:number>/<slug:name>/manifest.json",
        views.manifest,
        name="delivery_manifest",
    ),
]
