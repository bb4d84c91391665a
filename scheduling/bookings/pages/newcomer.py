"""The part of the details step for visitors who are not signed in: they enter who they are and get a code."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from clinics.api.email_code import EmailCodeSignInInput
from clinics.pages.person_form import PersonForm
from clinics.selectors import clinic_settings
from scheduling.bookings.newcomer_cookie import remember_newcomer
from scheduling.bookings.pages.draft import Draft
from scheduling.bookings.pages.plan import Plan, hold_time, taken_page
from scheduling.errors import SlotTaken
from tenants.accounts.email_code.api import EmailCodeInput
from tenants.accounts.email_code.browser import send_code
from tenants.accounts.pages.page_view import SeeOther
from tenants.base.errors import DomainError
from tenants.base.forms import add_service_errors
from tenants.base.page_forms import PageForm, typed_input
from tenants.base.paths import with_query

SIGN_IN = "sign_in"
"""The button of visitors who have an account."""
PERSON_FIELDS = ("first_name", "last_name", "email", "date_of_birth", "phone")


def newcomer_fields(person: dict[str, str], *, required: bool) -> dict[str, forms.Field]:
    """Return the fields for name and email address, and for the date of birth if the clinic asks for it.

    :param person: what they have entered before
    """
    names = PersonForm().fields  # copies: those of the class are shared by all requests
    fields: dict[str, forms.Field] = {
        "first_name": names["first_name"],
        "last_name": names["last_name"],
        "email": forms.EmailField(
            label=_("Email address"),
            help_text=_("We will send a code to this address."),
            error_messages={
                "required": _("Enter your email address"),
                "invalid": _("Enter an email address in the correct format, like name@example.com"),
            },
            widget=typed_input("email", autocomplete="email"),
        ),
    }
    if clinic_settings().ask_date_of_birth:
        fields["date_of_birth"] = forms.CharField(
            label=_("Date of birth"),
            error_messages={"required": _("Enter your date of birth")},
            widget=typed_input("date", autocomplete="bday"),
        )
    for name, field in fields.items():
        field.initial, field.required = person.get(name, ""), required
    return fields


def after_details(request: HttpRequest, plan: Plan, form: PageForm, draft: Draft) -> HttpResponse | None:
    """Hold the time and continue: with the sign-in, or with the code that is emailed to a newcomer.

    None if the form has to be shown again, with the error that was added to it.
    """
    path = plan.step_path("code")
    if SIGN_IN in request.POST:
        path = with_query("/sign-in", next=plan.step_path("check"))
    elif not _is_valid(form, draft.person):
        return None
    response = SeeOther(path)
    try:
        hold = hold_time(request, plan.slot_id, by=None, visit_type=plan.choice.chosen_id)
        remember_newcomer(response, hold.patient)
    except SlotTaken as error:
        return taken_page(request, plan, step="details", error=error)
    except DomainError:
        pass  # the last step says so
    if SIGN_IN in request.POST:
        return response
    try:
        send_code(request, response, email=draft.person["email"])
    except DomainError as error:
        add_service_errors(form, error)
        return None
    return response


def _is_valid(form: PageForm, person: dict[str, Any]) -> bool:
    """Return whether the API accepts the details. If not, the form has the errors."""
    details = {name: value for name, value in person.items() if name != "email"}
    checked = form.checked(EmailCodeSignInInput, {"code": "0", **details})
    return checked is not None and form.checked(EmailCodeInput, {"email": person["email"]}) is not None
