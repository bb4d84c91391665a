"""A clinic's admin: Django's, under the clinic's name and for its admins."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tenants.door import current_clinic_or_none


class ClinicAdminSite(AdminSite):
    """The site every `@admin.register` goes to."""

    index_title = _("Clinic")
    site_url = "/"

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """The clinic's name over every page."""
        clinic = current_clinic_or_none()
        name = clinic.name if clinic else ""
        return {**super().each_context(request), "site_header": name, "site_title": name}
