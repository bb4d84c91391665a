"""The page for joining the waiting list."""

import uuid
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from clinics.models import Patient
from clinics.pages.frame import frame_of
from clinics.pages.visit_types import choose_visit_type, visit_type_choice
from clinics.selectors import dependants_of
from scheduling.availability.api.outputs import DoctorOutput
from scheduling.availability.doctor_search import visible_doctor
from scheduling.availability.pages.times import DoctorChoice, requested_day, waiting_target
from scheduling.bookings.create import requested_patient
from scheduling.bookings.pages.patient_choice import ME, patient_field
from scheduling.waitlist.api.inputs import WaitlistInput
from scheduling.waitlist.api.waitlist import requested_entry
from scheduling.waitlist.services import join_waitlist
from tenants.accounts.models import User
from tenants.accounts.pages.page_view import SeeOther
from tenants.accounts.pages.patient_page import patient_page
from tenants.base.clock import now
from tenants.base.errors import DomainError, NotFound
from tenants.base.forms import add_service_errors
from tenants.base.page_forms import PageForm, typed_input
from tenants.base.paths import with_query
from tenants.base.words import weekdays

_DEFAULT_DAYS = timedelta(days=28)


class JoinForm(PageForm):
    """The days that suit the patient. No weekday means any."""

    def __init__(self, data: Any = None, *, first: date, dependants: list[Patient]) -> None:
        super().__init__(data)
        if dependants:
            self.fields["patient"] = patient_field(dependants, empty=_("Select a person"))
        self.fields["from"] = forms.CharField(
            label=_("Earliest date"),
            initial=first.isoformat(),
            error_messages={"required": _("Enter the earliest date")},
            widget=typed_input("date"),
        )
        self.fields["to"] = forms.CharField(
            label=_("Latest date"),
            initial=(first + _DEFAULT_DAYS).isoformat(),
            error_messages={"required": _("Enter the latest date")},
            widget=typed_input("date"),
        )
        self.fields["weekdays"] = forms.MultipleChoiceField(
            label=_("Days of the week that suit you"),
            help_text=_("Leave all boxes empty if any day suits you."),
            choices=[(str(number), name) for number, name in weekdays()],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )


@patient_page(post=True)
def join_waiting_list_page(request: HttpRequest, user: User) -> HttpResponse:
    """Add the user or a dependant to the waiting list of a doctor or a specialty."""
    doctor, specialty = _target(request)
    choice = visit_type_choice(request, doctor=doctor["id"] if doctor else None)
    if choice.must_choose:
        return choose_visit_type(request, choice, doctor=doctor["display_name"] if doctor else "")
    wanted = DoctorChoice(doctor=doctor, specialty=specialty["code"] if specialty else None)
    if not waiting_target(wanted, choice.chosen_id):
        return render(request, "scheduling/pages/cannot_wait.html", {"choice": choice})
    dependants, is_sent = list(dependants_of(user)), request.method == "POST"
    first = requested_day(request)
    form = JoinForm(request.POST if is_sent else None, first=first, dependants=dependants)
    status = 400 if is_sent else 200
    target = {"doctor": doctor["id"]} if doctor else {"specialty": specialty["code"] if specialty else ""}
    if is_sent:
        try:
            if _join(form, user, {**target, "visit_type": choice.chosen_id}):
                return SeeOther("/appointments?waiting")
        except DomainError as error:
            add_service_errors(form, error)
            status = error.status
    times = (
        f"/doctors/{doctor['id']}"
        if doctor
        else with_query("/first-available", specialty=target["specialty"])
    )
    context = {"form": form, "doctor": doctor, "specialty": specialty, "choice": choice, "times_path": times}
    return render(request, "scheduling/pages/join_waiting_list.html", context, status=status)


def _target(request: HttpRequest) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Return the doctor or the specialty in the URL.

    :raises NotFound: there is no such doctor, and no such specialty
    """
    code = request.GET.get("specialty")
    specialties = frame_of(request).clinic["specialties"]
    if specialty := next((one for one in specialties if one["code"] == code), None):
        return None, specialty
    try:
        doctor_id = uuid.UUID(request.GET.get("doctor", ""))
    except ValueError as error:
        raise NotFound from error
    return DoctorOutput(visible_doctor(doctor_id, now=now())).data, None


def _join(form: JoinForm, user: User, target: dict[str, Any]) -> bool:
    """Join the waiting list as the form says. Return False with the errors in the form if it is invalid.

    :raises DomainError: as `join_waitlist`
    """
    if not form.is_valid():
        return False
    chosen = form.cleaned_data.get("patient", ME)
    days = form.cleaned_data["weekdays"]
    sent = {
        **target,
        "from": form.cleaned_data["from"],
        "to": form.cleaned_data["to"],
        **({"weekdays": days} if days else {}),
        **({} if chosen == ME else {"patient": chosen}),
    }
    if (data := form.checked(WaitlistInput, sent)) is None:
        return False
    patient = requested_patient(user, data.get("patient"))
    join_waitlist(patient=patient, by=user, request=requested_entry(data, by=user), now=now())
    return True
