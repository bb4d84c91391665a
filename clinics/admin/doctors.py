"""The admin page of a doctor, to which the scheduling app adds the working hours."""

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from clinics.models import Doctor
from clinics.services.shown_details import announce_details_change
from tenants.accounts.audit.admin_mixins import admin_user


class DoctorAdmin(admin.ModelAdmin[Doctor]):
    """Doctors, without their working hours."""

    list_display = ("full_name", "specialty_names", "accepting_new_patients", "is_active", "user")
    list_filter = ("is_active", "accepting_new_patients", "specialties")
    list_select_related = ("user",)
    search_fields = ("name", "title", "licence_number", "user__email")
    autocomplete_fields = ("user", "specialties")
    fieldsets = (
        (None, {"fields": ("title", "name", "specialties", "is_active", "accepting_new_patients", "user")}),
        (
            _("Shown to patients"),
            {"fields": ("qualification", "bio", "languages", "sex", "years_of_experience")},
        ),
        (_("For staff only"), {"fields": ("licence_number",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Doctor]:
        """Prefetch the specialties that the list shows."""
        return super().get_queryset(request).prefetch_related("specialties")

    def save_model(self, request: HttpRequest, obj: Doctor, form: ModelForm[Doctor], change: bool) -> None:
        """Save. Patients with upcoming visits are emailed a doctor's new name."""
        super().save_model(request, obj, form, change)
        if change and {"title", "name"} & {*form.changed_data}:
            announce_details_change(obj, by=admin_user(request))

    @admin.display(description=_("name"), ordering="name")
    def full_name(self, doctor: Doctor) -> str:
        """Return title and name."""
        return doctor.display_name

    @admin.display(description=_("specialties"))
    def specialty_names(self, doctor: Doctor) -> str:
        """Return the names of the specialties."""
        return ", ".join(specialty.name for specialty in doctor.specialties.all())

    def has_delete_permission(self, request: HttpRequest, obj: Doctor | None = None) -> bool:
        """Forbid deleting: a doctor who leaves can no longer be booked, and the history stays."""
        return False
