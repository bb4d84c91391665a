"""An appointment for a calendar, for a patient who is signed in with the browser's cookie."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from notifications.api.calendar_file import calendar_response
from notifications.calendar_files import booking_event
from notifications.calendar_links import CALENDAR_LINKS
from scheduling.bookings.access import open_booking
from scheduling.models import Booking
from tenants.accounts.models import User
from tenants.accounts.pages.page_view import SeeOther
from tenants.accounts.pages.patient_page import patient_page


@patient_page()
def calendar_file(request: HttpRequest, user: User, booking_id: uuid.UUID) -> HttpResponse:
    """Return the appointment as an iCalendar file."""
    return calendar_response(open_booking(booking_id=booking_id, by=user), attendee=user)


@patient_page()
def online_calendar(request: HttpRequest, user: User, booking_id: uuid.UUID, calendar: str) -> HttpResponse:
    """Redirect to an online calendar, with the details that are in the calendar file.

    The company that runs it gets them only if the patient follows this link.

    :param calendar: a key of `CALENDAR_LINKS`
    """
    booking = open_booking(booking_id=booking_id, by=user)
    if booking.status == Booking.Status.CANCELLED:
        return SeeOther(f"/appointments/{booking.pk}")
    return HttpResponseRedirect(CALENDAR_LINKS[calendar](booking_event(booking, attendee=user)))
