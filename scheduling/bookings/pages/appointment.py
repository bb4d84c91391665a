"""The page of one appointment with what a patient can do around it, and the page for cancelling it."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from clinics.pages.frame import frame_of
from clinics.selectors import dependants_of, get_patient
from scheduling.availability.nearest import WantedTime, nearest_to
from scheduling.bookings.access import find_booking, open_booking
from scheduling.bookings.api.inputs import CancelInput
from scheduling.bookings.api.outputs import BookingOutput
from scheduling.bookings.attendance import confirm_attendance
from scheduling.bookings.book_again import book_again
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.online_check_in import check_in_online
from scheduling.bookings.pages.draft import Draft, save_draft
from scheduling.bookings.pages.plan import step_path
from scheduling.bookings.status_labels import STATUS_LABELS
from scheduling.calendar.local_times import local_time_fields
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
from tenants.base.paths import with_query

_UPCOMING = {"HELD", "PENDING", "CONFIRMED"}
_OVER = {"CANCELLED", "COMPLETED", "NO_SHOW"}


def booking_data(request: HttpRequest, booking: Booking) -> dict[str, Any]:
    """Return the booking as the API describes it, with its status and answers in words."""
    return describe_bookings(request, [booking])[0]


def describe_bookings(request: HttpRequest, bookings: Iterable[Booking]) -> list[dict[str, Any]]:
    """Return `booking_data` of each booking, with as many queries as for one."""
    return [
        {
            **data,
            "answers": [{**row, "answer": answer_label(row["answer"])} for row in data["answers"]],
            "status_label": STATUS_LABELS[data["status"]],
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
    """Show an appointment, also right after it was booked or moved. POST: one of the buttons on the page."""
    if request.method == "POST":
        return _act(request, find_booking(booking_id=booking_id, by=user), by=user)
    booking = open_booking(booking_id=booking_id, by=user)
    outcome = next((name for name in ("booked", "moved") if name in request.GET), "")
    data = booking_data(request, booking)
    context = {
        **policy_context(request),
        "booking": data,
        "outcome": outcome,
        "replaced": "replaced" in request.GET,
        "is_upcoming": data["status"] in _UPCOMING,
        "again": book_again(booking) if _is_over(booking) else None,
        "others": _times_for_others(booking, user) if outcome == "booked" else None,
        "asks_attendance": _asks_attendance(booking) and not data["can_check_in"],
        # The draft that the web app may have stored is used up.
        **({"boot": {"drafts": {"booking": {}, "hold": {}}}} if outcome == "booked" else {}),
    }
    return render(request, "scheduling/pages/appointment.html", context)


def _act(request: HttpRequest, booking: Booking, *, by: User) -> HttpResponse:
    """Do what the button says: book again, check in or, without a name, tell that the patient will come."""
    action = request.POST.get("action", "")
    if action == "again":
        own = booking.patient_id == get_patient(by).pk
        # The patient is in no address: the details step reads it from the draft.
        save_draft(request, Draft(patient="" if own else str(booking.patient_id)), by)
        return SeeOther(book_again(booking).path)
    if action == "check-in":
        check_in_online(booking=booking, by=by, now=now())
    else:
        confirm_attendance(booking=booking, by=by, now=now())
    return SeeOther(request.path)


def _asks_attendance(booking: Booking) -> bool:
    """Return whether the patient can still say that they will come."""
    return booking.status == Booking.Status.CONFIRMED and booking.starts_at > now()


def _is_over(booking: Booking) -> bool:
    """Return whether the visit is cancelled, completed or past, so that the patient may want another one."""
    return booking.status in _OVER or booking.ends_at <= now()


def _times_for_others(booking: Booking, user: User) -> dict[str, Any] | None:
    """Return the open times beside the one just booked, for other people of the family; None without any.

    They are the doctor's, for the same type of visit.
    """
    if not dependants_of(user).exists():
        return None
    visit_type = str(booking.visit_type_id) if booking.visit_type_id else None
    day = local_time_fields(booking.starts_at, booking.ends_at, booking.place)["local_date"]
    nearest: list[dict[str, Any]] = []
    if booking.slot_id:
        wanted = WantedTime(booking.slot_id, booking.doctor_id, day, booking.visit_type_id)
        nearest = nearest_to(wanted, now=now())
    times = [(slot, step_path(slot, visit_type=visit_type)) for slot in nearest]
    all_times = with_query(f"/doctors/{booking.doctor_id}", visit_type=visit_type, from_=day.isoformat())
    return {"times": times, "all_times": all_times}


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
