"""Change a booking: cancel, reschedule, confirm attendance; for staff also confirm, check in and so on."""

import uuid
from collections.abc import Callable
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from scheduling.availability.open_slots import get_visit_type
from scheduling.bookings import attendance
from scheduling.bookings.access import find_booking
from scheduling.bookings.api.inputs import CancelInput, RescheduleInput, StepInput, refuse_private_reason
from scheduling.bookings.api.outputs import BookingOutput
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.last_change import is_repeated, refusals_with_last_change
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.errors import (
    BOOKING_ERRORS,
    BookingChanged,
    BookingNotChangeable,
    NoticeTooShort,
    RescheduledTooLate,
    SameTime,
    SlotTaken,
    TooEarly,
)
from scheduling.models import Booking
from scheduling.outside_calendars.before_booking import read_before_booking
from tenants.accounts.permissions import IsDoctor, IsFrontDesk, IsPatient, IsSelf, IsStaff, signed_in_user
from tenants.base.clock import now
from tenants.base.operations import operation
from tenants.base.requests import validate


class CancelView(APIView):
    """Cancel a booking."""

    permission_classes = (IsSelf | IsDoctor | IsFrontDesk,)

    @operation(
        summary="Cancel a booking",
        request=CancelInput,
        responses=BookingOutput,
        success=_("Appointment cancelled."),
        errors=[BookingChanged, BookingNotChangeable, NoticeTooShort],
    )
    def post(self, request: Request, booking_id: uuid.UUID) -> Response:
        """Cancel the booking and free its slot.

        For the patient and their carers, the booking's doctor, admins and receptionists. Patients have to
        keep the clinic's cancellation notice. `private_reason` is for staff only.
        """
        data, user = validate(CancelInput, request.data), signed_in_user(request)
        refuse_private_reason(data, by=user)
        booking = find_booking(booking_id=booking_id, by=user)
        version = data.pop("version")
        with refusals_with_last_change(booking, version=version, by=user):
            cancelled = cancel_booking(
                booking=booking, by=user, same_version=version is not None, **data, now=now()
            )
        return Response(BookingOutput(cancelled, context={"request": request}).data)


class RescheduleView(APIView):
    """Reschedule a booking."""

    permission_classes = (IsSelf | IsDoctor | IsFrontDesk,)

    @operation(
        summary="Reschedule a booking",
        request=RescheduleInput,
        responses=BookingOutput,
        success=_("Appointment rescheduled."),
        errors=[BookingNotChangeable, RescheduledTooLate, SameTime, *BOOKING_ERRORS],
    )
    def post(self, request: Request, booking_id: uuid.UUID) -> Response:
        """Move the booking to another slot and free the old one, in one step. The booking keeps its id.

        With `visit_type`, the visit type changes too, by the rules of a new booking: who may book it, its
        questions, length, room, booking window and approval. `available/?moving={id}` lists the times.
        For the same people as a cancellation. If the new slot cannot be booked, the booking stays as it is.
        With `slot_taken`, `data.alternatives` has the nearest open slots.
        """
        data, user = validate(RescheduleInput, request.data), signed_in_user(request)
        booking = find_booking(booking_id=booking_id, by=user)
        read_before_booking(slots=[data["slot"]], now=now())
        moved = reschedule_booking(
            booking=booking,
            slot_id=data["slot"],
            visit_type=get_visit_type(data["visit_type"]),
            answers=data.get("answers"),
            reason=data["reason"],
            by=user,
            now=now(),
        )
        return Response(BookingOutput(moved, context={"request": request}).data)


class AttendanceView(APIView):
    """Confirm that the patient will come."""

    permission_classes = (IsPatient,)

    @operation(
        summary="Confirm that you will come",
        request=None,
        responses=BookingOutput,
        success=_("Thank you. The clinic now knows that you will come."),
        errors=[BookingNotChangeable],
    )
    def post(self, request: Request, booking_id: uuid.UUID) -> Response:
        """Tell the clinic that the patient will come. For the patient and their carers, until the start.

        Repeating it has no further effect. When the booking is rescheduled, it can be confirmed again.
        """
        user = signed_in_user(request)
        booking = find_booking(booking_id=booking_id, by=user)
        confirmed = attendance.confirm_attendance(booking=booking, by=user, now=now())
        return Response(BookingOutput(confirmed, context={"request": request}).data)


class ActionView(APIView):
    """Base of the actions that the booking's doctor, admins and receptionists can take on a booking."""

    permission_classes = (IsStaff,)
    service: ClassVar[Callable[..., Booking]]
    step: ClassVar[attendance.Step]

    def apply(self, request: Request, booking_id: uuid.UUID) -> Response:
        """Apply the action and return the booking. Repeating the last step returns it as well."""
        data, user = validate(StepInput, request.data), signed_in_user(request)
        booking = find_booking(booking_id=booking_id, by=user)
        if is_repeated(booking, kind=self.step.kind, status=self.step.status, by=user):
            changed: Any = booking
        else:
            with refusals_with_last_change(booking, version=data["version"], by=user):
                changed = type(self).service(booking=booking, by=user, now=now())
        return Response(BookingOutput(changed, context={"request": request}).data)


class ConfirmView(ActionView):
    """Approve a booking."""

    service = staticmethod(attendance.confirm_booking)
    step = attendance.CONFIRM

    @operation(
        summary="Confirm a booking",
        request=StepInput,
        responses=BookingOutput,
        success=_("Appointment confirmed."),
        errors=[BookingChanged, BookingNotChangeable],
    )
    def post(self, request: Request, booking_id: uuid.UUID) -> Response:
        """Approve a booking with the status PENDING. To decline it, cancel it."""
        return self.apply(request, booking_id)


class CheckInView(ActionView):
    """Check a patient in."""

    service = staticmethod(attendance.check_in)
    step = attendance.CHECK_IN

    @operation(
        summary="Check a patient in",
        request=StepInput,
        responses=BookingOutput,
        success=_("Patient checked in."),
        errors=[BookingChanged, BookingNotChangeable, TooEarly, SlotTaken],
    )
    def post(self, request: Request, booking_id: uuid.UUID) -> Response:
        """Mark the patient as arrived. Allowed from four hours before the start on.

        Also works for a patient who was marked as a no-show, unless the slot has been booked since.
        """
        return self.apply(request, booking_id)


class StartView(ActionView):
    """Start a visit."""

    service = staticmethod(attendance.start_visit)
    step = attendance.START

    @operation(
        summary="Start a visit",
        request=StepInput,
        responses=BookingOutput,
        success=_("Visit started."),
        errors=[BookingChanged, BookingNotChangeable, TooEarly],
    )
    def post(self, request: Request, booking_id: uuid.UUID) -> Response:
        """Mark the visit as in progress.

        Allowed once the patient is checked in, or from the start time on.
        """
        return self.apply(request, booking_id)


class CompleteView(ActionView):
    """Complete a visit."""

    service = staticmethod(attendance.complete_booking)
    step = attendance.COMPLETE

    @operation(
        summary="Complete a visit",
        request=StepInput,
        responses=BookingOutput,
        success=_("Visit completed."),
        errors=[BookingChanged, BookingNotChangeable, TooEarly],
    )
    def post(self, request: Request, booking_id: uuid.UUID) -> Response:
        """Mark the visit as completed.

        Allowed once the patient is checked in or the visit is in progress, or from the start time on.
        """
        return self.apply(request, booking_id)


class NoShowView(ActionView):
    """Mark a patient as a no-show."""

    service = staticmethod(attendance.mark_no_show)
    step = attendance.NO_SHOW

    @operation(
        summary="Mark a patient as a no-show",
        request=StepInput,
        responses=BookingOutput,
        success=_("Patient marked as a no-show."),
        errors=[BookingChanged, BookingNotChangeable, TooEarly],
    )
    def post(self, request: Request, booking_id: uuid.UUID) -> Response:
        """Mark the patient as a no-show. Allowed from the start time on."""
        return self.apply(request, booking_id)
