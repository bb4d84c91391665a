"""The `scheduling` app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchedulingConfig(AppConfig):
    """Working hours, slots, bookings, the waiting list and time off."""

    name = "scheduling"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Schedule")

    def ready(self) -> None:
        """Register queue handlers and what other apps call: public data, changed times, rules about roles.

        The audit log learns how to name the records of the schedule.
        """
        from clinics.home_selectors import register_places  # noqa: PLC0415  models are loaded only now
        from clinics.public_cache import watch  # noqa: PLC0415
        from clinics.selectors import register_visit_types  # noqa: PLC0415
        from clinics.services.booking_rules import register_rules_change_handler  # noqa: PLC0415
        from clinics.services.shown_details import register_details_change_handler  # noqa: PLC0415
        from scheduling import tasks  # noqa: F401, PLC0415
        from scheduling.availability.changed_times import (  # noqa: PLC0415
            any_time_of,
            register_time_change_handler,
        )
        from scheduling.availability.next_open_slot import on_rules_changed  # noqa: PLC0415
        from scheduling.bookings.doctor_role import keep_doctors_with_bookings  # noqa: PLC0415
        from scheduling.bookings.newcomer_cookie import (  # noqa: PLC0415
            extend_hold_for_code,
            move_hold_after_sign_in,
        )
        from scheduling.models import Place, VisitType  # noqa: PLC0415
        from scheduling.patients import audit_records  # noqa: F401, PLC0415
        from scheduling.visit_types.details_changed import (  # noqa: PLC0415
            record_address_changed,
            record_doctor_renamed,
        )
        from scheduling.visit_types.selectors import offered_visit_types, places_in_use  # noqa: PLC0415
        from scheduling.waitlist.offer_open_times import act_on_changes  # noqa: PLC0415
        from tenants.accounts.access_rules import access_rule  # noqa: PLC0415
        from tenants.accounts.email_code.browser import after_code_request  # noqa: PLC0415
        from tenants.accounts.sessions.after_sign_in import after_sign_in  # noqa: PLC0415

        access_rule(keep_doctors_with_bookings)
        after_sign_in(move_hold_after_sign_in)
        after_code_request(extend_hold_for_code)
        register_visit_types(offered_visit_types)
        register_places(places_in_use)
        watch(Place, VisitType)
        register_time_change_handler(act_on_changes)
        register_details_change_handler(
            lambda doctor, by, now: (
                record_doctor_renamed(doctor=doctor, by=by, now=now)
                if doctor
                else record_address_changed(place=None, by=by, now=now)
            )
        )
        register_rules_change_handler(
            lambda doctor, now: on_rules_changed(any_time_of(doctor, now=now), now=now)
        )
