"""Records opened by those who may: what staff read of patients is in the audit log, and who is refused."""

import uuid
from collections.abc import Iterable

from clinics.models import Patient
from clinics.services.dependants import patient_refused
from scheduling.models import Booking, WaitlistEntry, WaitlistOffer
from scheduling.selectors.bookings import visible_booking
from scheduling.selectors.patients import visible_patients
from scheduling.selectors.waitlist import own_entry, own_offer
from tenants.accounts.audit import What, record
from tenants.accounts.models import User
from tenants.base.errors import NotFound


def open_booking(*, booking_id: uuid.UUID, by: User) -> Booking:
    """The booking, for `by` to read. Its patient is read with it.

    :raises NotFound: there is none, or not for them
    """
    booking = find_booking(booking_id=booking_id, by=by)
    if by.role != User.Role.PATIENT:
        record(what=What.READ, by=by, about=[booking, booking.patient])
    return booking


def find_booking(*, booking_id: uuid.UUID, by: User) -> Booking:
    """The booking, for `by` to do something with.

    :raises NotFound: there is none, or not for them
    """
    try:
        return visible_booking(by, booking_id)
    except NotFound:
        record(what=What.REFUSED, by=by, about=Booking.objects.filter(pk=booking_id))
        raise


def find_entry(*, entry_id: uuid.UUID, by: User) -> WaitlistEntry:
    """What a patient waits for, for them to end it.

    :raises NotFound: there is none, or it is another's
    """
    try:
        return own_entry(by, entry_id)
    except NotFound:
        record(what=What.REFUSED, by=by, about=WaitlistEntry.objects.filter(pk=entry_id))
        raise


def find_offer(*, offer_id: uuid.UUID, by: User) -> WaitlistOffer:
    """What a patient is offered, for them to answer.

    :raises NotFound: there is none, or it is another's
    """
    try:
        return own_offer(by, offer_id)
    except NotFound:
        record(what=What.REFUSED, by=by, about=WaitlistOffer.objects.filter(pk=offer_id))
        raise


def open_patient(*, patient_id: uuid.UUID, by: User) -> Patient:
    """The patient's record, for somebody of the clinic to read.

    :raises NotFound: there is none, or not for them
    """
    patient: Patient | None = visible_patients(by).filter(pk=patient_id).first()
    if patient is None:
        patient_refused(patient_id=patient_id, by=by)
        raise NotFound
    record(what=What.READ, by=by, about=[patient])
    return patient


def patients_listed(*, patients: Iterable[Patient], by: User) -> None:
    """Write down whom a list showed to `by`, each patient once, in one statement."""
    record(what=What.LISTED, by=by, about={patient.pk: patient for patient in patients}.values())
