"""The description of the API (OpenAPI 3.1), kept by hand and held to the real answers by a test."""

from __future__ import annotations

from pathlib import Path

from django.http import HttpRequest, HttpResponse

FILE = Path(__file__).with_name("openapi.json")


def openapi(_request: HttpRequest) -> HttpResponse:
    """openapi.json, for any site."""
    response = HttpResponse(FILE.read_bytes(), content_type="application/json")
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Cache-Control"] = "public, max-age=3600"
    return response
