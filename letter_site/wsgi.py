"""The door for gunicorn and every other WSGI server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "letter_site.settings")

application = get_wsgi_application()

# What has been loaded by now stays for ever: looking it through again and again finds nothing.
gc.collect()
gc.freeze()
