"""How many bookings there may be: of a patient, and of a doctor on a day and in a week.

Counting and then writing would let two in at once. So whoever counts holds a lock, on the patient's or the
doctor's row, until the booking is committed; where nothing is limited nobody waits.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from clinics.models import ClinicSettings, Doctor, Patient
from scheduling.errors import LimitReached
from scheduling.models import Booking, Slot
from scheduling.selectors.limits import limits_reached
from scheduling.selectors.wall import clinic_day


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


def check_doctor_limits(*, slot: Slot, lasts: timedelta, now: datetime, but: Iterable[Booking] = ()) -> None:
    """Look at the limits of the slot's doctor, who stays locked until the transaction ends.

    :param but: as in `limits_reached`
    :raises LimitReached: the day or the week is full
    """
    doctor = Doctor.objects.select_for_update(no_key=True).get(pk=slot.doctor_id)
    if limits_reached(doctor, day=clinic_day(slot.starts_at), lasts=lasts, now=now, but=but):
        raise LimitReached
