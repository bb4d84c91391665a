"""Patients in Django Admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinics.models import Care, Patient
from clinics.selectors import may_see_clinical
from clinics.services.patient_changes import record_patient_change
from tenants.accounts.audit.admin_mixins import AuditChanges, AuditLists, AuditViews, admin_user
from tenants.phone_numbers import format_phone


class CarersInline(admin.TabularInline[Care, Patient]):
    """The patient's carers, who can book for the patient."""

    model = Care
    fk_name = "dependant"
    fields = ("carer",)
    autocomplete_fields = ("carer",)
    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Patient | None = None) -> bool:
        """Allow users who may change patients."""
        return request.user.has_perm("clinics.change_patient")

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


class PatientAdmin(AuditChanges, AuditViews, AuditLists, admin.ModelAdmin[Patient]):
    """The clinic's patients, without their bookings. The scheduling app registers it."""

    list_display = ("last_name", "first_name", "date_of_birth", "readable_phone", "user")
    list_display_links = ("last_name", "first_name")
    list_select_related = ("user",)
    search_fields = ("last_name", "first_name", "phone__written", "user__email", "insurance_number")
    autocomplete_fields = ("user",)
    inlines = (CarersInline,)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("first_name", "last_name"),
                    "date_of_birth",
                    "phone",
                    "phone_problem",
                    "address",
                    "time_zone",
                    "user",
                )
            },
        ),
        (_("Medical"), {"fields": Patient.CLINICAL_FIELDS}),
        (_("Emergency contact"), {"fields": ("emergency_contact_name", "emergency_contact_phone")}),
        (_("Insurance"), {"fields": ("insurance_provider", "insurance_number")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Patient | None = None) -> Any:
        """Leave out the medical details unless the clinic lets the front desk see them."""
        by = admin_user(request)
        if by and may_see_clinical(by):
            return self.fieldsets
        return [row for row in self.fieldsets if row[1]["fields"] != Patient.CLINICAL_FIELDS]

    def save_model(self, request: HttpRequest, obj: Patient, form: Any, change: bool) -> None:
        """Store the patient and record the change."""
        super().save_model(request, obj, form, change)
        record_patient_change(obj)

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """Refuse to filter by medical details, which would reveal them."""
        is_clinical = lookup.startswith(Patient.CLINICAL_FIELDS)
        return not is_clinical and super().lookup_allowed(lookup, value, request)

    def get_inlines(self, request: HttpRequest, obj: Patient | None) -> Any:
        """Show carers of existing patients only."""
        return self.inlines if obj else ()

    def get_readonly_fields(self, request: HttpRequest, obj: Patient | None = None) -> tuple[str, ...]:
        """Make the account read-only for staff who may not view users."""
        return (
            ("phone_problem",) if request.user.has_perm("accounts.view_user") else ("phone_problem", "user")
        )

    @admin.display(description=_("telephone"), ordering="phone")
    def readable_phone(self, patient: Patient) -> str:
        """Return the number as people read it, marked if it cannot be used."""
        number = format_phone(patient.phone)
        return gettext("%(number)s (check it)") % {"number": number} if patient.phone_problem else number

    @admin.display(description=_("note about the telephone"))
    def phone_problem(self, patient: Patient) -> str:
        """Return what is wrong with the number."""
        return patient.phone_problem

    def has_change_permission(self, request: HttpRequest, obj: Patient | None = None) -> bool:
        """Forbid changing an erased patient: a page opened before would store the erased details again."""
        return (obj is None or obj.erased_at is None) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Patient | None = None) -> bool:
        """Forbid deleting: bookings refer to the patient."""
        return False
