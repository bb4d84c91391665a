"""The `clinics` app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClinicsConfig(AppConfig):
    """A clinic's people and settings."""

    name = "clinics"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("People and settings")

    def ready(self) -> None:
        """Register rules with the accounts app: who needs two-step sign-in, and what a new role needs."""
        from clinics.selectors import requires_second_factor  # noqa: PLC0415  models are loaded now
        from clinics.services.staff import prepare_doctor_record  # noqa: PLC0415
        from tenants.accounts.access_rules import access_rule  # noqa: PLC0415
        from tenants.accounts.second_factor.challenge import second_factor_rule  # noqa: PLC0415

        second_factor_rule(requires_second_factor)
        access_rule(prepare_doctor_record)
