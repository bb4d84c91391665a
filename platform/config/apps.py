"""App configurations: start-up of the installation, and Django Admin with the clinic's site."""

from datetime import UTC

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class Config(AppConfig):
    """The installation as a whole."""

    name = "config"

    def ready(self) -> None:
        """Register the OpenAPI extensions, and make the API return times in UTC.

        By default, DRF uses the active time zone, which is the clinic's.
        """
        from rest_framework.serializers import DateTimeField  # noqa: PLC0415

        from config import openapi  # noqa: F401, PLC0415

        DateTimeField.timezone = UTC


class ClinicAdminConfig(admin_apps.AdminConfig):
    """Makes the clinic's site the default of `@admin.register`. The console has a site of its own."""

    default = False
    default_site = "tenants.accounts.admin_site.ClinicAdminSite"
