"""The sign-up pages for new clinics on the base domain. They need no JavaScript."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from console.models import SignUp
from console.sign_up import confirm_sign_up, get_sign_up, propose_slug, request_clinic
from tenants.accounts.errors import LinkInvalid
from tenants.base.clock import now, time_zone_names
from tenants.base.email_addresses import EmailFormField
from tenants.base.errors import DomainError
from tenants.base.forms import add_service_errors
from tenants.base.requests import rate_limit_address
from tenants.models import Domain
from tenants.routing.public_urls import origin_url


def _zones() -> list[tuple[str, str]]:
    """Return the choices of time zones. None is preselected."""
    names = sorted(
        name for name in time_zone_names() if "/" in name and not name.startswith(("Etc/", "SystemV/"))
    )
    return [
        ("", _("Choose a time zone")),
        *((name, name.replace("_", " ")) for name in names),
        ("UTC", "UTC"),
    ]


class SignUpForm(forms.Form):
    """A request for a clinic, with its first admin."""

    name = forms.CharField(
        label=gettext_lazy("Name of the clinic"),
        max_length=120,
        error_messages={"required": gettext_lazy("Enter the name of the clinic.")},
    )
    slug = forms.CharField(
        label=gettext_lazy("Web address (optional)"),
        max_length=40,
        required=False,
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        ),
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=_zones,
        error_messages={"required": gettext_lazy("Choose the time zone of the clinic.")},
    )
    first_name = forms.CharField(
        label=gettext_lazy("Your first name"),
        error_messages={"required": gettext_lazy("Enter your first name.")},
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=gettext_lazy("Your last name"),
        error_messages={"required": gettext_lazy("Enter your last name.")},
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    email = EmailFormField(
        label=gettext_lazy("Your email address"),
        error_messages={"required": gettext_lazy("Enter your email address.")},
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        help_text = _(
            "The first part of your clinic's address, for example “riverside” for riverside.%(domain)s. "
            "Leave this empty and we will suggest one."
        )
        self.fields["slug"].help_text = help_text % {"domain": settings.BASE_DOMAIN}


class PasswordForm(forms.Form):
    """The password of the clinic's first admin, and the web address, which may have been taken meanwhile."""

    password = forms.CharField(
        label=gettext_lazy("Choose a password"),
        error_messages={"required": gettext_lazy("Choose a password.")},
        strip=False,
        max_length=128,
        help_text=gettext_lazy("At least 10 characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    slug = forms.CharField(
        label=gettext_lazy("Web address"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        ),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Show and process the sign-up form."""
    _check_enabled()
    if request.method != "POST":
        return _page(request, SignUpForm(), title=_("Open a clinic"))
    data = request.POST.copy()
    if not data.get("slug", "").strip() and (proposal := propose_slug(data.get("name", ""))):
        data["slug"] = proposal
        form = SignUpForm(data)
        message = _("We suggest “%(slug)s”. You can change it. Then select Continue.")
        form.add_error("slug", message % {"slug": proposal})
        return _page(request, form, title=_("Open a clinic"), status=400)
    form = SignUpForm(data)
    if form.is_valid():
        try:
            request_clinic(**form.cleaned_data, address=rate_limit_address(request), now=now())
        except DomainError as error:
            add_service_errors(form, error)
            return _page(request, form, title=_("Open a clinic"), status=error.status)
        return redirect("sign-up-asked")
    return _page(request, form, title=_("Open a clinic"), status=400)


@never_cache
@require_http_methods(["GET", "HEAD"])
def check_email(request: HttpRequest) -> HttpResponse:
    """Tell the visitor to check their email."""
    _check_enabled()
    message = _(
        "We have sent you an email with a link. Use it within two days to open your clinic. "
        "If you cannot find the email, check your spam folder."
    )
    return render(request, "tenants/said.html", {"heading": _("Check your email"), "message": message})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form for the password behind the link in the email, or the status of the sign-up."""
    _check_enabled()
    try:
        signup = get_sign_up(token, now=now())
    except LinkInvalid as error:
        context = {"heading": _("This link does not work"), "message": error.message}
        return render(request, "tenants/said.html", context, status=404)
    if signup.status != SignUp.Status.ASKED:
        return _status_page(request, signup)
    title = _("Choose a password for %(clinic)s") % {"clinic": signup.name}
    if request.method != "POST":
        return _page(request, PasswordForm(initial={"slug": signup.slug}), title=title, signup=signup)
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return _page(request, form, title=title, signup=signup, status=400)
    data = form.cleaned_data
    try:
        confirm_sign_up(sign_up=signup, password=data["password"], slug=data["slug"], now=now())
    except DomainError as error:
        add_service_errors(form, error)
        return _page(request, form, title=title, signup=signup, status=error.status)
    return redirect(request.path)


def _status_page(request: HttpRequest, signup: SignUp) -> HttpResponse:
    context: dict[str, Any] = {"sign_up": signup, "status": signup.status}
    primary = Domain.objects.filter(tenant_id=signup.clinic_id, is_primary=True).first()
    if primary:
        context["origin"] = origin_url(primary.domain)
    return render(request, "console/sign_up_outcome.html", context)


def _page(
    request: HttpRequest, form: forms.Form, *, title: str, signup: SignUp | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "title": title, "sign_up": signup, "mode": settings.SIGN_UP}
    return render(request, "console/sign_up.html", context, status=status)


def _check_enabled() -> None:
    if settings.SIGN_UP == "off":
        raise Http404
