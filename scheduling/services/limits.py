"""How many bookings there may be: of a patient, and of a doctor on a day and in a week.

Counting and then writing would let two in at once. So whoever counts holds a lock, on the patient's or the
doctor's row, until the booking is committed; where nothing is limited nobody waits.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from clinics.models import ClinicSettings, Doctor, Patient
from scheduling.errors import LimitReached
from scheduling.models import Booking, Slot
from scheduling.selectors.wall import clinic_day
from tenants.base.clock import day_start
from tenants.door import current_clinic

LIMITS = ("day_limit", "day_limit_minutes", "week_limit", "week_limit_minutes")


def check_patient_limit(
    patient: Patient, *, rules: ClinicSettings, now: datetime, but: Booking | None = None
) -> None:
    """Refuse one more upcoming booking to a patient who has as many as the clinic lets them.

    Time held for them counts as well: it is about to be booked.

    :param but: the hold that is being booked
    :raises LimitReached: they have
    """
    if rules.upcoming_limit is None:
        return
    Patient.objects.select_for_update(no_key=True).only("pk").get(pk=patient.pk)
    ahead = Booking.objects.alive(now=now).filter(patient=patient, ends_at__gt=now)
    if ahead.exclude(pk__in=[but.pk] if but else []).count() >= rules.upcoming_limit:
        raise LimitReached


def has_limits(doctor: Doctor) -> bool:
    """Whether the doctor sees only so many patients."""
    return any(getattr(doctor, limit) is not None for limit in LIMITS)


def check_doctor_limits(
    *, slot: Slot, lasts: timedelta, overbook: bool = False, now: datetime, but: Iterable[Booking] = ()
) -> None:
    """Look at the limits of the slot's doctor, who stays locked until the transaction ends.

    :param but: as in `is_full`
    :raises LimitReached: the day or the week is full
    """
    doctor = Doctor.objects.select_for_update(no_key=True).get(pk=slot.doctor_id)
    if not overbook and is_full(doctor, day=clinic_day(slot.starts_at), lasts=lasts, now=now, but=but):
        raise LimitReached


def is_full(
    doctor: Doctor, *, day: date, lasts: timedelta, now: datetime, but: Iterable[Booking] = ()
) -> bool:
    """Whether one more visit would be more than the doctor's day or week (from Monday) holds.

    :param but: bookings that do not count, since they are about to move
    """
    monday = day - timedelta(days=day.weekday())
    return _beyond(
        doctor, day, 1, doctor.day_limit, doctor.day_limit_minutes, lasts=lasts, now=now, but=but
    ) or _beyond(
        doctor, monday, 7, doctor.week_limit, doctor.week_limit_minutes, lasts=lasts, now=now, but=but
    )


def _beyond(
    doctor: Doctor,
    first: date,
    days: int,
    most: int | None,
    most_minutes: int | None,
    *,
    lasts: timedelta,
    now: datetime,
    but: Iterable[Booking],
) -> bool:
    if most is None and most_minutes is None:
        return False
    zone = current_clinic().zone
    there = Booking.objects.alive(now=now).filter(
        doctor=doctor,
        starts_at__gte=day_start(first, zone),
        starts_at__lt=day_start(first + timedelta(days=days), zone),
    )
    periods = there.exclude(pk__in=[each.pk for each in but]).values_list("starts_at", "ends_at")
    minutes = sum((ends - starts for starts, ends in periods), lasts) / timedelta(minutes=1)
    return (most is not None and len(periods) >= most) or (
        most_minutes is not None and minutes > most_minutes
    )
