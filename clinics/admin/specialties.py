"""Specialties in Django Admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from clinics.models import Specialty
from tenants.accounts.audit.admin_mixins import AuditChanges


@admin.register(Specialty)
class SpecialtyAdmin(AuditChanges, admin.ModelAdmin[Specialty]):
    """The specialties of the clinic."""

    audit_values = True
    list_display = ("name", "code")
    search_fields = ("name", "code")

    def get_prepopulated_fields(self, request: HttpRequest, obj: Specialty | None = None) -> dict[str, Any]:
        """Fill in the code of a new specialty. An existing code is part of URLs and does not change."""
        return {} if obj else {"code": ("name",)}

    def get_readonly_fields(self, request: HttpRequest, obj: Specialty | None = None) -> tuple[str, ...]:
        """Make the code of an existing specialty read-only."""
        return ("code",) if obj else ()
