"""What a calendar feed says, in the clinic's zone and language."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from clinics.selectors import clinic_settings
from notifications.calendar import FeedEntry, feed_file
from notifications.letters import STATUSES, spoken_language
from notifications.selectors import bookings_in_feed
from notifications.wording import spoken_period, where
from scheduling.models import Booking
from tenants.accounts.models import User
from tenants.door import current_clinic
from tenants.links import clinic_url, message_id

Words = dict[str, str]


def feed_content(user: User, *, now: datetime) -> bytes:
    """The feed of `user`. The same bookings give the same bytes, whoever fetches it."""
    clinic, brand = current_clinic(), clinic_settings()
    home = clinic_url(clinic, "")  # asked for once, not for every booking
    words: Callable[[Any, User, str], Words]
    words = words_for_doctor if user.role == User.Role.DOCTOR else words_for_patient
    with spoken_language(brand):
        entries = [
            FeedEntry(
                uid=message_id(booking.pk)[1:-1],
                sequence=booking.changes - 1,
                status=STATUSES.get(Booking.Status(booking.status), "CONFIRMED"),
                starts_at=booking.starts_at,
                ends_at=booking.ends_at,
                location=where(booking, brand),
                changed_at=booking.changed_at,
                **words(booking, user, home),
            )
            for booking in bookings_in_feed(user, now=now)
        ]
        return feed_file(entries, name=_("Appointments at %(clinic)s") % {"clinic": clinic.name})


def words_for_doctor(_booking: Booking, _user: User, home: str) -> Words:
    """What a doctor's calendar says of a booking: that there is one. Its server is not the clinic's."""
    return {"summary": _("Appointment"), "description": "", "url": f"{home}/schedule"}


def words_for_patient(booking: Booking, user: User, home: str) -> Words:
    """What a patient's calendar says of a booking: where, with whom, and for whom, if not for themselves."""
    clinic = current_clinic()
    told = {
        "clinic": clinic.name,
        "doctor": booking.doctor.display_name,
        "name": booking.patient.first_name,
        **spoken_period(booking.starts_at, booking.ends_at, booking.place),
    }
    if booking.patient.user_id == user.pk:
        summary = _("Appointment at %(clinic)s with %(doctor)s") % told
    else:
        summary = _("%(name)s: appointment at %(clinic)s with %(doctor)s") % told
    return {
        "summary": summary,
        "description": _("%(day)s, %(time)s (%(zone)s), with %(doctor)s") % told,
        "url": f"{home}/appointments/{booking.pk}",
    }
