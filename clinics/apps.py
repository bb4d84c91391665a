"""The `clinics` app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClinicsConfig(AppConfig):
    """A clinic's people and settings."""

    name = "clinics"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("people and settings")
