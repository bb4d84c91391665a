"""The pages for two-step sign-in in the clinic admin and the console."""

from typing import TYPE_CHECKING, Any

import django_otp
from django import forms
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django_otp.models import Device

from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User
from tenants.accounts.second_factor.challenge import (
    check_code,
    confirmed_authenticator,
    is_second_factor_required,
)
from tenants.accounts.second_factor.enrolment import (
    begin_enrolment,
    confirm_enrolment,
    count_recovery_codes,
    renew_recovery_codes,
    switch_off,
)
from tenants.accounts.second_factor.qr import otpauth_uri, qr_svg
from tenants.accounts.sessions.known_devices import remember_device
from tenants.base.clock import now
from tenants.base.errors import DomainError
from tenants.base.forms import add_service_errors
from tenants.base.requests import rate_limit_address

if TYPE_CHECKING:
    _Base = AdminSite
else:
    _Base = object


class _CodeForm(forms.Form):
    """A form for a code."""

    code = forms.CharField(
        label=_("Code"), max_length=32, widget=forms.TextInput(attrs={"autocomplete": "one-time-code"})
    )


class _ProofForm(_CodeForm):
    """A form for password and code, to confirm a change."""

    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("password", "code")


class SecondFactorPages(_Base):
    """An admin site that requires the second factor from users who have one or need one."""

    def may_use_site(self, user: Any) -> bool:
        """Return whether `user` may use this site at all."""
        return isinstance(user, User) and user.is_active and user.is_staff

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may use this site and has completed all steps of sign-in."""
        return self.may_use_site(request.user) and has_passed_second_factor(request.user)

    def signed_in(self, request: HttpRequest, response: HttpResponse, *, user: User) -> None:
        """Store in the browser that all steps of a sign-in are completed: the device becomes known."""
        remember_device(request, response, user=user)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Add the pages for the second factor. Two of them are open after the password alone."""
        password_only = [
            path("second-factor/code/", never_cache(self.code_page), name="second-factor-code"),
            path("second-factor/set-up/", never_cache(self.set_up_page), name="second-factor-set-up"),
        ]
        manage = path("second-factor/", self.admin_view(self.manage_page), name="second-factor")
        return [*password_only, manage, *super().get_urls()]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the password page, or redirect to the code page if the password has been entered."""
        if request.method == "GET" and self.may_use_site(request.user) and not self.has_permission(request):
            return redirect(f"{self._url('second-factor-code')}?{_next_query(request)}")
        return super().login(request, extra_context)

    def code_page(self, request: HttpRequest) -> HttpResponse:
        """Show and process the form for the code."""
        user = request.user
        if "leave" in request.POST:
            logout(request)
        if not isinstance(user, User) or not self.may_use_site(request.user):
            return redirect(self._url("login"))
        if self.has_permission(request):
            return redirect(self.next_url(request))
        if confirmed_authenticator(user) is None:
            return redirect(f"{self._url('second-factor-set-up')}?{_next_query(request)}")
        form = _CodeForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                device = check_code(
                    user=user, code=form.cleaned_data["code"], address=rate_limit_address(request), now=now()
                )
            except DomainError as error:
                add_service_errors(form, error)
            else:
                write_audit_entries(what=AuditAction.SIGNED_IN, by=user, about=[user])
                _store_in_session(request, device)
                response = redirect(self.next_url(request))
                self.signed_in(request, response, user=user)
                return response
        return self._page(request, "code", _("Enter your code"), form=form)

    def set_up_page(self, request: HttpRequest) -> HttpResponse:
        """Set up an authenticator app and show the recovery codes."""
        user = request.user
        if not isinstance(user, User) or not self.may_use_site(request.user):
            return redirect(self._url("login"))
        if confirmed_authenticator(user) is not None:
            return redirect(self._url("second-factor"))
        device, form = begin_enrolment(user=user), _CodeForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            was_signing_in = not self.has_permission(request)
            try:
                codes = confirm_enrolment(
                    user=user, code=form.cleaned_data["code"], address=rate_limit_address(request), now=now()
                )
            except DomainError as error:
                add_service_errors(form, error)
            else:
                if was_signing_in:
                    write_audit_entries(what=AuditAction.SIGNED_IN, by=user, about=[user])
                # All sessions of the user have ended. Renew this one.
                update_session_auth_hash(request, user)
                _store_in_session(request, confirmed_authenticator(user))
                response = self._show_codes(request, codes)
                self.signed_in(request, response, user=user)
                return response
        address = otpauth_uri(device)
        picture = mark_safe(qr_svg(address))  # noqa: S308  generated here: only paths and numbers
        title = _("Set up two-step sign-in")
        context = {"picture": picture, "key": device.secret, "demanded": is_second_factor_required(user)}
        return self._page(request, "set_up", title, form=form, **context)

    def manage_page(self, request: HttpRequest) -> HttpResponse:
        """Show the user's own second factor; create recovery codes or switch it off."""
        user = request.user
        assert isinstance(user, User)  # noqa: S101  guaranteed by `admin_view`
        form = _ProofForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            proof = {**form.cleaned_data, "user": user, "address": rate_limit_address(request), "now": now()}
            try:
                if "switch_off" in request.POST:
                    switch_off(**proof)
                    return redirect(self._url("second-factor"))
                return self._show_codes(request, renew_recovery_codes(**proof))
            except DomainError as error:
                add_service_errors(form, error)
        context = {
            "is_on": confirmed_authenticator(user) is not None,
            "demanded": is_second_factor_required(user),
            "left": count_recovery_codes(user),
        }
        return self._page(request, "manage", _("Two-step sign-in"), form=form, **context)

    def _show_codes(self, request: HttpRequest, codes: list[str]) -> HttpResponse:
        next_url = self.next_url(request)
        return self._page(request, "codes", _("Save your recovery codes"), codes=codes, next_url=next_url)

    def _page(self, request: HttpRequest, name: str, title: Any, **context: Any) -> HttpResponse:
        request.current_app = self.name
        full_context = {**self.each_context(request), "title": title, **context}
        return TemplateResponse(request, f"accounts/second_factor_{name}.html", full_context)

    def _url(self, name: str) -> str:
        return reverse(f"admin:{name}", current_app=self.name)

    def next_url(self, request: HttpRequest) -> str:
        target = request.GET.get(REDIRECT_FIELD_NAME, "")
        is_safe = url_has_allowed_host_and_scheme(target, allowed_hosts=None)
        return target if target and is_safe else self._url("index")


def has_passed_second_factor(user: Any) -> bool:
    """Return whether the second factor was checked in this session, or none is needed."""
    if getattr(user, "otp_device", None) is not None:
        return True
    return confirmed_authenticator(user) is None and not is_second_factor_required(user)


def _store_in_session(request: HttpRequest, device: Device | None) -> None:
    """Store in the session that the second factor was checked."""
    request.session.cycle_key()
    django_otp.login(request, device)  # type: ignore[no-untyped-call]  # it has no types


def _next_query(request: HttpRequest) -> str:
    target = request.GET.get(REDIRECT_FIELD_NAME)
    return urlencode({REDIRECT_FIELD_NAME: target}) if target else ""
