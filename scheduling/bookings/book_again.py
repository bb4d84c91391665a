"""What of an earlier booking can be booked again: the doctor, and the type of visit with that doctor."""

import uuid
from dataclasses import dataclass

from scheduling.availability.doctor_search import offering_doctors
from scheduling.models import Booking
from scheduling.visit_types.selectors import offered_visit_types
from tenants.base.paths import with_query


@dataclass(frozen=True, slots=True)
class BookAgain:
    """The parts of an earlier booking that patients can book now."""

    doctor: uuid.UUID | None
    """None if patients can no longer book the doctor online."""
    visit_type: uuid.UUID | None
    """None if the booking had none, or nobody offers it any longer: the doctor, if there still is one."""
    lacks_visit_type: bool
    """Whether the booking had a type of visit that is no longer offered."""

    @property
    def path(self) -> str:
        """The page to continue on: the doctor's times, or else the list of doctors."""
        page = f"/doctors/{self.doctor}" if self.doctor else "/doctors"
        return with_query(page, visit_type=str(self.visit_type) if self.visit_type else None)


def book_again(booking: Booking) -> BookAgain:
    """Return what of the booking can be booked again. Whether there are open times is not checked."""
    doctor = (
        booking.doctor_id if offering_doctors(doctor=booking.doctor_id, visit_type=None).exists() else None
    )
    offered = (
        offered_visit_types().filter(pk=booking.visit_type_id).first() if booking.visit_type_id else None
    )
    if offered is not None and not offering_doctors(doctor=doctor, visit_type=offered).exists():
        offered = None
    return BookAgain(
        doctor=doctor,
        visit_type=offered.pk if offered else None,
        lacks_visit_type=booking.visit_type_id is not None and offered is None,
    )
