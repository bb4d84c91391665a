"""Settings, read from environment variables only. Secrets have no default: without them nothing starts."""

import zoneinfo
from datetime import timedelta
from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF

from config.api_tags import DESCRIPTION, ENUM_NAMES, TAGS
from config.celery_settings import celery_settings
from config.environment import Environment
from config.limits import attempt_limits, request_limits
from config.logs import logging_config
from config.mail import mail_settings
from config.pictures import pictures_storage
from config.sentry import report_errors_to
from tenants.backend.watchdog import WatchedConnection

django_stubs_ext.monkeypatch()

# Use the pinned tzdata package: the operating system's time zone data may be out of date.
zoneinfo.reset_tzpath(to=())

ROOT = Path(__file__).resolve().parents[2]
env = Environment()

SECRET_KEY = env.str("SECRET_KEY")
# Former keys, after SECRET_KEY was changed.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
JWT_SECRET = env.str("JWT_SECRET")
DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("DEMO", False)
DEMO_OPERATOR_PASSWORD = env.str("DEMO_OPERATOR_PASSWORD") if DEMO else ""
DEMO_DATA = env.str("DEMO_DATA", "full") != "empty"

BASE_DOMAIN = env.str("BASE_DOMAIN")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])
PUBLIC_SCHEME = env.str("PUBLIC_SCHEME", "https")
PUBLIC_PORT = env.str("PUBLIC_PORT", "")
# Whether clinics can sign themselves up: "off", "approval" (an operator decides) or "open".
SIGN_UP = env.str("SIGN_UP", "approval")
# Who gets emails about stopped processes, stuck queues and failing mail, and from when on: a job that is due
# for so many minutes, or so many failed messages of one clinic within an hour.
OPERATORS_EMAIL = env.list("OPERATORS_EMAIL", default=[])
QUEUE_ALARM_MINUTES = env.int("QUEUE_ALARM_MINUTES", 10)
MAIL_ALARM_COUNT = env.int("MAIL_ALARM_COUNT", 10)
# The grace period in days during which a closed clinic can be reopened. Then its data is deleted.
CLOSING_DAYS = env.int("CLOSING_DAYS", 30)
# How many days the texts of sent messages are kept, so that staff can read what was sent.
MESSAGE_TEXT_DAYS = env.int("MESSAGE_TEXT_DAYS", 365)
# How a clinic verifies a domain: functions (domain, word) -> bool, called in this order until one succeeds.
DOMAIN_PROOFS = env.list(
    "DOMAIN_PROOFS",
    default=[
        "tenants.domains.domain_verification.dns_record",
        "tenants.domains.domain_verification.well_known_file",
    ],
)
# Name servers as `address:port`. By default the system's are used.
DNS_RESOLVERS = env.list("DNS_RESOLVERS", default=[])
# Outbound requests go to public addresses and these ports only. Networks listed here count as public.
OUTBOUND_ALLOWED_NETWORKS = env.list("OUTBOUND_ALLOWED_NETWORKS", default=[])
# How long reading an outside calendar may take, from the DNS query to the parsed periods.
OUTSIDE_CALENDAR_SECONDS = env.float("OUTSIDE_CALENDAR_SECONDS", 1.0)
OUTBOUND_PORTS = {"http": 80, "https": 443}
TWILIO_API_URL = env.str("TWILIO_API_URL", default="https://api.twilio.com")
HOST_MAP_SECONDS = env.float("HOST_MAP_SECONDS", 5.0)

# The apps of the public schema and of each clinic's schema. `accounts` and Django Admin's apps are in both.
_IN_BOTH = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "config.apps.ClinicAdminConfig",
    # Before accounts, whose admin unregisters the pages of these apps: they show secret keys.
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "tenants.accounts",
]
SHARED_APPS = [
    *_IN_BOTH,
    # After the admin, whose list of models it would otherwise replace.
    # Before django_tenants, to replace its `migrate_schemas` command.
    "tenants",
    "django_tenants",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_structlog",
    "csp",
    "anymail",
    "console",
    "config",
]
TENANT_APPS = [*_IN_BOTH, "clinics", "scheduling", "notifications"]
INSTALLED_APPS = [*SHARED_APPS, *(app for app in TENANT_APPS if app not in SHARED_APPS)]

TENANT_MODEL = "tenants.Clinic"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_LIMIT_SET_CALLS = True
# Otherwise django-tenants queries at start-up, and the pool would be opened before the server forks.
SKIP_PG_EXTRA_VALIDATION = True
ROOT_URLCONF = "config.urls_clinic"
PUBLIC_SCHEMA_URLCONF = "config.urls_platform"

MIDDLEWARE = [
    "config.request_ids.RequestIdMiddleware",
    "config.health.HealthMiddleware",
    "config.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.public_responses.PublicResponseMiddleware",
    "csp.middleware.CSPMiddleware",
    "tenants.routing.middleware.ClinicMiddleware",
    "config.cached_responses.CachedResponseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tenants.accounts.sessions.idle_middleware.IdleSessionMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.error_pages.UnreadableMiddleware",
]
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "platform" / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "clinics.pages.frame.page_context",
            ],
        },
    },
]

# A request waits at most three seconds for a lock and four for a statement.
DB_STATEMENT_TIMEOUT = env.str("DB_STATEMENT_TIMEOUT", "4s")
_LIMITS = {
    "statement_timeout": DB_STATEMENT_TIMEOUT,
    "lock_timeout": env.str("DB_LOCK_TIMEOUT", "3s"),
    "idle_in_transaction_session_timeout": "10s",
}
_POOL = {
    "min_size": 1,
    "max_size": 8,
    "timeout": 3,
    "max_lifetime": 600,
    "connection_class": WatchedConnection,
}
# The kernel notices a server or network that is gone, tenants.backend.watchdog a server that stands still.
_TCP = {
    "connect_timeout": 3,
    "tcp_user_timeout": 4000,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
}
DB_POOL = env.bool("DB_POOL", False)
# Web processes check the rest of the installation with their readiness; only they have a pool.
WATCH_FROM_WEB = env.bool("WATCH_FROM_WEB", DB_POOL)
# The application's database user owns no tables. The owner is configured only where migrations run.
DB_APP_USER = env.str("DB_USER")
DB_APP_PASSWORD = env.str("DB_PASSWORD")
_OWNER = env.str("DB_OWNER_USER", "")
DATABASES = {
    "default": {
        "ENGINE": "tenants.backend",
        "NAME": env.str("DB_NAME"),
        "USER": _OWNER or DB_APP_USER,
        "PASSWORD": env.str("DB_OWNER_PASSWORD") if _OWNER else DB_APP_PASSWORD,
        "HOST": env.str("DB_HOST"),
        "PORT": env.int("DB_PORT", 5432),
        # A pool in web workers only: Celery's child processes would close it after every task.
        "CONN_MAX_AGE": 0 if DB_POOL else 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **_TCP,
            "options": " ".join(f"-c {name}={value}" for name, value in _LIMITS.items()),
            # Values are sent apart from the statement, so Postgres does not log them when a statement fails.
            "server_side_binding": True,
            **({"pool": _POOL} if DB_POOL else {}),
        },
    }
}
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_FUNCTION": "tenants.cache.clinic_key",
        "OPTIONS": {
            "SERIALIZER": "django_redis.serializers.json.JSONSerializer",
            "SOCKET_CONNECT_TIMEOUT": 0.5,
            "SOCKET_TIMEOUT": 0.5,
            "IGNORE_EXCEPTIONS": True,
        },
    }
}
# Sessions of Django Admin and the console are stored in the schema they belong to. Cookies have no Domain.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_SCHEME == "https"
SESSION_COOKIE_HTTPONLY = True
# Browsers accept a `__Host-` cookie over https only, with the path "/" and from its own host, so no sibling
# host can set one. Over http, as in the demo, browsers would refuse these names.
_COOKIE_PREFIX = "__Host-" if PUBLIC_SCHEME == "https" else ""
REFRESH_COOKIE = f"{_COOKIE_PREFIX}refresh"
DEVICE_COOKIE = f"{_COOKIE_PREFIX}device"
LANGUAGE_COOKIE_NAME = f"{_COOKIE_PREFIX}language"
NEWCOMER_COOKIE = f"{_COOKIE_PREFIX}newcomer"
CODE_COOKIE = f"{_COOKIE_PREFIX}code"
SESSION_COOKIE_NAME = f"{_COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{_COOKIE_PREFIX}csrftoken"
# Messages on the pages name patients, so they are not stored in a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# Sessions of operators end after this time without activity. For staff it is a setting of their clinic.
OPERATOR_IDLE_MINUTES = env.int("OPERATOR_IDLE_MINUTES", 30)
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_HSTS_SECONDS = 31_536_000 if PUBLIC_SCHEME == "https" else 0
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "config.error_pages.forbidden"
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["tenants.accounts.sign_in.backend.EmailBackend"]
# Email addresses are unique among the accounts that own them; our backend knows which one signs in.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
LOGIN_URL = "admin:login"
PASSWORD_HASHERS = ["tenants.accounts.passwords.hashing.LimitedArgon2PasswordHasher"]
# The memory in which one process hashes passwords: two new ones at a time.
PASSWORD_MEMORY_MIB = env.int("PASSWORD_MEMORY_MIB", 100)
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]
TRY_LIMITS = attempt_limits(env)
RATE_LIMITS = request_limits(env)
# The limits above count attempts; django-otp's own throttling would count them again.
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0
# The demo prints the operator's password; everywhere else operators need two-step sign-in.
OPERATORS_NEED_SECOND_FACTOR = not DEMO
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=10),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=7),
    "SIGNING_KEY": JWT_SECRET,
    "ALGORITHM": "HS256",
    "USER_ID_CLAIM": "sub",
    "AUTH_TOKEN_CLASSES": ("tenants.accounts.sessions.tokens.AccessToken",),
}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["tenants.accounts.sessions.authentication.ClinicAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["tenants.accounts.rate_limits.AddressThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["config.envelope.EnvelopeRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "tenants.base.pages.PageNumberPages",
    "DEFAULT_SCHEMA_CLASS": "config.openapi.ApiSchema",
    "EXCEPTION_HANDLER": "config.envelope.envelope_exception_handler",
    "UNAUTHENTICATED_USER": None,
    # An error message may quote the input, and a lone surrogate can be encoded only as an escape sequence.
    "UNICODE_JSON": False,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Clinic appointments",
    "DESCRIPTION": DESCRIPTION,
    "TAGS": [{"name": tag.name, "description": tag.description} for tag in TAGS],
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": ENUM_NAMES,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.openapi.add_failure_schema",
    ],
}

# British English is the source language. Entering a clinic activates the clinic's locale, which staff read;
# `tenants.routing.languages` decides in which language a patient's request is answered.
LANGUAGE_CODE = "en-gb"
LANGUAGES = [
    ("en-gb", "English (United Kingdom)"),
    ("en-us", "English (United States)"),
    ("es", "Español"),
    ("de", "Deutsch"),
    ("ar", "العربية"),
]
FORMAT_MODULE_PATH = "config.formats"
LOCALE_PATHS = [Path(__file__).resolve().parent / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

WEB_DIST = Path(env.str("WEB_DIST", str(ROOT / "frontend" / "dist")))
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(ROOT / "staticfiles")))
STATICFILES_DIRS = [("app", WEB_DIST)] if WEB_DIST.is_dir() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # The sizes of clinics' pictures, made from what is in the database: the folder may be emptied.
    "pictures": pictures_storage(env),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
# Vite puts a hash of the content into the file name, so such a file never changes.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/app/assets/.+-[\w-]{8}\."

EMAIL_REPORTS_FROM, ANYMAIL = "", dict[str, Any]()
EMAIL_SIGNED_HERE, EMAIL_SPF_DOMAIN = True, ""
vars().update(mail_settings(env))
# How often a message is sent to a server that refuses it for now, such as a full mailbox. The delays grow
# from a minute to two hours, so that 16 attempts take about 18 hours. Then the message waits for staff.
MESSAGE_MAX_ATTEMPTS = env.int("MESSAGE_MAX_ATTEMPTS", 16)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"appointments@{BASE_DOMAIN}")

CELERY = celery_settings(REDIS_URL)

DJANGO_STRUCTLOG_CELERY_ENABLED = True
# RequestIdMiddleware has checked or replaced the id that the request came with.
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True
# Reading the user would query the database after the schema was reset. IP addresses are not logged.
DJANGO_STRUCTLOG_USER_ID_FIELD = None
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = 10
LOGGING_CONFIG = None
LOGGING = logging_config(env.str("DJANGO_LOG_LEVEL", "INFO"))
report_errors_to(env.str("SENTRY_DSN", ""))
