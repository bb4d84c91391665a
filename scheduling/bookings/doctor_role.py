"""A rule about users who stop being doctors."""

from scheduling.errors import DoctorHasBookings
from scheduling.models import Booking
from tenants.accounts.access_rules import AccessChange
from tenants.accounts.models import User


def keep_doctors_with_bookings(change: AccessChange) -> None:
    """Refuse to take the role of a doctor from a user who has upcoming bookings.

    :raises DoctorHasBookings: there are bookings that have not ended
    """
    if not change.loses(User.Role.DOCTOR):
        return
    count = Booking.objects.booked().upcoming(now=change.now).filter(doctor__user=change.user).count()
    if count:
        raise DoctorHasBookings(count=count)
