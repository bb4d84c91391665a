"""The page for registering as a patient."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from clinics.api.serializers import RegisterInput
from clinics.pages.person_form import PersonForm
from clinics.services.profiles import sign_up_patient
from tenants.accounts.attempt_limits import limit_registrations
from tenants.accounts.languages import active_language
from tenants.accounts.pages.page_view import page_view
from tenants.accounts.pages.sign_in import requested_path, return_context, signed_in_response
from tenants.base.clock import now
from tenants.base.errors import DomainError
from tenants.base.forms import add_service_errors
from tenants.base.page_forms import typed_input
from tenants.base.requests import rate_limit_address


class RegisterForm(PersonForm):
    """The details of a new patient."""

    field_order = ("first_name", "last_name", "email", "phone", "date_of_birth", "password")

    email = forms.EmailField(
        label=_("Email address"),
        help_text=_("We will send your appointment confirmation to this address."),
        error_messages={
            "required": _("Enter your email address"),
            "invalid": _("Enter an email address in the correct format, like name@example.com"),
        },
        widget=typed_input("email", autocomplete="email"),
    )
    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        help_text=_("At least 10 characters. Three or more random words are strong and easy to remember."),
        error_messages={"required": _("Choose a password")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


@page_view(post=True)
def register_page(request: HttpRequest) -> HttpResponse:
    """Create a patient account and sign in."""
    is_sent = request.method == "POST"
    form, status = RegisterForm(request.POST if is_sent else None), 200
    if is_sent:
        status = 400
        if (person := form.validated(RegisterInput)) is not None:
            try:
                limit_registrations(address=rate_limit_address(request), now=now())
                session = sign_up_patient(**person, language=active_language(), now=now())
                return signed_in_response(request, session)
            except DomainError as error:
                add_service_errors(form, error)
                status = error.status
    context = {"form": form, **return_context(requested_path(request))}
    return render(request, "clinics/register.html", context, status=status)
