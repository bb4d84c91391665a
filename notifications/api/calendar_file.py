"""`appointments/bookings/{id}/calendar.ics`."""

import uuid

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request
from rest_framework.views import APIView

from notifications.api.calendar_responses import IgnoreAcceptHeader
from notifications.calendar_files import booking_calendar_file
from scheduling.bookings.access import open_booking
from scheduling.models import Booking
from tenants.accounts.models import User
from tenants.accounts.permissions import IsDoctor, IsFrontDesk, IsSelf, signed_in_user
from tenants.base.operations import operation


class CalendarView(APIView):
    """A booking as a calendar file."""

    permission_classes = (IsSelf | IsDoctor | IsFrontDesk,)
    content_negotiation_class = IgnoreAcceptHeader

    @operation(
        summary="Get a booking as a calendar file",
        operation_id="appointments_bookings_calendar_retrieve",
        responses={(200, "text/calendar"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, booking_id: uuid.UUID) -> HttpResponse:
        """The booking as an iCalendar file (RFC 5545). For a cancelled booking its method is CANCEL."""
        user = signed_in_user(request)
        booking = open_booking(booking_id=booking_id, by=user)
        attendee = user if user.role == User.Role.PATIENT else booking.patient.user
        return calendar_response(booking, attendee=attendee)


def calendar_response(booking: Booking, *, attendee: User | None) -> HttpResponse:
    """Return a booking as a calendar file to download."""
    method = "CANCEL" if booking.status == Booking.Status.CANCELLED else "PUBLISH"
    return HttpResponse(
        booking_calendar_file(booking, method=method, attendee=attendee),
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="appointment.ics"',
            "Cache-Control": "no-store",
        },
    )
