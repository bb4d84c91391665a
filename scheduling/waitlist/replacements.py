"""The later bookings that an earlier time from the waiting list can replace."""

import uuid
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from clinics.models import Doctor, Patient, Specialty
from scheduling.bookings.cancel import CANCELLABLE
from scheduling.models import Booking

_DoctorSpecialty = Doctor.specialties.through


def replaceable_bookings(*, patient: Patient, doctor_id: uuid.UUID, starts_at: datetime) -> QuerySet[Booking]:
    """The patient's bookings, soonest first, that a time with the doctor at `starts_at` can replace.

    They start later, can still be cancelled, and are with the same doctor or one of the same specialty.
    """
    return _with_similar_doctor(_later(patient.pk, starts_at), doctor_id, doctor_id).order_by("starts_at")


def bookings_replaceable_from(
    since: datetime, *, patient: Patient, doctor: Doctor | None, specialty: Specialty | None
) -> QuerySet[Booking]:
    """The patient's bookings that a time from `since` on with the doctor or in the specialty can replace."""
    later = _later(patient.pk, since)
    if doctor is not None:
        return _with_similar_doctor(later, doctor.pk, doctor.pk)
    return later.filter(
        Exists(_DoctorSpecialty.objects.filter(doctor=OuterRef("doctor"), specialty=specialty))
    )


def replaceable_by_offer() -> QuerySet[Booking]:
    """As `replaceable_bookings`, for a subquery of offers."""
    later = _later(OuterRef("booking__patient"), OuterRef("booking__starts_at"))
    doctor = OuterRef("booking__doctor")
    return _with_similar_doctor(later, doctor, OuterRef(OuterRef(doctor))).order_by("starts_at")


def _later(patient: Any, starts_at: Any) -> QuerySet[Booking]:
    return Booking.objects.filter(patient=patient, status__in=CANCELLABLE, starts_at__gt=starts_at)


def _with_similar_doctor(
    bookings: QuerySet[Booking], doctor: Any, doctor_in_subquery: Any
) -> QuerySet[Booking]:
    """The bookings with that doctor, or with one of the same specialty."""
    practised = _DoctorSpecialty.objects.filter(doctor=doctor_in_subquery).values("specialty")
    shared = _DoctorSpecialty.objects.filter(doctor=OuterRef("doctor"), specialty__in=practised)
    return bookings.filter(Q(doctor=doctor) | Exists(shared))
