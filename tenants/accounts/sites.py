"""The admin site of a clinic: Django Admin with the clinic's name, for the clinic's staff."""

from typing import Any, cast

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import gettext_lazy as _

from tenants.accounts.audit import What, record, record_refused_sign_in
from tenants.accounts.audited_admin import ListsAudited
from tenants.accounts.errors import TooManyTries
from tenants.accounts.limits import limited_password_check
from tenants.accounts.models import User
from tenants.accounts.second_factor_pages import SecondFactorPages, has_proven_it
from tenants.base.clock import now, zone_label
from tenants.base.requests import client_address
from tenants.door import current_clinic_or_none


class CheckedSignIn(AdminAuthenticationForm):
    """Django's sign-in form with the limits on attempts and the audit log of the API's sign-in."""

    def clean(self) -> dict[str, Any]:
        """Check the password.

        :raises ValidationError: it does not match, or there were too many attempts
        """
        email = self.cleaned_data.get("username")
        if self.request is None or not email or not self.cleaned_data.get("password"):
            return super().clean()
        try:
            with limited_password_check(email=email, address=client_address(self.request), now=now()):
                cleaned = super().clean()
        except TooManyTries as refused:
            record_refused_sign_in(email=email)
            raise ValidationError(refused.message, code=refused.code) from refused
        except ValidationError:
            record_refused_sign_in(email=email)
            raise
        user = self.get_user()
        # With two-step sign-in, the page for the code records the sign-in.
        if isinstance(user, User) and has_proven_it(user):
            record(what=What.SIGNED_IN, by=user, about=[user])
        return cleaned


class AuditedSuggestions(AutocompleteJsonView):
    """The suggestions of an autocomplete field, recorded in the audit log like a list."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the suggested rows."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if isinstance(self.model_admin, ListsAudited):
            self.model_admin.record_shown(self.request, context["object_list"])
        return context


class StrictAdminSite(SecondFactorPages, AdminSite):
    """Django Admin under our content security policy; only `style` attributes are allowed in addition."""

    login_form = CheckedSignIn

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Allow the style attributes that Django Admin's scripts set."""
        return csp_update({"style-src-attr": [UNSAFE_INLINE]})(super().admin_view(view, cacheable))

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Return the suggestions of an autocomplete field."""
        return cast(HttpResponse, AuditedSuggestions.as_view(admin_site=self)(request))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Add the label of the time zone in which pages show times."""
        name = get_current_timezone_name()
        zone = name if name == "UTC" else zone_label(name)
        return {**super().each_context(request), "zone_label": zone}


class ClinicAdminSite(StrictAdminSite):
    """The default site: `@admin.register` adds models here."""

    index_title = _("Clinic administration")
    site_url = "/"

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Add the clinic's name and colours."""
        clinic = current_clinic_or_none()
        name = clinic.name if clinic else ""
        return {**super().each_context(request), "site_header": name, "site_title": name, "branded": True}
