"""Look up recurring visits for a user, and record reads and refusals in the audit log."""

import uuid

from django.db.models import QuerySet

from scheduling.models import Booking, Series
from scheduling.patients.access_log import recording_refusals
from scheduling.recurring_visits.selectors import visible_series_bookings
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User


def open_series(*, series_id: uuid.UUID, by: User) -> QuerySet[Booking]:
    """The bookings of a series, for `by` to read. If `by` is staff, the read is recorded.

    There is one audit entry for each booking and one for each patient.

    :raises NotFound: it does not exist, or `by` may not see it
    """
    bookings = find_series(series_id=series_id, by=by)
    if by.role != User.Role.PATIENT:
        patients = {booking.patient_id: booking.patient for booking in bookings}
        write_audit_entries(what=AuditAction.READ, by=by, about=[*bookings, *patients.values()])
    return bookings


def find_series(*, series_id: uuid.UUID, by: User) -> QuerySet[Booking]:
    """The bookings of a series, for `by` to change.

    :raises NotFound: it does not exist, or `by` may not see it
    """
    with recording_refusals(Series.objects.filter(pk=series_id), by=by):
        return visible_series_bookings(by, series_id)
