"""The page of one appointment, cancelling it, and telling the clinic that the patient will come."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from clinics.pages.frame import frame_of
from scheduling.bookings.access import find_booking, open_booking
from scheduling.bookings.api.inputs import CancelInput
from scheduling.bookings.api.outputs import BookingOutput
from scheduling.bookings.attendance import confirm_attendance
from scheduling.bookings.cancel import cancel_booking
from scheduling.models import Booking
from scheduling.visit_types.intake_answers import answer_label
from tenants.accounts.models import User
from tenants.accounts.pages.page_view import SeeOther
from tenants.accounts.pages.patient_page import patient_page
from tenants.base.clock import now
from tenants.base.errors import DomainError
from tenants.base.fields import MAX_PARAGRAPH_LENGTH
from tenants.base.forms import add_service_errors
from tenants.base.page_forms import PageForm

_UPCOMING = {"HELD", "PENDING", "CONFIRMED"}
_STATUS_LABELS = {
    "HELD": _("Held for you"),
    "PENDING": _("Waiting for confirmation"),
    "CONFIRMED": _("Confirmed"),
    "CHECKED_IN": _("Checked in"),
    "IN_PROGRESS": _("In progress"),
    "COMPLETED": _("Completed"),
    "CANCELLED": _("Cancelled"),
    "NO_SHOW": _("Missed"),
}


def booking_data(request: HttpRequest, booking: Booking) -> dict[str, Any]:
    """Return the booking as the API describes it, with its status and answers in words."""
    return describe_bookings(request, [booking])[0]


def describe_bookings(request: HttpRequest, bookings: Iterable[Booking]) -> list[dict[str, Any]]:
    """Return `booking_data` of each booking, with as many queries as for one."""
    return [
        {
            **data,
            "answers": [{**row, "answer": answer_label(row["answer"])} for row in data["answers"]],
            "status_label": _STATUS_LABELS[data["status"]],
            "status_class": data["status"].lower(),
        }
        for data in BookingOutput(list(bookings), many=True, context={"request": request}).data
    ]


def policy_context(request: HttpRequest) -> dict[str, Any]:
    """Return the clinic's rule for cancelling online."""
    rules = frame_of(request).clinic["booking_rules"]
    return {
        "cancellation_notice": rules["cancellation_notice_minutes"],
        "reschedule_notice": rules["reschedule_notice_minutes"],
    }


@patient_page(post=True)
def appointment_page(request: HttpRequest, user: User, booking_id: uuid.UUID) -> HttpResponse:
    """Show an appointment, also right after it was booked or moved. POST: the patient will come."""
    if request.method == "POST":
        booking = find_booking(booking_id=booking_id, by=user)
        confirm_attendance(booking=booking, by=user, now=now())
        return SeeOther(request.path)
    booking = open_booking(booking_id=booking_id, by=user)
    outcome = next((name for name in ("booked", "moved") if name in request.GET), "")
    data = booking_data(request, booking)
    context = {
        **policy_context(request),
        "booking": data,
        "outcome": outcome,
        "replaced": "replaced" in request.GET,
        "is_upcoming": data["status"] in _UPCOMING,
        "asks_attendance": data["status"] == Booking.Status.CONFIRMED and booking.starts_at > now(),
        # The draft that the web app may have stored is used up.
        **({"boot": {"drafts": {"booking": {}, "hold": {}}}} if outcome == "booked" else {}),
    }
    return render(request, "scheduling/pages/appointment.html", context)


class CancelForm(PageForm):
    """The reason for a cancellation."""

    reason = forms.CharField(
        label=_("Why are you cancelling?"),
        required=False,
        max_length=MAX_PARAGRAPH_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@patient_page(post=True)
def cancel_page(request: HttpRequest, user: User, booking_id: uuid.UUID) -> HttpResponse:
    """State the clinic's policy, and cancel the appointment."""
    booking = find_booking(booking_id=booking_id, by=user)
    here = f"/appointments/{booking.pk}"
    if booking.status == Booking.Status.CANCELLED:
        return SeeOther(here)
    is_sent = request.method == "POST"
    form, status = CancelForm(request.POST if is_sent else None), 400 if is_sent else 200
    if is_sent and (data := form.validated(CancelInput)) is not None:
        try:
            cancel_booking(booking=booking, by=user, reason=data["reason"], now=now())
            return SeeOther(here)
        except DomainError as error:
            add_service_errors(form, error)
            status = error.status
    context = {**policy_context(request), "booking": booking_data(request, booking), "form": form}
    return render(request, "scheduling/pages/cancel.html", context, status=status)
