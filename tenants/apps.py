"""The `tenants` app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TenantsConfig(AppConfig):
    """Whose data this is and who is asking."""

    name = "tenants"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("clinics of this installation")
