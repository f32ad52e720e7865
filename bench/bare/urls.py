"""Addresses of the bare site."""

from django.http import HttpResponse
from django.urls import path

from . import views

urlpatterns = [
    path("healthz", lambda _request: HttpResponse("ok")),
    path("page/", views.page),
    path("sign/", views.sign),
]
