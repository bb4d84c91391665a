"""The content of calendar feeds, in the clinic's time zone and locale."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from clinics.selectors import clinic_settings
from notifications.calendar import FeedEntry, feed_file
from notifications.calendar_files import ICALENDAR_STATUSES
from notifications.selectors import bookings_in_feed
from notifications.visit_context import location_in_words, period_in_words, visit_mode
from scheduling.models import Booking, VisitType
from tenants.accounts.models import User
from tenants.current import current_clinic
from tenants.routing.public_urls import clinic_url, message_id

_Texts = dict[str, str]


def feed_content(user: User, *, now: datetime) -> bytes:
    """Return the calendar feed of `user`. The bytes depend only on the user's bookings."""
    clinic, brand = current_clinic(), clinic_settings()
    home = clinic_url(clinic, "")  # one query for all bookings
    texts: Callable[[Any, User, str], _Texts]
    texts = _texts_for_doctor if user.role == User.Role.DOCTOR else _texts_for_patient
    entries = [
        FeedEntry(
            uid=message_id(booking.pk)[1:-1],
            sequence=booking.changes - 1,
            status=ICALENDAR_STATUSES.get(Booking.Status(booking.status), "CONFIRMED"),
            starts_at=booking.starts_at,
            ends_at=booking.ends_at,
            location=location_in_words(booking, brand),
            is_video=visit_mode(booking) == VisitType.Mode.VIDEO and user.role != User.Role.DOCTOR,
            changed_at=booking.changed_at,
            **texts(booking, user, home),
        )
        for booking in bookings_in_feed(user, now=now)
    ]
    return feed_file(entries, name=_("Appointments at %(clinic)s") % {"clinic": clinic.name})


def _texts_for_doctor(_booking: Booking, _user: User, home: str) -> _Texts:
    """Return the texts of a booking without the patient: a doctor's calendar is on a foreign server."""
    return {"summary": _("Appointment"), "description": "", "url": f"{home}/portal"}


def _texts_for_patient(booking: Booking, user: User, home: str) -> _Texts:
    """Return the texts of a booking for a patient or carer. A carer also sees the dependant's name."""
    clinic = current_clinic()
    context = {
        "clinic": clinic.name,
        "doctor": booking.doctor.display_name,
        "name": booking.patient.first_name,
        **period_in_words(booking.starts_at, booking.ends_at, booking.place),
    }
    if booking.patient.user_id == user.pk:
        summary = _("Appointment at %(clinic)s with %(doctor)s") % context
    else:
        summary = _("%(name)s: appointment at %(clinic)s with %(doctor)s") % context
    return {
        "summary": summary,
        "description": _("%(day)s, %(time)s (%(zone)s), with %(doctor)s") % context,
        "url": f"{home}/appointments/{booking.pk}",
    }
