"""The `clinics` app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClinicsConfig(AppConfig):
    """A clinic's people and settings."""

    name = "clinics"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("People and settings")

    def ready(self) -> None:
        """Register the rule that decides which users need two-step sign-in with the accounts app."""
        from clinics.selectors import requires_second_factor  # noqa: PLC0415  models are loaded now
        from tenants.accounts.second_factor.challenge import second_factor_rule  # noqa: PLC0415

        second_factor_rule(requires_second_factor)
