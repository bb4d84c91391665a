"""Look up a booking for a user, and record reads and refusals in the audit log."""

import uuid

from scheduling.bookings.selectors import visible_booking
from scheduling.models import Booking
from scheduling.patients.access_log import recording_refusals
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User


def open_booking(*, booking_id: uuid.UUID, by: User) -> Booking:
    """The booking, for `by` to read. If `by` is staff, the read is recorded for the booking and its patient.

    :raises NotFound: it does not exist, or `by` may not see it
    """
    booking = find_booking(booking_id=booking_id, by=by)
    if by.role != User.Role.PATIENT:
        write_audit_entries(what=AuditAction.READ, by=by, about=[booking, booking.patient])
    return booking


def find_booking(*, booking_id: uuid.UUID, by: User) -> Booking:
    """The booking, for `by` to change.

    :raises NotFound: it does not exist, or `by` may not see it
    """
    with recording_refusals(Booking.objects.filter(pk=booking_id), by=by):
        return visible_booking(by, booking_id)
