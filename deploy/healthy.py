"""Exit 0 when the web server in this container is ready, 1 when not: for a health check."""

import os
import sys
from urllib.error import URLError
from urllib.request import Request, urlopen

port = os.environ.get("WEB_BIND", ":8000").rpartition(":")[2]
host = os.environ["ALLOWED_HOSTS"].split(",")[0]
try:
    urlopen(Request(f"http://127.0.0.1:{port}/readyz", headers={"Host": host}), timeout=4)
except (URLError, OSError):
    sys.exit(1)
