"""Specialties."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from clinics.models import Specialty
from tenants.accounts.audited_admin import WritesAudited


@admin.register(Specialty)
class SpecialtyAdmin(WritesAudited, admin.ModelAdmin[Specialty]):
    """What the clinic offers."""

    list_display = ("name", "code")
    search_fields = ("name", "code")

    def get_prepopulated_fields(self, request: HttpRequest, obj: Specialty | None = None) -> dict[str, Any]:
        """Only while it is new: a code stands in people's bookmarks."""
        return {} if obj else {"code": ("name",)}

    def get_readonly_fields(self, request: HttpRequest, obj: Specialty | None = None) -> tuple[str, ...]:
        """As above."""
        return ("code",) if obj else ()
