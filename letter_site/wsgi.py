"""The door for gunicorn and every other WSGI server."""

from __future__ import annotations

import gc
import os

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "letter_site.settings")


class Utf8Request(WSGIRequest):
    """A request whose every word is UTF-8, as our pages ask for.

    Django takes a client's word for a charset before any middleware is asked, and `hex` is a codec
    that decodes no text.
    """

    @property
    def encoding(self) -> str:
        return "utf-8"

    @encoding.setter
    def encoding(self, _named: str | None) -> None:
        """What a client names changes nothing."""


application = get_wsgi_application()
application.request_class = Utf8Request

# What has been loaded by now stays for ever: looking it through again and again finds nothing.
gc.collect()
gc.freeze()
