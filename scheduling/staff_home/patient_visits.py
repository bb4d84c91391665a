"""The visits of a patient that a member of staff may see."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from clinics.models import Patient
from clinics.services.dependants import record_refused_access
from scheduling.models import Booking
from scheduling.models.bookings import BookingQuerySet
from scheduling.patients.access_log import record_patients_listed_hourly
from scheduling.patients.selectors import visible_patients
from scheduling.staff_home.selectors import visits_in_rows
from tenants.accounts.models import User
from tenants.base.errors import NotFound


@dataclass(frozen=True, slots=True)
class VisitsAround:
    """The last visit of a patient that was not cancelled, and the next one."""

    patient: uuid.UUID
    last: Booking | None
    next: Booking | None


def last_and_next_visits(patients: Sequence[uuid.UUID], *, user: User, now: datetime) -> list[VisitsAround]:
    """Return the last and next visit of each of these patients whom `user` may see, in two queries."""
    visible = list(visible_patients(user).filter(pk__in=patients))
    record_patients_listed_hourly(patients=visible, by=user, now=now)
    bookings = visits_in_rows(user).exclude(status=Booking.Status.CANCELLED).filter(patient__in=visible)
    upcoming = bookings.upcoming(now=now).order_by("patient_id", "starts_at", "id").distinct("patient_id")
    past = bookings.past(now=now).order_by("patient_id", "-starts_at", "id").distinct("patient_id")
    next_by_patient = {booking.patient_id: booking for booking in upcoming}
    last_by_patient = {booking.patient_id: booking for booking in past}
    return [
        VisitsAround(patient.pk, last_by_patient.get(patient.pk), next_by_patient.get(patient.pk))
        for patient in visible
    ]


def visits_of_patient(patient_id: uuid.UUID, *, when: str, user: User, now: datetime) -> BookingQuerySet:
    """Return the visits of a patient: upcoming ones soonest first, or past and cancelled ones latest first.

    :param when: `upcoming` or `past`
    :raises NotFound: the patient does not exist, or `user` may not see them
    """
    patient: Patient | None = visible_patients(user).filter(pk=patient_id).first()
    if patient is None:
        record_refused_access(patient_id=patient_id, by=user)
        raise NotFound
    record_patients_listed_hourly(patients=[patient], by=user, now=now)
    bookings = visits_in_rows(user).filter(patient=patient)
    if when == "upcoming":
        return bookings.upcoming(now=now).order_by("starts_at", "id")
    return bookings.past(now=now).order_by("-starts_at", "id")
