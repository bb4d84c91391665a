"""What a lived-in clinic has besides visits: time off, a series, holds, a waiting list, held emails."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from clinics.models import Doctor, Patient
from scheduling.bookings.book import book_slot
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.hold import hold_slot
from scheduling.clock.recurrence import Unit
from scheduling.clock.time_off import TimeOffSpec
from scheduling.models import Booking, Slot, WaitlistOffer
from scheduling.recurring_visits.services import book_series
from scheduling.time_off.give import give_time_off
from scheduling.waitlist.join_checks import WaitlistRequest
from scheduling.waitlist.services import join_waitlist
from tenants.accounts.models import User
from tenants.accounts.undeliverable import hold_emails
from tenants.base.errors import DomainError
from tenants.current import current_clinic

_HOUR = 60


def close_days(doctors: list[Doctor], *, by: User, now: datetime) -> None:
    """Give two doctors time off in the coming two weeks, and the whole clinic an afternoon for training."""
    today = _today(now)
    away, training = today + timedelta(days=8), _weekday_from(today + timedelta(days=5), 2)
    give_time_off(
        doctor=doctors[-1],
        spec=TimeOffSpec(first=away, last=away + timedelta(days=4)),
        note="Annual leave",
        by=by,
        now=now,
    )
    give_time_off(
        doctor=doctors[0],
        spec=TimeOffSpec(first=training, last=training, opens=14 * _HOUR, closes=17 * _HOUR),
        note="Conference",
        by=by,
        now=now,
    )
    staff_day = _weekday_from(today + timedelta(days=10), 4)
    give_time_off(
        doctor=None,
        spec=TimeOffSpec(first=staff_day, last=staff_day, opens=15 * _HOUR, closes=17 * _HOUR),
        note="Staff training",
        by=by,
        now=now,
    )


def holiday(now: datetime) -> date:
    """Return the day on which the clinic is closed: a weekday in the second week from now."""
    return _weekday_from(_today(now) + timedelta(days=9), 0)


def add_series(doctor: Doctor, patient: Patient, *, by: User, now: datetime) -> None:
    """Book six weekly visits, from the doctor's first open slot after tomorrow on."""
    slot = next(_open_slots(doctor, now=now + timedelta(days=2)))
    zone = slot.place.zone if slot.place else current_clinic().zone
    local = slot.starts_at.astimezone(zone)
    book_series(
        patient=patient,
        by=by,
        doctor=doctor,
        first=local.date(),
        clock=local.hour * _HOUR + local.minute,
        unit=Unit.WEEK,
        every=1,
        count=6,
        reason="Back exercises",
        now=now - timedelta(days=3),
    )


def add_overbooking(patients: list[Patient], *, by: User, now: datetime) -> None:
    """Book one of the next visits' time a second time."""
    upcoming = Booking.objects.filter(
        status=Booking.Status.CONFIRMED, starts_at__gt=now, room=None, overbooked=False
    )
    for booking in upcoming.select_related("visit_type", "slot").order_by("starts_at", "id")[:5]:
        assert booking.slot_id is not None  # noqa: S101  the demo books slots only
        for patient in patients:
            try:
                book_slot(
                    slot_id=booking.slot_id,
                    patient=patient,
                    by=by,
                    visit_type=booking.visit_type,
                    reason="Earache since this morning, squeezed in",
                    overbook=True,
                    now=now,
                )
            except DomainError:
                continue
            return


def hold_times(doctors: list[Doctor], patients: list[Patient], *, now: datetime) -> None:
    """Let two patients hold a time, as if they were filling in the form now. The holds end after minutes."""
    for doctor, patient in zip(doctors, patients, strict=False):
        for slot in _open_slots(doctor, now=now + timedelta(hours=2)):
            try:
                hold_slot(slot_id=slot.pk, patient=patient, by=patient.user, now=now)
            except DomainError:
                continue
            break


def fill_waiting_list(doctors: list[Doctor], patients: list[Patient], *, by: User, now: datetime) -> None:
    """Add patients to the waiting list, then cancel a visit, so that its time is offered to them."""
    today = _today(now)
    for number, patient in enumerate(patients):
        doctor = doctors[number % len(doctors)]
        joined_at = now - timedelta(days=1 + number, hours=number)
        request = WaitlistRequest(
            first=today,
            last=today + timedelta(days=10 + number),
            doctor=doctor if number % 3 else None,
            specialty=None if number % 3 else doctor.specialties.first(),
        )
        try:
            join_waitlist(patient=patient, by=patient.user or by, request=request, now=joined_at)
        except DomainError:
            continue
    upcoming = Booking.objects.filter(
        status=Booking.Status.CONFIRMED,
        starts_at__gt=now + timedelta(days=1),
        doctor__in=doctors,
        series=None,
    )
    for booking in upcoming.select_related("patient", "doctor").order_by("starts_at", "id")[:8]:
        cancel_booking(booking=booking, by=by, reason="The patient called and cannot come.", now=now)
        if WaitlistOffer.objects.filter(outcome=WaitlistOffer.Outcome.OPEN).exists():
            return


def hold_emails_of(patient: Patient, *, now: datetime) -> None:
    """Record that emails to the patient are returned, so that the next ones wait for staff."""
    if patient.user:
        hold_emails(users=[patient.user], problem=User.EmailProblem.BOUNCED, happened_at=now)


def _open_slots(doctor: Doctor, *, now: datetime) -> Iterator[Slot]:
    slots = Slot.objects.offered().untaken(now=now).filter(doctor=doctor, starts_at__gt=now)
    yield from slots.select_related("place").order_by("starts_at", "id")[:20]


def _today(now: datetime) -> date:
    return now.astimezone(current_clinic().zone).date()


def _weekday_from(day: date, weekday: int) -> date:
    """Return the first day from `day` on with that weekday."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)
