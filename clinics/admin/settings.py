"""The clinic's settings in Django Admin: a single page instead of a list with one row."""

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.forms import (
    CharField,
    CheckboxSelectMultiple,
    ChoiceField,
    ModelForm,
    MultipleChoiceField,
    TextInput,
)
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from clinics.admin.check_in_sign import check_in_sign
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
from tenants.base.locales import Language, Locale
from tenants.current import current_clinic
from tenants.services.lifecycle import change_locale, change_patient_languages

_TWO_STEP_SIGN_IN = {
    "second_factor_for_doctors": (User.Role.DOCTOR,),
    "second_factor_for_desk": (User.Role.ADMIN, User.Role.RECEPTIONIST),
}
"""The roles for which each setting requires two-step sign-in."""
_PATIENT_LANGUAGES = {"patient_languages", "default_language"}
_IN_PUBLIC = {"locale", *_PATIENT_LANGUAGES}
"""The settings that are stored in the public schema."""
_SLOT_SETTINGS = {"horizon_days", "booking_notice_minutes", "holiday_country", "holiday_region"}
"""The settings that decide which slots exist or are open."""


class SettingsForm(ModelForm[ClinicSettings]):
    """The clinic's settings, with its locale and languages, which are stored in the public schema."""

    locale = ChoiceField(
        label=_("Region"),
        choices=Locale.choices,
        help_text=_("How dates are written and words are spelled on pages and in emails."),
    )
    patient_languages = MultipleChoiceField(
        label=_("Languages for patients"),
        choices=Language.choices,
        widget=CheckboxSelectMultiple,
        help_text=_(
            "Patients can choose between these for pages and messages. Texts that you write yourself, such as"
            " the names of visit types, are shown as you wrote them. Staff pages are in English."
        ),
    )
    default_language = ChoiceField(
        label=_("Default language"),
        choices=Language.choices,
        help_text=_(
            "For patients who have not chosen a language, and whose browser asks for none of the clinic's."
        ),
    )
    primary_color = CharField(label=_("Main colour"), widget=TextInput(attrs={"type": "color"}))
    accent_color = CharField(label=_("Second colour"), widget=TextInput(attrs={"type": "color"}))

    class Meta:
        model = ClinicSettings
        fields = ("phone", "email", "address", "languages", "primary_color", "accent_color")
        error_messages: ClassVar[dict[str, Any]] = {"languages": LANGUAGE_ERRORS}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in _IN_PUBLIC:
            self.fields[name].initial = getattr(current_clinic(), name)

    def clean(self) -> dict[str, Any]:
        """Check that patients can choose the default language.

        :raises ValidationError: they cannot
        """
        cleaned = super().clean() or {}
        languages, default = cleaned.get("patient_languages", []), cleaned.get("default_language")
        if languages and default and default not in languages:
            self.add_error("default_language", _("Choose one of the languages that patients can choose."))
        return cleaned


@admin.register(ClinicSettings)
class ClinicSettingsAdmin(SingleRow, DomainsPage, AuditChanges, admin.ModelAdmin[ClinicSettings]):
    """Contact details, colours and booking rules."""

    audit_values = True
    form = SettingsForm
    change_form_template = "clinics/settings_form.html"
    fieldsets = (
        (_("Contact details"), {"fields": ("phone", "email", "address")}),
        (_("Languages"), {"fields": ("locale", "patient_languages", "default_language", "languages")}),
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
        (_("Arrival"), {"fields": ("online_check_in",)}),
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
        sign = self.admin_site.admin_view(self.check_in_sign_view)
        return [
            path("domains/", domains, name="clinics_clinicsettings_domains"),
            path("check-in-sign/", sign, name="clinics_clinicsettings_check_in_sign"),
            *super().get_urls(),
        ]

    def domains_view(self, request: HttpRequest) -> HttpResponse:
        """Show this clinic's domains to users who may change the settings."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        return self.domains_page(request, current_clinic())

    def check_in_sign_view(self, request: HttpRequest) -> HttpResponse:
        """Show the sign for the door to users who may change the settings."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        return check_in_sign(request, self.admin_site)

    def save_model(
        self, request: HttpRequest, obj: ClinicSettings, form: ModelForm[ClinicSettings], change: bool
    ) -> None:
        """Save the settings. Regenerate slots, end sessions or email patients if they require it."""
        super().save_model(request, obj, form, change)
        if "locale" in form.changed_data:
            change_locale(clinic=current_clinic(), locale=form.cleaned_data["locale"])
        if _PATIENT_LANGUAGES.intersection(form.changed_data):
            change_patient_languages(
                clinic=current_clinic(),
                languages=form.cleaned_data["patient_languages"],
                default=form.cleaned_data["default_language"],
            )
        if "address" in form.changed_data:
            announce_details_change(None, by=admin_user(request))
        if _SLOT_SETTINGS.intersection(form.changed_data):
            on_booking_rules_changed()
        for setting, roles in _TWO_STEP_SIGN_IN.items():
            if setting in form.changed_data and getattr(obj, setting):
                end_sessions_without_second_factor(roles=roles, by=admin_user(request))
