"""A clinic's admin: Django's, under the clinic's name and for its admins."""

from typing import Any

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tenants.door import current_clinic_or_none


class StrictAdminSite(AdminSite):
    """Django's admin under our content security policy, but for the `style` attributes its scripts set."""

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Let style attributes pass on the admin's pages; scripts and style sheets stay our own."""
        return csp_update({"style-src-attr": [UNSAFE_INLINE]})(super().admin_view(view, cacheable))


class ClinicAdminSite(StrictAdminSite):
    """The site every `@admin.register` goes to."""

    index_title = _("Clinic")
    site_url = "/"

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """The clinic's name and colours over every page."""
        clinic = current_clinic_or_none()
        name = clinic.name if clinic else ""
        return {**super().each_context(request), "site_header": name, "site_title": name, "branded": True}
