"""Whether the time of a booking can be booked again, on several dates."""

from datetime import datetime

from scheduling.models import Booking


def can_repeat(booking: Booking, *, now: datetime) -> bool:
    """Return whether it is an upcoming booking, whose time can be the first of several."""
    return booking.status in {Booking.Status.PENDING, Booking.Status.CONFIRMED} and booking.starts_at > now
