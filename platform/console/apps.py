"""The `console` app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsoleConfig(AppConfig):
    """The operators' console: it manages clinics and shows no patient data."""

    name = "console"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("New clinics")
