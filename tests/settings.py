"""The site's settings as in production, with throw-away keys and without the slow parts."""

import os
import tempfile

os.environ.setdefault("DEBUG", "0")
os.environ.setdefault("SECRET_KEY", "tests-only-" + "k" * 50)
os.environ.setdefault("PEPPER", "tests-only-" + "p" * 32)
os.environ.setdefault("FIELD_KEYS", "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ.setdefault("SITE_URL", "http://testserver")
os.environ.setdefault("SIGN_RATE_HOLD", "off")
os.environ.setdefault("SIGN_RATE_REFUSE", "off")
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="letter-tests-")

from letter_site.settings import *  # noqa: F403

STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Tests of the door itself, in tests/letter_site/staff, turn it on again.
STAFF_SECOND_FACTOR = False
