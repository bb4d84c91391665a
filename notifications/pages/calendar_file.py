"""The calendar file of an appointment, for a patient who is signed in with the browser's cookie."""

import uuid

from django.http import HttpRequest, HttpResponse

from notifications.api.calendar_file import calendar_response
from scheduling.bookings.access import open_booking
from tenants.accounts.models import User
from tenants.accounts.pages.patient_page import patient_page


@patient_page()
def calendar_file(request: HttpRequest, user: User, booking_id: uuid.UUID) -> HttpResponse:
    """Return the appointment as an iCalendar file."""
    return calendar_response(open_booking(booking_id=booking_id, by=user), attendee=user)
