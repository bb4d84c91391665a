"""Doctors, without their schedule, which the schedule's own admin adds."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from clinics.models import Doctor


class DoctorAdmin(admin.ModelAdmin[Doctor]):
    """Who can be booked."""

    list_display = ("display_name", "practises", "accepting_new_patients", "is_active", "user")
    list_filter = ("is_active", "accepting_new_patients", "specialties")
    list_select_related = ("user",)
    search_fields = ("name", "title", "licence_number", "user__email")
    autocomplete_fields = ("user", "specialties")
    fieldsets = (
        (None, {"fields": ("title", "name", "specialties", "is_active", "accepting_new_patients", "user")}),
        (_("For patients to read"), {"fields": ("bio", "languages", "years_of_experience")}),
        (_("For the clinic"), {"fields": ("licence_number",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Doctor]:
        """With what the list shows of each."""
        return super().get_queryset(request).prefetch_related("specialties")

    @admin.display(description=_("practises"))
    def practises(self, doctor: Doctor) -> str:
        """The specialties by name."""
        return ", ".join(specialty.name for specialty in doctor.specialties.all())

    def has_delete_permission(self, request: HttpRequest, obj: Doctor | None = None) -> bool:
        """A doctor who leaves takes no more bookings; the history stays."""
        return False
