"""The page on which a patient books the time of an appointment again, on several dates."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from clinics.pages.frame import frame_of
from scheduling.bookings.access import find_booking
from scheduling.bookings.pages.appointment import booking_data
from scheduling.bookings.pages.plan import step_path
from scheduling.bookings.repeat import can_repeat
from scheduling.clock.recurrence import Unit
from scheduling.errors import SeriesNotBooked
from scheduling.models import Booking
from scheduling.models.series import MAX_VISITS
from scheduling.recurring_visits.api.serializers import SeriesInput, VisitOutput
from scheduling.recurring_visits.api.series import book_series_as_requested
from tenants.accounts.models import User
from tenants.accounts.pages.page_view import SeeOther
from tenants.accounts.pages.patient_page import patient_page
from tenants.base.clock import now
from tenants.base.errors import DomainError
from tenants.base.forms import add_service_errors
from tenants.base.page_forms import PageForm

_WEEKS = {
    "1": _("Every week"),
    "2": _("Every 2 weeks"),
    "3": _("Every 3 weeks"),
    "4": _("Every 4 weeks"),
    "6": _("Every 6 weeks"),
    "8": _("Every 8 weeks"),
    "12": _("Every 12 weeks"),
}
_MOST = min(12, MAX_VISITS)


class RepeatForm(PageForm):
    """How often the appointment is repeated."""

    every = forms.ChoiceField(
        label=_("How often?"),
        choices=list(_WEEKS.items()),
        error_messages={"required": _("Select how often"), "invalid_choice": _("Select how often")},
    )
    count = forms.TypedChoiceField(
        label=_("How many more appointments?"),
        choices=[(str(number), str(number)) for number in range(2, _MOST + 1)],
        coerce=int,
        error_messages={"required": _("Select how many"), "invalid_choice": _("Select how many")},
    )


@dataclass(frozen=True, slots=True)
class _Repetition:
    """The dates on which a booking is repeated."""

    booking: Booking
    data: dict[str, Any]
    """The booking as the API describes it."""
    weeks: int
    count: int

    @property
    def days(self) -> list[date]:
        """The local dates, the booking's own not included."""
        own = date.fromisoformat(self.data["local_date"])
        return [own + timedelta(weeks=self.weeks * number) for number in range(1, self.count + 1)]

    def order(self, *, by: User) -> dict[str, Any]:
        """The request to book them, as the API takes it."""
        is_own = self.booking.patient.user_id == by.pk
        return {
            "doctor": str(self.booking.doctor_id),
            "first_on": self.days[0].isoformat(),
            "clock": self.data["local_time"],
            "unit": Unit.WEEK,
            "every": self.weeks,
            "count": self.count,
            "visit_type": str(self.booking.visit_type_id) if self.booking.visit_type_id else None,
            "reason": self.booking.reason,
            "answers": {str(row["question"]): row["answer"] for row in self.booking.answers},
            **({} if is_own else {"patient": str(self.booking.patient_id)}),
        }


@patient_page(post=True)
def repeat_page(request: HttpRequest, user: User, booking_id: uuid.UUID) -> HttpResponse:
    """Ask how often, show the dates, book those that are free, and show the result for each."""
    booking = find_booking(booking_id=booking_id, by=user)
    if not can_repeat(booking, now=now()):
        return SeeOther(f"/appointments/{booking.pk}")
    frame_of(request).has_app_page = False
    data = booking_data(request, booking)
    is_sent = request.method == "POST"
    chosen = request.POST if is_sent else request.GET
    form = RepeatForm(chosen if is_sent or "every" in chosen else None, initial={"every": "1", "count": "4"})
    context: dict[str, Any] = {"booking": data, "form": form, "status": 200}
    if form.is_valid():
        weeks, count = int(form.cleaned_data["every"]), form.cleaned_data["count"]
        repetition = _Repetition(booking, data, weeks, count)
        context |= {"days": repetition.days, "key": str(uuid.uuid4())}
        if is_sent:
            context |= _book(request, repetition, form, by=user)
    elif form.is_bound:
        context["status"] = 400
    return render(request, "scheduling/pages/repeat.html", context, status=context["status"])


def _book(request: HttpRequest, repetition: _Repetition, form: RepeatForm, *, by: User) -> dict[str, Any]:
    """Book the dates. Returns the result for each date, or the errors in the form."""
    key = f"page {request.POST.get('key', '')[:36]}" if request.POST.get("key") else ""
    order = form.checked(SeriesInput, repetition.order(by=by))
    if order is None:
        return {"status": 400}
    try:
        visits = book_series_as_requested(request, order, by=by, key=key)["instances"]
    except SeriesNotBooked as error:
        instances = (error.data or {})["instances"]
        visits = VisitOutput(instances, many=True, context={"request": request}).data
    except DomainError as error:
        add_service_errors(form, error)
        return {"status": error.status}
    return {
        "visits": [{**visit, "alternatives": _with_paths(visit, repetition.booking)} for visit in visits],
        "booked": [visit for visit in visits if visit["booking"]],
    }


def _with_paths(visit: Mapping[str, Any], booking: Booking) -> list[tuple[dict[str, Any], str]]:
    """Return the nearest open slots of a date that was not booked, each with the path for booking it."""
    visit_type = str(booking.visit_type_id) if booking.visit_type_id else None
    return [(slot, step_path(slot, visit_type=visit_type)) for slot in visit["alternatives"]]
