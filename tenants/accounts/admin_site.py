"""The admin site of a clinic."""

from typing import Any, cast

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import gettext_lazy as _

from tenants.accounts.attempt_limits import limited_sign_in
from tenants.accounts.audit.admin_mixins import AuditLists
from tenants.accounts.audit.services import AuditAction, audit_refused_sign_in, write_audit_entries
from tenants.accounts.errors import TooManyAttempts
from tenants.accounts.models import User
from tenants.accounts.one_sign_in import share_sign_in, take_over_sign_in
from tenants.accounts.passwords.pages import LimitedPasswordChangeView
from tenants.accounts.second_factor.pages import SecondFactorPages, has_passed_second_factor
from tenants.accounts.sessions.idle_middleware import (
    ACTIVITY_URL_NAME,
    SIGN_IN,
    record_admin_input,
    seconds_left,
)
from tenants.accounts.sessions.known_devices import known_device
from tenants.base.clock import now, time_zone_label
from tenants.base.requests import rate_limit_address
from tenants.current import current_clinic_or_none


class _LimitedSignInForm(AdminAuthenticationForm):
    """Django's sign-in form, with limits on attempts and entries in the audit log."""

    def clean(self) -> dict[str, Any]:
        """Check the password.

        :raises ValidationError: it does not match, or there were too many attempts
        """
        email = self.cleaned_data.get("username")
        if self.request is None or not email or not self.cleaned_data.get("password"):
            return super().clean()
        device = known_device(self.request, email=email)
        address = rate_limit_address(self.request)
        try:
            with limited_sign_in(email=email, address=address, device=device, now=now()) as attempt:
                cleaned = super().clean()
                attempt.user = self.get_user()
        except TooManyAttempts as error:
            audit_refused_sign_in(email=email)
            raise ValidationError(str(error.user_message), code=error.code) from error
        except ValidationError:
            audit_refused_sign_in(email=email)
            raise
        user = self.get_user()
        # With a second factor, the page for the code logs the sign-in.
        if isinstance(user, User) and has_passed_second_factor(user):
            write_audit_entries(what=AuditAction.SIGNED_IN, by=user, about=[user])
        return cleaned


class _AuditedAutocompleteView(AutocompleteJsonView):
    """The suggestions of an autocomplete field. They show records, so they are logged like a list."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the suggested rows, and log them."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if isinstance(self.model_admin, AuditLists):
            self.model_admin.audit_listed(self.request, context["object_list"])
        return context


def _idle_context(request: HttpRequest) -> dict[str, Any]:
    left, limit = seconds_left(request), getattr(request, "idle_limit", None)
    return {"idle_seconds_left": left, "idle_limit_seconds": limit and int(limit.total_seconds())}


class SecureAdminSite(SecondFactorPages, AdminSite):
    """Django's admin with our content security policy, plus the inline styles that its scripts set."""

    login_form = _LimitedSignInForm

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Allow inline `style` attributes on the admin's pages. Scripts and style sheets must be our own."""
        return csp_update({"style-src-attr": [UNSAFE_INLINE]})(super().admin_view(view, cacheable))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show and process the page for the password. A completed sign-in makes the device known."""
        response = super().login(request, extra_context)
        if request.method == "POST" and isinstance(request.user, User) and self.has_permission(request):
            self.signed_in(request, response, user=request.user)
        return response

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show and process the page on which users change their own password. This session goes on."""
        request.current_app = self.name  # read by Django's `url` tag
        view = LimitedPasswordChangeView.as_view(
            success_url=reverse("admin:password_change_done", current_app=self.name),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )
        response = cast(TemplateResponse, view(request))
        if isinstance(request.user, User) and isinstance(response, HttpResponseRedirect):
            self.signed_in(request, response, user=request.user)
        return response

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Return rows that match the text in an autocomplete field."""
        return cast(HttpResponse, _AuditedAutocompleteView.as_view(admin_site=self)(request))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Add the address at which the pages' script reports input."""
        activity = path("session-activity/", self.admin_view(self.activity_view), name=ACTIVITY_URL_NAME)
        return [activity, *super().get_urls()]

    def activity_view(self, request: HttpRequest) -> JsonResponse:
        """Return in how many seconds the session ends without input. POST reports input."""
        if request.method == "POST":
            record_admin_input(request)
        return JsonResponse({"seconds_left": seconds_left(request)})

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Add the label of the time zone in which pages show times, and when the session ends."""
        name = get_current_timezone_name()
        label = name if name == "UTC" else time_zone_label(name)
        return {**super().each_context(request), "zone_label": label, **_idle_context(request)}


class ClinicAdminSite(SecureAdminSite):
    """The admin site of a clinic. `@admin.register` registers pages here."""

    index_title = _("Clinic administration")
    site_url = "/portal"

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Take over the sign-in of the web app, or show and process the page for the password."""
        if (
            request.method == "GET"
            and not self.may_use_site(request.user)
            and take_over_sign_in(request, may_use=self.may_use_site)
            and self.has_permission(request)
        ):
            return redirect(self.next_url(request))
        return super().login(request, extra_context)

    def signed_in(self, request: HttpRequest, response: HttpResponse, *, user: User) -> None:
        """Make the device known, and sign in to the web app too."""
        super().signed_in(request, response, user=user)
        share_sign_in(request, response, user=user)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Add the clinic's name and colours to every page."""
        clinic = current_clinic_or_none()
        name = clinic.name if clinic else ""
        shared = isinstance(request.user, User) and SIGN_IN in request.session
        return {
            **super().each_context(request),
            "site_header": name,
            "site_title": name,
            "branded": True,
            "web_app_user": request.user.pk if shared else "",
        }
