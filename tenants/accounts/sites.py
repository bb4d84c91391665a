"""A clinic's admin: Django's, under the clinic's name and for its admins."""

from typing import Any

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tenants.accounts.audit import What, record, record_refused_sign_in
from tenants.accounts.models import User
from tenants.door import current_clinic_or_none


class RecordedSignIn(AdminAuthenticationForm):
    """Signing in to an admin; either way it is in the audit log."""

    def clean(self) -> dict[str, Any]:
        """Check the two, and write down what came of it."""
        try:
            cleaned = super().clean()
        except ValidationError:
            record_refused_sign_in(email=self.cleaned_data.get("username", ""))
            raise
        user = self.get_user()
        if isinstance(user, User):
            record(what=What.SIGNED_IN, by=user, about=[user])
        return cleaned


class StrictAdminSite(AdminSite):
    """Django's admin under our content security policy, but for the `style` attributes its scripts set."""

    login_form = RecordedSignIn

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
