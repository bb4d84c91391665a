"""What is done with a booking: cancelled, moved; by the clinic's people confirmed, checked in and so on."""

import uuid
from collections.abc import Callable
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from scheduling.api.inputs import CancelInput, RescheduleInput
from scheduling.api.serializers import BookingOutput
from scheduling.models import Booking
from scheduling.services import attending
from scheduling.services.cancelling import cancel_booking
from scheduling.services.moving import reschedule_booking
from scheduling.services.reading import find_booking
from tenants.accounts.permissions import IsStaff, user_of
from tenants.base.clock import now
from tenants.base.requests import read


class CancelView(APIView):
    """Giving a booked time back."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(request=CancelInput, responses=BookingOutput)
    def post(self, request: Request, booking_id: uuid.UUID) -> Response:
        """Cancel: its patient or who cares for them, its doctor, an admin or a receptionist."""
        given, user = read(CancelInput, request.data), user_of(request)
        booking = find_booking(booking_id=booking_id, by=user)
        cancelled = cancel_booking(booking=booking, by=user, reason=given["reason"], now=now())
        return Response(BookingOutput(cancelled).data)


class RescheduleView(APIView):
    """Moving a booking to another time."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(request=RescheduleInput, responses=BookingOutput)
    def post(self, request: Request, booking_id: uuid.UUID) -> Response:
        """Take the new time and give the old one back: both or neither. Who may cancel may move."""
        given, user = read(RescheduleInput, request.data), user_of(request)
        booking = find_booking(booking_id=booking_id, by=user)
        moved = reschedule_booking(
            booking=booking, slot_id=given["slot"], reason=given["reason"], by=user, now=now()
        )
        return Response(BookingOutput(moved).data)


class StepView(APIView):
    """One step that its doctor, an admin or a receptionist takes with a booking."""

    permission_classes = (IsStaff,)
    step: ClassVar[Callable[..., Booking]]

    def take(self, request: Request, booking_id: uuid.UUID) -> Response:
        """Take it."""
        user = user_of(request)
        booking = find_booking(booking_id=booking_id, by=user)
        done: Any = type(self).step(booking=booking, by=user, now=now())
        return Response(BookingOutput(done).data)


class ConfirmView(StepView):
    """Approving a booking that waits for it."""

    step = staticmethod(attending.confirm_booking)

    @extend_schema(request=None, responses=BookingOutput)
    def post(self, request: Request, booking_id: uuid.UUID) -> Response:
        """Confirm it. To decline, cancel."""
        return self.take(request, booking_id)


class CheckInView(StepView):
    """The patient has come."""

    step = staticmethod(attending.check_in)

    @extend_schema(request=None, responses=BookingOutput)
    def post(self, request: Request, booking_id: uuid.UUID) -> Response:
        """Check in, from four hours before the start on; also who was thought not to come."""
        return self.take(request, booking_id)


class CompleteView(StepView):
    """The visit has taken place."""

    step = staticmethod(attending.complete_booking)

    @extend_schema(request=None, responses=BookingOutput)
    def post(self, request: Request, booking_id: uuid.UUID) -> Response:
        """Complete it."""
        return self.take(request, booking_id)


class NoShowView(StepView):
    """The patient did not come."""

    step = staticmethod(attending.mark_no_show)

    @extend_schema(request=None, responses=BookingOutput)
    def post(self, request: Request, booking_id: uuid.UUID) -> Response:
        """Say so, once the visit should have begun."""
        return self.take(request, booking_id)
