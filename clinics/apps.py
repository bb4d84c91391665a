"""The `clinics` app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClinicsConfig(AppConfig):
    """A clinic's people and settings."""

    name = "clinics"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("People and settings")

    def ready(self) -> None:
        """Register rules about accounts, queue handlers, and the rows behind the cache of public pages."""
        from clinics import audit_records, tasks  # noqa: F401, PLC0415
        from clinics.models import (  # noqa: PLC0415  models are loaded now
            ClinicSettings,
            Doctor,
            HomePage,
            OpeningHours,
            Specialty,
        )
        from clinics.public_cache import watch, watch_relation  # noqa: PLC0415
        from clinics.selectors import requires_second_factor, staff_idle_time  # noqa: PLC0415
        from clinics.services.staff import prepare_doctor_record, prepare_patient_record  # noqa: PLC0415
        from tenants.accounts.access_rules import access_rule  # noqa: PLC0415
        from tenants.accounts.second_factor.challenge import second_factor_rule  # noqa: PLC0415
        from tenants.accounts.sessions.idle import staff_idle_limit  # noqa: PLC0415

        watch(ClinicSettings, Doctor, HomePage, OpeningHours, Specialty)
        watch_relation(Doctor.specialties.through)
        staff_idle_limit(staff_idle_time)
        second_factor_rule(requires_second_factor)
        access_rule(prepare_doctor_record)
        access_rule(prepare_patient_record)
