"""A clinic's admin: Django's, under the clinic's name and for its admins."""

from collections.abc import Callable
from typing import Any

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from tenants.door import current_clinic_or_none

View = Callable[..., HttpResponse]


class StrictAdminSite(AdminSite):
    """Django's admin under our content security policy: its scripts set `style` attributes, and nothing else."""

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Let style attributes pass on the admin's pages; scripts and style sheets stay our own."""
        wrapped: View = csp_update({"style-src-attr": [UNSAFE_INLINE]})(super().admin_view(view, cacheable))
        return wrapped


class ClinicAdminSite(StrictAdminSite):
    """The site every `@admin.register` goes to."""

    index_title = _("Clinic")
    site_url = "/"

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """The clinic's name and colours over every page."""
        clinic = current_clinic_or_none()
        name = clinic.name if clinic else ""
        return {**super().each_context(request), "site_header": name, "site_title": name, "branded": True}
