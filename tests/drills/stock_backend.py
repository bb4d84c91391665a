"""The product's settings with django-tenants' own backend, for the isolation drill's control."""

from config.settings import *  # noqa: F403
from config.settings import DATABASES

DATABASES["default"]["ENGINE"] = "django_tenants.postgresql_backend"
