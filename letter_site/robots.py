"""What crawlers are asked to leave alone (RFC 9309)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# A star stands for the language's prefix and for any letter. Names and signers' own pages belong
# in nobody's index.
LEFT_ALONE = ["/admin/", "/s/", "/*/s/", "/letters/*/signatures", "/*/letters/*/signatures"]


def robots(_request: HttpRequest) -> HttpResponse:
    """robots.txt, with the address of the sitemap."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in LEFT_ALONE)]
    lines += ["", f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""]
    response = HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "public, max-age=86400"
    return response
