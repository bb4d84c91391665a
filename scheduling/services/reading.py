"""Look up records for a user, and write reads by staff and refusals to the audit log."""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import QuerySet

from clinics.models import Patient
from clinics.services.dependants import patient_refused
from scheduling.models import Booking, Series, WaitlistEntry, WaitlistOffer
from scheduling.selectors.bookings import visible_booking
from scheduling.selectors.patients import visible_patients
from scheduling.selectors.series import visible_series
from scheduling.selectors.waitlist import own_entry, own_offer
from tenants.accounts.audit import What, record
from tenants.accounts.models import User
from tenants.base.errors import NotFound


@contextmanager
def _recording_refusals(rows: QuerySet[Any], *, by: User) -> Iterator[None]:
    """Record in the audit log that `by` was refused these rows, if `NotFound` is raised inside."""
    try:
        yield
    except NotFound:
        record(what=What.REFUSED, by=by, about=rows)
        raise


def open_booking(*, booking_id: uuid.UUID, by: User) -> Booking:
    """The booking, for `by` to read. A read by staff is recorded for the booking and its patient.

    :raises NotFound: it does not exist, or `by` may not see it
    """
    booking = find_booking(booking_id=booking_id, by=by)
    if by.role != User.Role.PATIENT:
        record(what=What.READ, by=by, about=[booking, booking.patient])
    return booking


def find_booking(*, booking_id: uuid.UUID, by: User) -> Booking:
    """The booking, for `by` to change.

    :raises NotFound: it does not exist, or `by` may not see it
    """
    with _recording_refusals(Booking.objects.filter(pk=booking_id), by=by):
        return visible_booking(by, booking_id)


def open_series(*, series_id: uuid.UUID, by: User) -> QuerySet[Booking]:
    """The bookings of a series, for `by` to read. A read by staff is recorded for them and their patients.

    :raises NotFound: it does not exist, or `by` may not see it
    """
    bookings = find_series(series_id=series_id, by=by)
    if by.role != User.Role.PATIENT:
        patients = {booking.patient_id: booking.patient for booking in bookings}
        record(what=What.READ, by=by, about=[*bookings, *patients.values()])
    return bookings


def find_series(*, series_id: uuid.UUID, by: User) -> QuerySet[Booking]:
    """The bookings of a series, for `by` to change.

    :raises NotFound: it does not exist, or `by` may not see it
    """
    with _recording_refusals(Series.objects.filter(pk=series_id), by=by):
        return visible_series(by, series_id)


def find_entry(*, entry_id: uuid.UUID, by: User) -> WaitlistEntry:
    """A waiting-list entry of the user or of a dependant.

    :raises NotFound: it does not exist, or is somebody else's
    """
    with _recording_refusals(WaitlistEntry.objects.filter(pk=entry_id), by=by):
        return own_entry(by, entry_id)


def find_offer(*, offer_id: uuid.UUID, by: User) -> WaitlistOffer:
    """An offer to the user or to a dependant.

    :raises NotFound: it does not exist, or is somebody else's
    """
    with _recording_refusals(WaitlistOffer.objects.filter(pk=offer_id), by=by):
        return own_offer(by, offer_id)


def open_patient(*, patient_id: uuid.UUID, by: User) -> Patient:
    """The patient's record, for staff to read. The read is recorded.

    :raises NotFound: it does not exist, or `by` may not see it
    """
    patient: Patient | None = visible_patients(by).filter(pk=patient_id).first()
    if patient is None:
        patient_refused(patient_id=patient_id, by=by)
        raise NotFound
    record(what=What.READ, by=by, about=[patient])
    return patient


def patients_listed(*, patients: Iterable[Patient], by: User) -> None:
    """Record in the audit log that a list showed these patients to `by`: each once, in one statement."""
    record(what=What.LISTED, by=by, about={patient.pk: patient for patient in patients}.values())
