"""The clinic's settings in Django Admin: a single page instead of a list with one row."""

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.forms import CharField, ChoiceField, ModelForm, TextInput
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from clinics.admin.domains import DomainsPage
from clinics.admin.languages import LANGUAGE_ERRORS
from clinics.admin.reminder_offsets import clinic_offsets_field
from clinics.models import ClinicSettings
from clinics.services.booking_rules import on_booking_rules_changed
from clinics.services.shown_details import announce_details_change
from tenants.accounts.audit.admin_mixins import AuditChanges, admin_user
from tenants.accounts.models import User
from tenants.accounts.second_factor.enrolment import end_sessions_without_second_factor
from tenants.base.admin import SingleRow
from tenants.base.locales import Locale
from tenants.current import current_clinic
from tenants.services.lifecycle import change_locale

_TWO_STEP_SIGN_IN = {
    "second_factor_for_doctors": (User.Role.DOCTOR,),
    "second_factor_for_desk": (User.Role.ADMIN, User.Role.RECEPTIONIST),
}
"""The roles for which each setting requires two-step sign-in."""
_SLOT_SETTINGS = {"horizon_days", "booking_notice_minutes", "holiday_country", "holiday_region"}
"""The settings that decide which slots exist or are open."""


class SettingsForm(ModelForm[ClinicSettings]):
    """The clinic's settings, with its locale, which is stored in the public schema."""

    locale = ChoiceField(
        label=_("Language and date format"),
        choices=Locale.choices,
        help_text=_("How dates are written and words are spelled on pages and in emails."),
    )
    primary_color = CharField(label=_("Main colour"), widget=TextInput(attrs={"type": "color"}))
    accent_color = CharField(label=_("Second colour"), widget=TextInput(attrs={"type": "color"}))

    class Meta:
        model = ClinicSettings
        fields = ("phone", "email", "address", "languages", "primary_color", "accent_color")
        error_messages: ClassVar[dict[str, Any]] = {"languages": LANGUAGE_ERRORS}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["locale"].initial = current_clinic().locale


@admin.register(ClinicSettings)
class ClinicSettingsAdmin(SingleRow, DomainsPage, AuditChanges, admin.ModelAdmin[ClinicSettings]):
    """Contact details, colours and booking rules."""

    audit_values = True
    form = SettingsForm
    change_form_template = "clinics/settings_form.html"
    fieldsets = (
        (_("Contact details"), {"fields": ("phone", "email", "address")}),
        (_("Languages"), {"fields": ("locale", "languages")}),
        (_("Colours"), {"fields": ("primary_color", "accent_color")}),
        (
            _("Booking rules"),
            {
                "fields": (
                    "horizon_days",
                    "slot_minutes",
                    "booking_notice_minutes",
                    "reschedule_notice_minutes",
                    "cancellation_notice_minutes",
                    "upcoming_limit",
                    "unconfirmed_limit",
                    "ask_date_of_birth",
                    "no_show_limit",
                )
            },
        ),
        (
            _("Holds and waiting list offers"),
            {"fields": ("hold_minutes", "offer_minutes")},
        ),
        (_("Messages"), {"fields": ("reminder_minutes", ("quiet_from", "quiet_until"))}),
        (_("Public holidays"), {"fields": (("holiday_country", "holiday_region"),)}),
        (_("Privacy"), {"fields": ("desk_sees_clinical",)}),
        (_("Two-step sign-in"), {"fields": tuple(_TWO_STEP_SIGN_IN)}),
        (_("Staff sessions"), {"fields": ("staff_idle_minutes",)}),
    )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Let staff enter when reminders are sent as numbers with units."""
        if db_field.name == "reminder_minutes":
            return clinic_offsets_field()
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        """Add the page for the clinic's domains."""
        domains = self.admin_site.admin_view(self.domains_view)
        return [path("domains/", domains, name="clinics_clinicsettings_domains"), *super().get_urls()]

    def domains_view(self, request: HttpRequest) -> HttpResponse:
        """Show this clinic's domains to users who may change the settings."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        return self.domains_page(request, current_clinic())

    def save_model(
        self, request: HttpRequest, obj: ClinicSettings, form: ModelForm[ClinicSettings], change: bool
    ) -> None:
        """Save the settings. Regenerate slots, end sessions or email patients if they require it."""
        super().save_model(request, obj, form, change)
        if "locale" in form.changed_data:
            change_locale(clinic=current_clinic(), locale=form.cleaned_data["locale"])
        if "address" in form.changed_data:
            announce_details_change(None, by=admin_user(request))
        if _SLOT_SETTINGS.intersection(form.changed_data):
            on_booking_rules_changed()
        for setting, roles in _TWO_STEP_SIGN_IN.items():
            if setting in form.changed_data and getattr(obj, setting):
                end_sessions_without_second_factor(roles=roles, by=admin_user(request))
