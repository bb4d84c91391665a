"""Booking a slot: one statement, decided by the database."""

import uuid
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from clinics.models import Patient
from clinics.selectors import clinic_settings
from scheduling.availability_cache import availability_changes
from scheduling.errors import (
    NewPatientsNotAccepted,
    PatientBusy,
    SlotNotOffered,
    SlotStarted,
    SlotTaken,
    TooFarAhead,
)
from scheduling.models import Booking, Slot
from scheduling.selectors.availability import nearest_open_slots
from scheduling.selectors.wall import last_bookable_instant
from tenants.accounts.audit import What, record
from tenants.accounts.models import User
from tenants.base.errors import DomainError, NotFound
from tenants.door import current_clinic
from tenants.retrying import retry_conflicts

# Booking, event and queue line in one statement. Whether the slot is free is not asked before: the
# constraints decide at the moment of writing, and a loser writes nothing. The key-share lock keeps the
# generator from removing the slot meanwhile; Postgres reads the slot again once it has the lock. The lock on
# the patient is against their data being erased, or a carer's giving them up, at the same moment.
BOOK = """
WITH booking AS (
    INSERT INTO scheduling_booking
        (id, created_at, slot_id, doctor_id, patient_id, starts_at, ends_at, status, reason)
    SELECT %(booking)s, %(now)s, slot.id, slot.doctor_id, %(patient)s, slot.starts_at, slot.ends_at,
        'CONFIRMED', %(reason)s
    FROM scheduling_slot AS slot JOIN clinics_doctor AS doctor ON doctor.id = slot.doctor_id
        JOIN clinics_patient AS patient ON patient.id = %(patient)s AND patient.erased_at IS NULL
    WHERE slot.id = %(slot)s AND slot.status = 'free' AND slot.fits_hours
        AND slot.starts_at > %(now)s AND slot.starts_at < %(last)s
        AND doctor.is_active AND (doctor.accepting_new_patients OR EXISTS (
            SELECT FROM scheduling_booking AS earlier
            WHERE earlier.doctor_id = doctor.id AND earlier.patient_id = %(patient)s
                AND earlier.status <> 'CANCELLED'))
    FOR KEY SHARE OF slot, patient
    ON CONFLICT DO NOTHING
    RETURNING id
), event AS (
    INSERT INTO scheduling_bookingevent (id, created_at, booking_id, kind, by_id, note)
    SELECT %(event)s, %(now)s, booking.id, 'booked', %(by)s, '' FROM booking
    RETURNING id
)
INSERT INTO public.tenants_queueline (clinic_id, kind, row_id, due_at, attempts)
SELECT %(clinic)s, 'booking_event', event.id, %(now)s, 0 FROM event
RETURNING id
"""


@retry_conflicts
def book_slot(*, slot_id: uuid.UUID, patient: Patient, by: User, reason: str = "", now: datetime) -> Booking:
    """Give the slot to `patient`, confirmed; of any number who try, one gets it.

    :raises NotFound: there is no such slot, or the patient is gone
    :raises SlotStarted: it has begun
    :raises SlotNotOffered: the doctor does not offer it
    :raises TooFarAhead: it is beyond the days the clinic takes bookings for
    :raises NewPatientsNotAccepted: the doctor has never seen the patient and takes no new ones
    :raises SlotTaken: somebody has it; `data.alternatives` holds the nearest open ones
    :raises PatientBusy: the patient is somewhere else then
    """
    booking_id = uuid.uuid4()
    values: dict[str, Any] = {
        "booking": booking_id,
        "event": uuid.uuid4(),
        "slot": slot_id,
        "patient": patient.pk,
        "by": by.pk,
        "reason": reason,
        "clinic": current_clinic().pk,
        "now": now,
        "last": last_bookable_instant(clinic_settings(), now=now),
    }
    with transaction.atomic(), availability_changes():
        with connection.cursor() as cursor:
            cursor.execute(BOOK, values)
            written = cursor.fetchone()
        if written is None:
            raise why_not(slot_id=slot_id, patient=patient, now=now)
        if by.role != User.Role.PATIENT:
            record(what=What.BOOKED, by=by, about=[Booking(pk=booking_id), patient])
    return Booking.objects.shown().get(pk=booking_id)


def why_not(*, slot_id: uuid.UUID, patient: Patient, now: datetime) -> DomainError:
    """The reason for which the slot could not be given to `patient`."""
    before = last_bookable_instant(clinic_settings(), now=now)
    slot = Slot.objects.live().select_related("doctor").filter(pk=slot_id).first()
    if slot is None or not Patient.objects.known().filter(pk=patient.pk).exists():
        return NotFound()
    if slot.starts_at <= now:
        return SlotStarted()
    taken = Booking.objects.taking().filter(slot=slot).exists()
    reason = None if taken else why_not_offered(slot, before=before) or why_not_for(patient, slot)
    # Where there is no reason any more, it was taken at the moment of writing and given back since.
    return reason or SlotTaken({"alternatives": nearest_open_slots(slot, now=now, before=before)})


def why_not_offered(slot: Slot, *, before: datetime) -> DomainError | None:
    """Why nobody can book the slot."""
    if slot.status != Slot.Status.FREE or not slot.fits_hours or not slot.doctor.is_active:
        return SlotNotOffered()
    return TooFarAhead() if slot.starts_at >= before else None


def why_not_for(patient: Patient, slot: Slot) -> DomainError | None:
    """Why this patient cannot."""
    busy = Booking.objects.taking().filter(
        patient=patient, starts_at__lt=slot.ends_at, ends_at__gt=slot.starts_at
    )
    if busy.exists():
        return PatientBusy()
    return None if slot.doctor.accepting_new_patients else NewPatientsNotAccepted()
