"""The `scheduling` app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchedulingConfig(AppConfig):
    """Working hours, slots, bookings, the waiting list and time off."""

    name = "scheduling"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Schedule")

    def ready(self) -> None:
        """Register the queue handlers, the visit types of the public data, and a rule about roles.

        The audit log learns how to name the records of the schedule.
        """
        from clinics.selectors import register_visit_types  # noqa: PLC0415  models are loaded only now
        from scheduling import tasks  # noqa: F401, PLC0415
        from scheduling.bookings.doctor_role import keep_doctors_with_bookings  # noqa: PLC0415
        from scheduling.patients import audit_records  # noqa: F401, PLC0415
        from scheduling.visit_types.selectors import offered_visit_types  # noqa: PLC0415
        from tenants.accounts.access_rules import access_rule  # noqa: PLC0415

        access_rule(keep_doctors_with_bookings)
        register_visit_types(offered_visit_types)
