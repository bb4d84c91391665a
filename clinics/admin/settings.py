"""The clinic's settings: one page, not a list of one."""

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.forms import CharField, ModelForm, TextInput
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from clinics.admin.domains import KeepsDomains
from clinics.admin.languages import LANGUAGES_REFUSED
from clinics.models import ClinicSettings
from clinics.services.rules import booking_rules_changed
from tenants.accounts.audited_admin import WritesAudited, staff_of
from tenants.accounts.enrolment import end_sessions_without_second_factor
from tenants.accounts.models import User
from tenants.door import current_clinic

DEMANDS = {
    "second_factor_for_doctors": (User.Role.DOCTOR,),
    "second_factor_for_desk": (User.Role.ADMIN, User.Role.RECEPTIONIST),
}
"""Of whom each setting demands a second step."""
SLOTS_FOLLOW = {"horizon_days", "booking_notice_minutes", "holiday_country", "holiday_region"}
"""What decides which times are open."""


class SettingsForm(ModelForm[ClinicSettings]):
    """Colours are picked, not spelled."""

    primary_color = CharField(label=_("Main colour"), widget=TextInput(attrs={"type": "color"}))
    accent_color = CharField(label=_("Second colour"), widget=TextInput(attrs={"type": "color"}))

    class Meta:
        model = ClinicSettings
        fields = ("phone", "email", "address", "languages", "primary_color", "accent_color")
        error_messages: ClassVar[dict[str, Any]] = {"languages": LANGUAGES_REFUSED}


@admin.register(ClinicSettings)
class ClinicSettingsAdmin(KeepsDomains, WritesAudited, admin.ModelAdmin[ClinicSettings]):
    """Contact, colours, booking rules."""

    form = SettingsForm
    change_form_template = "clinics/settings_form.html"
    fieldsets = (
        (_("Contact"), {"fields": ("phone", "email", "address", "languages")}),
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
                    "no_show_limit",
                )
            },
        ),
        (
            _("Holding and offering times"),
            {"fields": ("hold_minutes", "offer_minutes", ("quiet_from", "quiet_until"))},
        ),
        (_("Holidays"), {"fields": (("holiday_country", "holiday_region"),)}),
        (_("Signing in"), {"fields": tuple(DEMANDS)}),
    )

    def get_urls(self) -> list[URLPattern]:
        """The page of domains beside that of settings."""
        domains = self.admin_site.admin_view(self.domains_view)
        return [path("domains/", domains, name="clinics_clinicsettings_domains"), *super().get_urls()]

    def domains_view(self, request: HttpRequest) -> HttpResponse:
        """This clinic's own domains, for those who may change its settings."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        return self.domains_page(request, current_clinic())

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one already."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ClinicSettings | None = None) -> bool:
        """A clinic is never without."""
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Straight to the page."""
        return redirect(reverse("admin:clinics_clinicsettings_change", args=[1]))

    def save_model(
        self, request: HttpRequest, obj: ClinicSettings, form: ModelForm[ClinicSettings], change: bool
    ) -> None:
        """Store. Slots follow the rules; a new demand ends sessions that do not meet it."""
        super().save_model(request, obj, form, change)
        if SLOTS_FOLLOW.intersection(form.changed_data):
            booking_rules_changed()
        for demand, roles in DEMANDS.items():
            if demand in form.changed_data and getattr(obj, demand):
                end_sessions_without_second_factor(roles=roles, by=staff_of(request))
