"""The second step in Django's admin and the console: plain pages, with a form each."""

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

from tenants.accounts.audit import What, record
from tenants.accounts.enrolment import (
    begin_enrolment,
    confirm_enrolment,
    recovery_codes_left,
    renew_recovery_codes,
    switch_off,
)
from tenants.accounts.models import User
from tenants.accounts.qr import enrolment_address, qr_svg
from tenants.accounts.second_factor import authenticator_of, check_code, is_demanded
from tenants.base.clock import now
from tenants.base.errors import DomainError
from tenants.base.forms import show_refusal
from tenants.base.requests import client_address

if TYPE_CHECKING:
    _Base = AdminSite
else:
    _Base = object


class CodeForm(forms.Form):
    """A code."""

    code = forms.CharField(
        label=_("Code"), max_length=32, widget=forms.TextInput(attrs={"autocomplete": "one-time-code"})
    )


class ProofForm(CodeForm):
    """Password and code: that it is really them."""

    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("password", "code")


class SecondFactorPages(_Base):
    """A site whose pages open after the second step, where there is one."""

    def belongs(self, user: Any) -> bool:
        """Whether this site is for them at all."""
        return isinstance(user, User) and user.is_active and user.is_staff

    def has_permission(self, request: HttpRequest) -> bool:
        """Who belongs here and has proven it as often as they have to."""
        return self.belongs(request.user) and has_proven_it(request.user)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """With the pages of the second step, of which two are for who is half-way in."""
        half_way = [
            path("second-factor/code/", never_cache(self.code_page), name="second-factor-code"),
            path("second-factor/set-up/", never_cache(self.set_up_page), name="second-factor-set-up"),
        ]
        manage = path("second-factor/", self.admin_view(self.manage_page), name="second-factor")
        return [*half_way, manage, *super().get_urls()]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Password first; who has said it goes on to the code."""
        if request.method == "GET" and self.belongs(request.user) and not self.has_permission(request):
            return redirect(f"{self._url('second-factor-code')}?{_onward(request)}")
        return super().login(request, extra_context)

    def code_page(self, request: HttpRequest) -> HttpResponse:
        """The code after the password."""
        user = request.user
        if "leave" in request.POST:
            logout(request)
        if not isinstance(user, User) or not self.belongs(request.user):
            return redirect(self._url("login"))
        if self.has_permission(request):
            return redirect(self._next(request))
        if authenticator_of(user) is None:
            return redirect(f"{self._url('second-factor-set-up')}?{_onward(request)}")
        form = CodeForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                device = check_code(
                    user=user, code=form.cleaned_data["code"], address=client_address(request), now=now()
                )
            except DomainError as refused:
                show_refusal(form, refused)
            else:
                record(what=What.SIGNED_IN, by=user, about=[user])
                remember(request, device)
                return redirect(self._next(request))
        return self._page(request, "code", _("Enter your code"), form=form)

    def set_up_page(self, request: HttpRequest) -> HttpResponse:
        """A new app, and the recovery codes that go with it."""
        user = request.user
        if not isinstance(user, User) or not self.belongs(request.user):
            return redirect(self._url("login"))
        if authenticator_of(user) is not None:
            return redirect(self._url("second-factor"))
        waiting, form = begin_enrolment(user=user), CodeForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            was_half_way = not self.has_permission(request)
            try:
                codes = confirm_enrolment(
                    user=user, code=form.cleaned_data["code"], address=client_address(request), now=now()
                )
            except DomainError as refused:
                show_refusal(form, refused)
            else:
                if was_half_way:
                    record(what=What.SIGNED_IN, by=user, about=[user])
                # All sessions of before have ended; this one goes on.
                update_session_auth_hash(request, user)
                remember(request, authenticator_of(user))
                return self._show_codes(request, codes)
        address = enrolment_address(waiting)
        picture = mark_safe(qr_svg(address))  # noqa: S308  drawn here: paths and numbers
        title = _("Set up two-step sign-in")
        shown = {"picture": picture, "key": waiting.secret, "demanded": is_demanded(user)}
        return self._page(request, "set_up", title, form=form, **shown)

    def manage_page(self, request: HttpRequest) -> HttpResponse:
        """One's own second step: whether it is on, new recovery codes, switching it off."""
        user = request.user
        assert isinstance(user, User)  # noqa: S101  the site let them in
        form = ProofForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            proof = {**form.cleaned_data, "user": user, "address": client_address(request), "now": now()}
            try:
                if "switch_off" in request.POST:
                    switch_off(**proof)
                    return redirect(self._url("second-factor"))
                return self._show_codes(request, renew_recovery_codes(**proof))
            except DomainError as refused:
                show_refusal(form, refused)
        shown = {
            "is_on": authenticator_of(user) is not None,
            "demanded": is_demanded(user),
            "left": recovery_codes_left(user),
        }
        return self._page(request, "manage", _("Two-step sign-in"), form=form, **shown)

    def _show_codes(self, request: HttpRequest, codes: list[str]) -> HttpResponse:
        onward = self._next(request)
        return self._page(request, "codes", _("Save your recovery codes"), codes=codes, onward=onward)

    def _page(self, request: HttpRequest, name: str, title: Any, **shown: Any) -> HttpResponse:
        request.current_app = self.name
        context = {**self.each_context(request), "title": title, **shown}
        return TemplateResponse(request, f"accounts/second_factor_{name}.html", context)

    def _url(self, name: str) -> str:
        return reverse(f"admin:{name}", current_app=self.name)

    def _next(self, request: HttpRequest) -> str:
        wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
        safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
        return wanted if wanted and safe else self._url("index")


def has_proven_it(user: Any) -> bool:
    """Whether a second step was taken in this session, or none is needed."""
    if getattr(user, "otp_device", None) is not None:
        return True
    return authenticator_of(user) is None and not is_demanded(user)


def remember(request: HttpRequest, device: Device | None) -> None:
    """Write into the session that the second step was taken."""
    request.session.cycle_key()
    django_otp.login(request, device)  # type: ignore[no-untyped-call]  # it has no types


def _onward(request: HttpRequest) -> str:
    wanted = request.GET.get(REDIRECT_FIELD_NAME)
    return urlencode({REDIRECT_FIELD_NAME: wanted}) if wanted else ""
