"""Django's admin, made each clinic's own."""

from datetime import UTC

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class Config(AppConfig):
    """Management of the installation as a whole."""

    name = "config"

    def ready(self) -> None:
        """Let the OpenAPI document know our tokens, and every time go out in UTC, as the contract says.

        DRF would tell it by the active zone, which is the clinic's.
        """
        from rest_framework.serializers import DateTimeField  # noqa: PLC0415

        from config import openapi  # noqa: F401, PLC0415

        DateTimeField.timezone = UTC


class ClinicAdminConfig(admin_apps.AdminConfig):
    """`@admin.register` puts a model into the clinic's admin; the console has a site of its own."""

    default = False
    default_site = "tenants.accounts.sites.ClinicAdminSite"
