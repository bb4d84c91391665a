"""The product's settings on django-tenants' own database backend: the control of the isolation drill."""

from config.settings import *  # noqa: F403
from config.settings import DATABASES

DATABASES["default"]["ENGINE"] = "django_tenants.postgresql_backend"
