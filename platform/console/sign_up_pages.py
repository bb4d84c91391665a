"""The pages on which a clinic signs itself up, at the base domain. They need no JavaScript."""

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
from console.sign_up import ask_for_clinic, confirm_sign_up, propose_slug, sign_up_of
from tenants.accounts.errors import LinkOver
from tenants.base.clock import now, zone_names
from tenants.base.errors import DomainError
from tenants.base.forms import show_refusal
from tenants.base.requests import client_address
from tenants.links import origin_of
from tenants.models import Domain


def _zones() -> list[tuple[str, str]]:
    """Every zone, none of them chosen beforehand."""
    names = sorted(name for name in zone_names() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    return [
        ("", _("Choose a time zone")),
        *((name, name.replace("_", " ")) for name in names),
        ("UTC", "UTC"),
    ]


class SignUpForm(forms.Form):
    """A clinic, and who will run it."""

    name = forms.CharField(
        label=gettext_lazy("Name of the clinic"),
        max_length=120,
        error_messages={"required": gettext_lazy("Enter the name of the clinic.")},
    )
    slug = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=40,
        required=False,
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        ),
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=_zones,
        error_messages={"required": gettext_lazy("Choose the time zone in which the clinic is.")},
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
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        error_messages={"required": gettext_lazy("Enter your e-mail address.")},
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = _("The pages of your clinic will be at ADDRESS.%(domain)s. Leave it empty for a proposal.")
        self.fields["slug"].help_text = words % {"domain": settings.BASE_DOMAIN}


class PasswordForm(forms.Form):
    """A password for the clinic's first admin; and another address, if theirs was taken meanwhile."""

    password = forms.CharField(
        label=gettext_lazy("Choose a password"),
        error_messages={"required": gettext_lazy("Choose a password.")},
        strip=False,
        max_length=128,
        help_text=gettext_lazy("At least 10 characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    slug = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        ),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Ask for a clinic."""
    _is_open()
    if request.method != "POST":
        return _page(request, SignUpForm(), title=_("Open a clinic"))
    data = request.POST.copy()
    if not data.get("slug", "").strip() and (proposal := propose_slug(data.get("name", ""))):
        data["slug"] = proposal
        form = SignUpForm(data)
        words = _("We propose “%(slug)s”. Change it if you like, then press Continue.")
        form.add_error("slug", words % {"slug": proposal})
        return _page(request, form, title=_("Open a clinic"), status=400)
    form = SignUpForm(data)
    if form.is_valid():
        try:
            ask_for_clinic(**form.cleaned_data, address=client_address(request), now=now())
        except DomainError as refused:
            show_refusal(form, refused)
            return _page(request, form, title=_("Open a clinic"), status=refused.status)
        return redirect("sign-up-asked")
    return _page(request, form, title=_("Open a clinic"), status=400)


@never_cache
@require_http_methods(["GET", "HEAD"])
def asked(request: HttpRequest) -> HttpResponse:
    """It was asked for."""
    _is_open()
    words = _(
        "We have sent you an e-mail with a link. It works for two days. Nothing is opened before you use it."
    )
    return render(request, "tenants/said.html", {"heading": _("Check your e-mail"), "message": words})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the mail: choose a password, or see what became of the request."""
    _is_open()
    try:
        wanted = sign_up_of(token, now=now())
    except LinkOver as over:
        words = {"heading": _("This link is over"), "message": over.message}
        return render(request, "tenants/said.html", words, status=404)
    if wanted.status != SignUp.Status.ASKED:
        return _outcome(request, wanted)
    title = _("Choose a password for %(clinic)s") % {"clinic": wanted.name}
    if request.method != "POST":
        return _page(request, PasswordForm(initial={"slug": wanted.slug}), title=title, wanted=wanted)
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return _page(request, form, title=title, wanted=wanted, status=400)
    given = form.cleaned_data
    try:
        confirm_sign_up(sign_up=wanted, password=given["password"], slug=given["slug"], now=now())
    except DomainError as refused:
        show_refusal(form, refused)
        return _page(request, form, title=title, wanted=wanted, status=refused.status)
    return redirect(request.path)


def _outcome(request: HttpRequest, wanted: SignUp) -> HttpResponse:
    context: dict[str, Any] = {"sign_up": wanted, "status": wanted.status}
    main = Domain.objects.filter(tenant_id=wanted.clinic_id, is_primary=True).first()
    if main:
        context["origin"] = origin_of(main.domain)
    return render(request, "console/sign_up_outcome.html", context)


def _page(
    request: HttpRequest, form: forms.Form, *, title: str, wanted: SignUp | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "title": title, "sign_up": wanted, "mode": settings.SIGN_UP}
    return render(request, "console/sign_up.html", context, status=status)


def _is_open() -> None:
    if settings.SIGN_UP == "off":
        raise Http404
