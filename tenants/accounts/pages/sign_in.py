"""The pages for signing in and out. They use the session and the cookie of the web app."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from tenants.accounts.errors import ChallengeExpired, SecondFactorRequired
from tenants.accounts.models import User
from tenants.accounts.pages.page_view import SeeOther, page_view
from tenants.accounts.pages.visitor import browser_session
from tenants.accounts.second_factor.enrolment import sign_in_with_code
from tenants.accounts.sessions.after_sign_in import run_after_sign_in
from tenants.accounts.sessions.api.cookies import delete_cookie, set_refresh_cookie
from tenants.accounts.sessions.known_devices import known_device
from tenants.accounts.sessions.services import Session, end_session_by_id
from tenants.accounts.sign_in.services import sign_in
from tenants.base.clock import now
from tenants.base.errors import DomainError
from tenants.base.forms import add_service_errors
from tenants.base.page_forms import PageForm, text_input, typed_input
from tenants.base.paths import is_own_path, with_query
from tenants.base.requests import rate_limit_address


class EmailForm(PageForm):
    """The email address of an account."""

    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        error_messages={
            "required": _("Enter your email address"),
            "invalid": _("Enter an email address in the correct format, like name@example.com"),
        },
        widget=typed_input("email", autocomplete="username"),
    )


class SignInForm(EmailForm):
    """Email address and password."""

    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        error_messages={"required": _("Enter your password")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(PageForm):
    """A code from an authenticator app, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=32,
        help_text=_(
            "Enter the 6-digit code from your authenticator app. If you do not have your phone, enter a "
            "recovery code."
        ),
        error_messages={"required": _("Enter the code from your authenticator app")},
        widget=text_input(autocomplete="one-time-code", autocapitalize="none", spellcheck="false"),
    )


@page_view(post=True)
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """Sign in with email address and password, and with a code if the account needs one."""
    if request.method != "POST":
        return sign_in_form(request, next_path=requested_path(request))
    if challenge := request.POST.get("challenge"):
        return _second_step(request, challenge)
    form, status = SignInForm(request.POST), 400
    if form.is_valid():
        email = form.cleaned_data["email"]
        device, address = known_device(request, email=email), rate_limit_address(request)
        try:
            session = sign_in(**form.cleaned_data, device=device, address=address, now=now())
        except SecondFactorRequired as error:
            return second_factor_page(request, challenge=error.data)
        except DomainError as error:
            add_service_errors(form, error)
            status = error.status
        else:
            return signed_in_response(request, session)
    return sign_in_form(request, next_path=requested_path(request), form=form, status=status)


def sign_in_form(
    request: HttpRequest, *, next_path: str, form: SignInForm | None = None, status: int = 200
) -> HttpResponse:
    """Return the page with the form for email address and password.

    Pages that need a sign-in show the form at their own address, not at `/sign-in`: after a link in an
    email, the browser sends no cookie although the user is signed in. The web app then replaces the form.
    """
    context = {"form": form or SignInForm(), **return_context(next_path)}
    return render(request, "accounts/pages/sign_in.html", context, status=status)


def return_context(next_path: str) -> dict[str, Any]:
    """Return the part of the context of a page that returns to another one after a sign-in."""
    return {
        "next": next_path,
        "sign_in_path": with_query("/sign-in", next=next_path),
        "register_path": with_query("/register", next=next_path),
        "code_path": with_query("/sign-in/code", next=next_path),
        "is_booking": next_path.startswith("/booking/"),
    }


def requested_path(request: HttpRequest) -> str:
    """Return the page to return to, "" if there is none. Only paths of this site are allowed."""
    path = request.GET.get("next", "")
    return path if is_own_path(path) else ""


def _second_step(request: HttpRequest, challenge: str) -> HttpResponse:
    """Check the code."""
    form, status = CodeForm(request.POST), 400
    if form.is_valid():
        try:
            session = sign_in_with_code(
                challenge=challenge,
                code=form.cleaned_data["code"],
                address=rate_limit_address(request),
                now=now(),
            )
        except ChallengeExpired as error:
            expired = SignInForm({})
            expired.is_valid()
            expired.errors.clear()
            add_service_errors(expired, error)
            return sign_in_form(request, next_path=requested_path(request), form=expired, status=401)
        except DomainError as error:
            add_service_errors(form, error)
            status = error.status
        else:
            return signed_in_response(request, session)
    context = {"challenge": challenge, "is_set_up": True}
    return second_factor_page(request, challenge=context, form=form, status=status)


def second_factor_page(
    request: HttpRequest,
    *,
    challenge: Any,
    next_path: str = "",
    form: CodeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the page that asks for the code of the authenticator app.

    :param next_path: the page to open then; "" for the one that the request names
    :param form: the submitted form, with errors
    """
    context = {
        "form": form or CodeForm(),
        "challenge": challenge,
        **return_context(next_path or requested_path(request)),
    }
    return render(request, "accounts/pages/code.html", context, status=status)


def signed_in_response(request: HttpRequest, session: Session, *, next_path: str = "") -> HttpResponse:
    """Store the session in the browser and redirect to the page that the user came from, or to the first.

    :param next_path: another page to redirect to
    """
    home = "/appointments" if session.user.role == User.Role.PATIENT else "/portal"
    response = SeeOther(next_path or requested_path(request) or home)
    run_after_sign_in(request, response, user=session.user)
    set_refresh_cookie(response, session.refresh)
    return response


@page_view(post=True)
def sign_out_page(request: HttpRequest) -> HttpResponse:
    """End the session of the browser, and delete the draft of an unfinished booking."""
    response = SeeOther("/")
    if request.method == "POST":
        if session := browser_session(request):
            end_session_by_id(family=session.pk, user=session.user, by=session.user)
        request.session.flush()
        delete_cookie(response)
    return response
