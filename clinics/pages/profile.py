"""The pages of a patient's own details and of the data about them."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError

from clinics.api.languages import patient_languages
from clinics.api.serializers import ProfileOutput
from clinics.api.views import change_profile
from clinics.pages.person_form import PersonForm
from tenants.accounts.languages import active_language
from tenants.accounts.models import User
from tenants.accounts.pages.page_view import SeeOther
from tenants.accounts.pages.patient_page import patient_page
from tenants.accounts.pages.sign_in import requested_path
from tenants.base.clock import time_zone_label, time_zone_names
from tenants.base.errors import DomainError
from tenants.base.forms import add_service_errors
from tenants.base.page_forms import text_input, typed_input
from tenants.current import current_clinic
from tenants.routing.languages import set_language_cookie

_REGIONS = (
    *("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian"),
    "Pacific",
)
"""The regions in the names of time zones. Other names are aliases."""
_OF_ACCOUNT = ("first_name", "last_name", "phone", "sms_consent", "language")


def _line(label: Any, **attributes: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, widget=text_input(**attributes))


def _paragraph(label: Any, *, rows: int, **attributes: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, **attributes})
    return forms.CharField(label=label, required=False, widget=widget)


def _time_zones(saved: str) -> list[tuple[str, Any]]:
    """Return the choices for the patient's time zone: the clinic's, then all others by region.

    :param saved: the patient's present choice, which may be an alias
    """
    regions: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(time_zone_names()):
        region, _slash, city = name.partition("/")
        if region in _REGIONS:
            regions.setdefault(region, []).append((name, city.replace("/", ", ").replace("_", " ")))
    clinics = gettext("The same as the clinic (%(zone)s)") % {
        "zone": time_zone_label(current_clinic().time_zone)
    }
    is_alias = saved and saved.partition("/")[0] not in _REGIONS
    return [("", clinics), *regions.items(), *([(saved, saved)] if is_alias else [])]


class ProfileForm(PersonForm):
    """A patient's details. Their rules are those of the API."""

    sms_consent = forms.BooleanField(
        label=_("Send text messages about my appointments to this number"), required=False
    )
    address = _paragraph(_("Address"), rows=3, autocomplete="street-address")
    allergies = _paragraph(_("Allergies"), rows=2)
    conditions = _paragraph(_("Medical conditions"), rows=2)
    medication = _paragraph(_("Medication"), rows=2)
    emergency_contact_name = _line(_("Contact’s name"), autocomplete="off")  # noqa: RUF001
    emergency_contact_phone = forms.CharField(
        label=_("Contact’s phone number"),  # noqa: RUF001
        required=False,
        widget=typed_input("tel", autocomplete="off"),
    )
    insurance_provider = _line(_("Insurance company"), autocomplete="off")
    insurance_number = _line(_("Policy number"), autocomplete="off")

    def __init__(self, data: Any = None, *, saved: dict[str, Any]) -> None:
        super().__init__(data, initial=_initial(saved))
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Your time zone"),
            help_text=_(
                "We send you no reminders at night. Times of appointments are always those of the clinic."
            ),
            required=False,
            choices=_time_zones((saved["profile"] or {}).get("time_zone", "")),
        )
        languages = patient_languages()
        if len(languages) > 1:
            self.fields["language"] = forms.ChoiceField(
                label=_("Language"),
                help_text=_("We use it on this website and in our messages to you."),
                choices=[(language["code"], language["name"]) for language in languages],
            )

    def to_api(self, *, has_texts: bool) -> dict[str, Any]:
        """Return the values of a valid form as the API's `ProfileInput`."""
        values = dict(self.cleaned_data)
        if not has_texts:
            del values["sms_consent"]
        values["date_of_birth"] = values["date_of_birth"] or None
        account = {name: values.pop(name) for name in _OF_ACCOUNT if name in values}
        return {**account, "profile": values}


@patient_page(post=True)
def profile_page(request: HttpRequest, user: User) -> HttpResponse:
    """Show and change a patient's details."""
    saved = ProfileOutput(user).data
    is_sent, status = request.method == "POST", 200
    if is_sent:
        form = ProfileForm(request.POST, saved=saved)
        if form.is_valid():
            try:
                change_profile(user, form.to_api(has_texts=saved["sms_available"]), partial=False)
                return _saved_response(request, form.cleaned_data.get("language"))
            except ValidationError as error:
                form.add_api_errors(error)
            except DomainError as error:
                add_service_errors(form, error)
        status = 400
    else:
        form = ProfileForm(saved=saved)
    context = {"form": form, "saved": saved, "just_saved": not is_sent and "saved" in request.GET}
    return render(request, "clinics/profile.html", context, status=status)


def _saved_response(request: HttpRequest, language: str | None) -> HttpResponse:
    response = SeeOther(requested_path(request) or f"{request.path}?saved")
    if language:
        set_language_cookie(response, language)
    return response


def _initial(saved: dict[str, Any]) -> dict[str, Any]:
    """Return the saved details as the form shows them."""
    profile = saved["profile"] or {}
    return {
        **profile,
        **{name: saved[name] for name in ("first_name", "last_name", "sms_consent")},
        "phone": saved["phone_display"],
        "language": saved["language"] or active_language(),
        "emergency_contact_phone": profile.get("emergency_contact_phone_display", ""),
    }
