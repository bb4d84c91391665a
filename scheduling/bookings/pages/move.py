"""The pages for moving an appointment: choose a time, compare it with the present one, confirm."""

import uuid
from contextlib import suppress
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clinics.pages.frame import CONTINUE, frame_of
from clinics.selectors import clinic_settings
from scheduling.availability.api.outputs import DoctorOutput
from scheduling.availability.doctor_search import visible_doctor
from scheduling.availability.nearest import WantedTime, nearest_to
from scheduling.availability.pages.times import DoctorChoice, find_open_slots, times_context
from scheduling.bookings.access import find_booking
from scheduling.bookings.pages.appointment import booking_data, policy_context
from scheduling.bookings.reschedule import can_reschedule, reschedule_booking
from scheduling.calendar.local_times import local_time_fields
from scheduling.errors import SlotTaken
from scheduling.models import Booking, Slot
from scheduling.outside_calendars.before_booking import read_before_booking
from tenants.accounts.models import User
from tenants.accounts.pages.page_view import SeeOther
from tenants.accounts.pages.patient_page import patient_page
from tenants.base.clock import now
from tenants.base.errors import DomainError
from tenants.base.paths import with_query


def _too_late(request: HttpRequest, booking: Booking) -> HttpResponse | None:
    """Return the page that says that the appointment cannot be moved online; None if it can."""
    if can_reschedule(booking, rules=clinic_settings(), now=now()):
        return None
    context = {**policy_context(request), "booking": booking_data(request, booking)}
    return render(request, "scheduling/pages/move_too_late.html", context)


@patient_page()
def move_page(request: HttpRequest, user: User, booking_id: uuid.UUID) -> HttpResponse:
    """Show the times to which the appointment can be moved."""
    booking = find_booking(booking_id=booking_id, by=user)
    if refusal := _too_late(request, booking):
        return refusal
    data = booking_data(request, booking)
    if slot := _chosen_slot(request):
        day = local_time_fields(slot.starts_at, slot.ends_at, slot.place)["local_date"]
        return SeeOther(_confirm_path(booking, str(slot.pk), doctor=str(slot.doctor_id), day=day.isoformat()))
    doctor = DoctorOutput(visible_doctor(booking.doctor_id, now=now())).data
    times = times_context(
        request,
        DoctorChoice(doctor=doctor),
        visit_type=str(booking.visit_type_id) if booking.visit_type_id else None,
        moving=booking,
        initial_day=date.fromisoformat(data["local_date"]),
    )
    context = {**times, "booking": data, "doctor": doctor, "moving": True}
    return render(request, "scheduling/pages/move.html", context)


def _chosen_slot(request: HttpRequest) -> Slot | None:
    """Return the slot that was chosen in the form."""
    if CONTINUE not in request.GET:
        return None
    with suppress(ValueError):
        slot_id = uuid.UUID(request.GET.get("slot", ""))
        return Slot.objects.select_related("place").filter(pk=slot_id).first()
    return None


def _confirm_path(booking: Booking, slot_id: str, *, doctor: str, day: str) -> str:
    return with_query(f"/appointments/{booking.pk}/move/{slot_id}", doctor=doctor, date=day)


@patient_page(post=True)
def confirm_move_page(
    request: HttpRequest, user: User, booking_id: uuid.UUID, slot_id: uuid.UUID
) -> HttpResponse:
    """Compare the new time with the present one, and move the appointment."""
    booking = find_booking(booking_id=booking_id, by=user)
    done = f"/appointments/{booking.pk}?moved"
    if booking.slot_id == slot_id:
        return SeeOther(done)
    if refusal := _too_late(request, booking):
        return refusal
    error: DomainError | None = None
    if request.method == "POST":
        try:
            read_before_booking(slots=[slot_id], now=now())
            reschedule_booking(booking=booking, slot_id=slot_id, by=user, now=now())
            return SeeOther(done)
        except SlotTaken as taken:
            return _taken(request, booking, (taken.data or {}).get("alternatives", []), status=taken.status)
        except DomainError as other:
            error = other
    doctor, day = _doctor_and_day(request, booking)
    slot = _open_slot(slot_id, booking, doctor=doctor, day=day)
    if slot is None:
        nearest = nearest_to(WantedTime(slot_id, doctor, day), moving=booking, now=now())
        return _taken(request, booking, nearest, status=200)
    data, visit_types = booking_data(request, booking), frame_of(request).clinic["visit_types"]
    # Only the clinic's list says how long a visit of this type takes.
    visit = next((one for one in visit_types if one["id"] == str(booking.visit_type_id)), None)
    context = {
        "booking": data,
        "visit": visit or data["visit_type"],
        "slot": slot,
        "doctor_name": slot.get("doctor_name") or booking.doctor.display_name,
        "needs_approval": bool(visit and visit["needs_approval"]),
        "error": error,
    }
    return render(
        request, "scheduling/pages/confirm_move.html", context, status=error.status if error else 200
    )


def _doctor_and_day(request: HttpRequest, booking: Booking) -> tuple[uuid.UUID, date]:
    """Return the doctor and the day of the new time as the URL names them, else those of the booking."""
    doctor, day = booking.doctor_id, _day_of(booking)
    with suppress(ValueError):
        doctor = uuid.UUID(request.GET.get("doctor", ""))
    with suppress(ValueError):
        day = date.fromisoformat(request.GET.get("date", ""))
    return doctor, day


def _day_of(booking: Booking) -> date:
    day: date = local_time_fields(booking.starts_at, booking.ends_at, booking.place)["local_date"]
    return day


def _open_slot(
    slot_id: uuid.UUID, booking: Booking, *, doctor: uuid.UUID, day: date
) -> dict[str, Any] | None:
    """Return the slot if it is open, as if the booking were not there."""
    params = {
        "doctor": str(doctor),
        "from": day.isoformat(),
        "to": day.isoformat(),
        "visit_type": str(booking.visit_type_id) if booking.visit_type_id else None,
    }
    open_slots = find_open_slots(params, moving=booking)
    return next((slot for slot in open_slots if slot["id"] == str(slot_id)), None)


def _taken(
    request: HttpRequest, booking: Booking, slots: list[dict[str, Any]], *, status: int
) -> HttpResponse:
    alternatives = [
        (
            slot,
            _confirm_path(booking, str(slot["id"]), doctor=str(slot["doctor"]), day=str(slot["local_date"])),
        )
        for slot in slots
    ]
    context = {"alternatives": alternatives, "all_times": f"/appointments/{booking.pk}/move"}
    return render(request, "scheduling/pages/slot_taken.html", context, status=status)
