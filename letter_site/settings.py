"""All settings, in one file, read from the environment. docs/operating.md lists every variable."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from .env import (
    address,
    database,
    development_keys,
    env,
    fernet_keys,
    flag,
    mail_server,
    number,
    rate,
    read_dotenv,
    required,
)

BASE_DIR = Path(__file__).resolve().parent.parent
read_dotenv(BASE_DIR / ".env")

DEBUG = flag("DEBUG", False)
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()

# Keys

_made = development_keys(DATA_DIR / "development-keys.json") if DEBUG else {}
SECRET_KEY = required("SECRET_KEY", debug=DEBUG, default=_made.get("SECRET_KEY", ""))
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
PEPPER = required("PEPPER", debug=DEBUG, default=_made.get("PEPPER", ""))
FIELD_KEYS = fernet_keys(required("FIELD_KEYS", debug=DEBUG, default=_made.get("FIELD_KEYS", "")))

# Where the site lives

_local_hosts = ["localhost", "127.0.0.1", "[::1]", "testserver"]
ALLOWED_HOSTS = [
    host.strip()
    for host in required("ALLOWED_HOSTS", debug=DEBUG, default=",".join(_local_hosts)).split(",")
]
SITE_URL = required("SITE_URL", debug=DEBUG, default="http://127.0.0.1:8000").rstrip("/")
_site = address("SITE_URL", SITE_URL, "https://letter.example", {"http", "https"})
_secure = _site.scheme == "https"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
TRUSTED_PROXIES = number("TRUSTED_PROXIES", 0)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SOFTWARE = "open-letter 0.1.0"

# Applications

INSTALLED_APPS = [
    "letter_site",
    "letters",
    "signatures",
    "deliveries",
    "crispy_forms",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "django_otp_webauthn",
    "letter_site.staff.apps.StaffConfig",
    "letter_site.staff.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "letter_site.operating.timing.request_times",
    "signatures.views.ready_pages.ready_pages",
    "letter_site.middleware.headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "letter_site.middleware.language_from_path",
    "letter_site.middleware.plain_requests",
    "letter_site.middleware.SlashMiddleware",
    "letter_site.staff.only_staff.OnlyStaff",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "letter_site.urls"
WSGI_APPLICATION = "letter_site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ("document",)
CRISPY_TEMPLATE_PACK = "document"

# Storage

DATABASES = {"default": database(env.str("DATABASE_URL", f"sqlite:///{DATA_DIR}/db.sqlite3"))}

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    address("REDIS_URL", REDIS_URL, "redis://127.0.0.1:6379/0", {"redis", "rediss", "unix"})
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# Tasks: at once in development, by `manage.py db_worker` in production.

TASKS = {
    "default": {
        "BACKEND": "django_tasks.backends.immediate.ImmediateBackend"
        if DEBUG
        else "django_tasks_db.DatabaseBackend",
    }
}

# Mail

MAIL_DIR = Path(env.str("MAIL_DIR", default=str(DATA_DIR / "mail")))
EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    vars().update(mail_server(EMAIL_URL))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(MAIL_DIR)
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default=f"letter@{_site.hostname}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Seeing and keeping

METRICS_PORT = number("METRICS_PORT", 9100, least=1)
BACKUP_DIR = Path(env.str("BACKUP_DIR", default=str(DATA_DIR / "backups")))
BACKUP_RECIPIENT = env.str("BACKUP_RECIPIENT", default="")

# Signing

SIGN_RATE_HOLD = rate("SIGN_RATE_HOLD", "10/10m")
SIGN_RATE_REFUSE = rate("SIGN_RATE_REFUSE", "60/10m")
# django-ratelimit asks for a shared atomic cache; letter_site.checks says so in our own words.
# Without django-axes' middleware (W002) a refused login looks like a wrong password, as it should.
SILENCED_SYSTEM_CHECKS = ["django_ratelimit.E003", "django_ratelimit.W001", "axes.W002"]

# Nobody needs more than a few kilobytes to sign; imports and deliveries do not come this way.
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# Language and time

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("ar", "العربية"),
    ("zh-hans", "简体中文"),
    ("zh-hant", "繁體中文"),
    ("fr", "français"),
    ("ru", "русский"),
    ("es", "español"),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "letter_site.formats"
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
USE_TZ = True
TIME_ZONE = "UTC"

# Static files

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "letter_site.static_files.CollectedFiles"
    },
}
WHITENOISE_MAX_AGE = 3600
WHITENOISE_USE_FINDERS = True

# Staff accounts

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "letter_site.staff.passphrases.CommonPassphraseValidator"},
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "admin:login"
# No environment variable: whoever runs this for real cannot forget to turn it on.
STAFF_SECOND_FACTOR = not DEBUG
OTP_TOTP_ISSUER = _site.hostname
# Passkeys are bound to the site's own address, and browsers use them over TLS only.
OTP_WEBAUTHN_RP_ID = OTP_WEBAUTHN_RP_NAME = OTP_TOTP_ISSUER
OTP_WEBAUTHN_ALLOWED_ORIGINS = [SITE_URL if _secure else f"https://{OTP_TOTP_ISSUER}"]
OTP_WEBAUTHN_ALLOW_PASSWORDLESS_LOGIN = False
REAUTHENTICATE = "letter_site.staff.reauth.require_recent"

# Five attempts an hour for a name, from wherever they come, and five for an address, whatever the
# names: 1,000 passwords from 1,000 addresses reach the checker five times. The price would be that
# a stranger locks out an organiser by trying five passwords every hour; so a browser in which the
# name has logged in before has five attempts of its own, which nobody else can use up. What stays:
# an organiser on a new machine, while somebody is at it, waits, or asks whoever holds the server
# for `axes_reset_username`.
AXES_HANDLER = "letter_site.staff.lockout.AttemptHandler"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(hours=1)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "letter_site.staff.lockout.sender"
AXES_ENABLE_ADMIN = AXES_VERBOSE = False

# The path keeps these cookies off every public page, which rules `__Host-` out.
_cookie = "__Secure-" if _secure else ""
SESSION_COOKIE_NAME = f"{_cookie}sessionid"
CSRF_COOKIE_NAME = f"{_cookie}csrftoken"
STAFF_BROWSER_COOKIE = f"{_cookie}browser"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/admin/"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
# Its own cookie would go to every page.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 30 * 60  # idle, because every request saves the session anew
SESSION_SAVE_EVERY_REQUEST = True
STAFF_SESSION_HOURS = 8

# Headers

SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}
SECURE_PERMISSIONS_POLICY = "camera=(), microphone=(), geolocation=()"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = _secure
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 63_072_000  # two years
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = flag("HSTS_SUBDOMAINS", True)
X_FRAME_OPTIONS = "DENY"

# Logs: one JSON object a line, without request lines: an address or a name has no way in.

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "letter_site.logs.PrivateJsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        # django.server prints request lines; only the development server uses it.
        "django.server": {"handlers": [], "propagate": False, "level": "ERROR"},
        "django": {"handlers": ["stderr"], "propagate": False, "level": "INFO"},
        # Below an error, gunicorn quotes malformed requests and the addresses they came from.
        "gunicorn.error": {"handlers": ["stderr"], "propagate": False, "level": "ERROR"},
        # It warns of every HEAD, which Django answers like GET and leaves to the server to cut.
        "gunicorn.http": {"level": "ERROR"},
    },
}
