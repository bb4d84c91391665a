"""The page for signing in with a code that is sent by email. Visitors without an account register there."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from clinics.api.email_code import EmailCodeSignInInput, new_person, sign_in_with_code_of
from clinics.errors import DetailsRequired
from clinics.pages.person_form import PersonForm
from clinics.selectors import clinic_settings
from tenants.accounts.email_code.api import EmailCodeInput
from tenants.accounts.email_code.browser import code_token_of, forget_code, send_code
from tenants.accounts.email_code.services import requested_code
from tenants.accounts.errors import SecondFactorRequired
from tenants.accounts.pages.page_view import SeeOther, page_view
from tenants.accounts.pages.sign_in import (
    EmailForm,
    requested_path,
    return_context,
    second_factor_page,
    signed_in_response,
)
from tenants.base.clock import now
from tenants.base.errors import DomainError
from tenants.base.forms import add_service_errors
from tenants.base.page_forms import PageForm, text_input, typed_input
from tenants.base.paths import with_query

_PATH = "/sign-in/code"
_SENT = "sent"


class EmailCodeForm(PageForm):
    """The code from the email."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("The code has 6 digits. It works for 10 minutes."),
        error_messages={"required": _("Enter the code from the email")},
        widget=text_input(autocomplete="one-time-code", inputmode="numeric"),
    )


class NewPatientForm(EmailCodeForm):
    """Name and, if the clinic asks for it, date of birth of a new patient. The code is hidden."""

    first_name = PersonForm.base_fields["first_name"]
    last_name = PersonForm.base_fields["last_name"]

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["code"].widget = forms.HiddenInput()
        if clinic_settings().ask_date_of_birth:
            self.fields["date_of_birth"] = forms.CharField(
                label=_("Date of birth"),
                error_messages={"required": _("Enter your date of birth")},
                widget=typed_input("date", autocomplete="bday"),
            )


@page_view(post=True)
def sign_in_code_page(request: HttpRequest) -> HttpResponse:
    """Ask for an email address, then for the code that was sent to it, and sign in or register."""
    if request.method != "POST":
        return _page(request, EmailCodeForm() if _SENT in request.GET else EmailForm())
    if "code" not in request.POST:
        return _send(request)
    form: EmailCodeForm = (NewPatientForm if "first_name" in request.POST else EmailCodeForm)(request.POST)
    if (data := form.validated(EmailCodeSignInInput)) is None:
        return _page(request, form, status=400)
    return _sign_in(request, form, data)


def _send(request: HttpRequest) -> HttpResponse:
    form, status = EmailForm(request.POST), 400
    if (data := form.validated(EmailCodeInput)) is not None:
        next_path = requested_path(request)
        response = SeeOther(with_query(_PATH, next=next_path, sent="1"))
        try:
            send_code(request, response, email=data["email"])
        except DomainError as error:
            add_service_errors(form, error)
            status = error.status
        else:
            return response
    return _page(request, form, status=status)


def _sign_in(request: HttpRequest, form: EmailCodeForm, data: dict[str, Any]) -> HttpResponse:
    try:
        session = sign_in_with_code_of(request, digits=data.pop("code"), person=new_person(data))
    except DetailsRequired:
        return _page(request, _new_patient_form(form.cleaned_data["code"]))
    except SecondFactorRequired as error:
        return second_factor_page(request, challenge=error.data)
    except DomainError as error:
        add_service_errors(form, error)
        return _page(request, form, status=error.status)
    response = signed_in_response(request, session)
    forget_code(response)
    return response


def _new_patient_form(code: str) -> NewPatientForm:
    """Return the form for the details of a new patient, without errors."""
    form = NewPatientForm()
    form.initial["code"] = code
    return form


def _page(request: HttpRequest, form: PageForm, *, status: int = 200) -> HttpResponse:
    next_path = requested_path(request)
    code = requested_code(token=code_token_of(request), now=now())
    context = {
        "form": form,
        "email": code.email if code else "",
        "is_new_patient": isinstance(form, NewPatientForm),
        **return_context(next_path),
    }
    return render(request, "clinics/sign_in_code.html", context, status=status)
