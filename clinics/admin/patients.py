"""Patients."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from clinics.models import Patient
from tenants.accounts.audited_admin import ListsAudited, ReadsAudited, WritesAudited


@admin.register(Patient)
class PatientAdmin(WritesAudited, ReadsAudited, ListsAudited, admin.ModelAdmin[Patient]):
    """The people the clinic cares for."""

    list_display = ("last_name", "first_name", "date_of_birth", "phone", "user")
    list_display_links = ("last_name", "first_name")
    list_select_related = ("user",)
    search_fields = ("last_name", "first_name", "phone", "user__email", "insurance_number")
    autocomplete_fields = ("user",)
    fieldsets = (
        (None, {"fields": (("first_name", "last_name"), "date_of_birth", "phone", "address", "user")}),
        (_("Medical"), {"fields": ("allergies", "conditions", "medication")}),
        (_("In an emergency"), {"fields": ("emergency_contact_name", "emergency_contact_phone")}),
        (_("Insurance"), {"fields": ("insurance_provider", "insurance_number")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Patient | None = None) -> tuple[str, ...]:
        """Whose account it is, is for those to say who see the accounts."""
        return () if request.user.has_perm("accounts.view_user") else ("user",)

    def has_delete_permission(self, request: HttpRequest, obj: Patient | None = None) -> bool:
        """A patient's history is kept."""
        return False
