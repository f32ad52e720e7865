"""The site's settings, with its static files in the folder of the benchmark."""

from letter_site.settings import *  # noqa: F403
from letter_site.settings import DATA_DIR

STATIC_ROOT = DATA_DIR / "static"
