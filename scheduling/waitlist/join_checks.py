"""What a patient waits for, and refusing to wait for what can never be offered."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from clinics.models import Doctor, Patient, Specialty
from clinics.selectors import clinic_settings
from scheduling.availability.booking_rules import check_rules
from scheduling.availability.booking_window import booking_window
from scheduling.availability.doctor_search import offering_doctors
from scheduling.errors import (
    BookedTooLate,
    NewPatientsNotAccepted,
    NoDoctorAvailable,
    WaitlistLimitReached,
)
from scheduling.models import Booking, VisitType
from scheduling.models.time_off import every_day
from scheduling.waitlist.replacements import bookings_replaceable_from
from tenants.base.clock import day_start
from tenants.current import current_clinic


@dataclass(frozen=True, slots=True)
class WaitlistRequest:
    """The times a patient waits for: with a doctor or in a specialty, on weekdays of a range of dates."""

    first: date
    last: date
    doctor: Doctor | None = None
    specialty: Specialty | None = None
    visit_type: VisitType | None = None
    weekdays: Iterable[int] = field(default_factory=every_day)


def check_can_succeed(request: WaitlistRequest, *, patient: Patient, now: datetime) -> None:
    """Check that the patient could be offered a time, as the clinic is now.

    :raises WaitlistLimitReached: the patient may have no more bookings, and an earlier time replaces none
    :raises NoDoctorAvailable: no doctor who takes bookings practises the specialty and offers the visit type
    :raises NewPatientsNotAccepted: none of the doctors accepts this patient
    :raises BookedTooLate: every day is too soon to book
    """
    zone = current_clinic().zone
    window = booking_window(clinic_settings(), visit_type=request.visit_type, now=now)
    begins, ends = day_start(request.first, zone), day_start(request.last + timedelta(days=1), zone)
    if ends <= window.soonest:
        raise BookedTooLate
    _check_doctors(request, patient=patient, at=max(begins, now), now=now)
    _check_limit(request, patient=patient, since=max(begins, now), now=now)


def _check_doctors(request: WaitlistRequest, *, patient: Patient, at: datetime, now: datetime) -> None:
    """Check that a doctor who takes bookings offers the visit type to the patient.

    :raises NoDoctorAvailable: none offers it
    :raises NewPatientsNotAccepted: none accepts the patient
    """
    offering = offering_doctors(
        doctor=request.doctor.pk if request.doctor else None,
        specialty=str(request.specialty.pk) if request.specialty else None,
        visit_type=request.visit_type,
    )
    window = booking_window(clinic_settings(), visit_type=request.visit_type, now=now)
    results = [
        check_rules(
            doctor, starts_at=at, visit_type=request.visit_type, patient=patient, window=window, now=now
        )
        for doctor in offering
    ]
    if not results:
        raise NoDoctorAvailable
    if not any(result.accepts_patient for result in results):
        raise NewPatientsNotAccepted


def _check_limit(request: WaitlistRequest, *, patient: Patient, since: datetime, now: datetime) -> None:
    """Check that the patient may have another booking, or has one that an earlier time could replace.

    :raises WaitlistLimitReached: neither
    """
    limit = clinic_settings().upcoming_limit
    if limit is None:
        return
    upcoming = Booking.objects.upcoming(now=now).booked().filter(patient=patient)
    if upcoming.count() < limit:
        return
    replaceable = bookings_replaceable_from(
        since, patient=patient, doctor=request.doctor, specialty=request.specialty
    )
    if not replaceable.exists():
        raise WaitlistLimitReached
