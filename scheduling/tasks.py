"""What the schedule does by itself."""

import uuid
from datetime import datetime, timedelta

import structlog
from celery import shared_task
from django.db import transaction

from clinics.models import Doctor
from scheduling.services.closing import forget_old_closings
from scheduling.services.generator import generate_slots
from scheduling.services.holding import end_hold
from scheduling.services.hours import hours_changed
from scheduling.services.idempotency import delete_old_answers
from scheduling.services.next_open import time_was_changed
from scheduling.services.offers import offer_freed_time
from scheduling.services.waitlist import end_past_entries
from tenants.accounts.keeping import forget_what_is_over
from tenants.base.clock import now as clock_now
from tenants.door import current_clinic, enter_clinic
from tenants.models import Clinic
from tenants.queue import handles
from tenants.task_base import ClinicTask

_CLOSING_RETENTION = timedelta(days=7)
"""How long an address is kept for the mail that an account is closed, where it cannot be delivered."""

log = structlog.get_logger(__name__)


@handles("doctor_hours")
def bring_doctor_in_line(doctor_id: uuid.UUID, now: datetime) -> None:
    """A doctor's hours have changed: so do their slots. One who is gone meanwhile has none."""
    doctor = Doctor.objects.filter(pk=doctor_id).first()
    if doctor is None:
        return
    generated = generate_slots(doctor=doctor, now=now)
    log.info("slots_generated", doctor=str(doctor_id), added=generated.added, removed=generated.removed)
    if generated.unfitting:
        log.warning("booked_slots_outside_hours", doctor=str(doctor_id), count=generated.unfitting)


@handles("booking_rules")
def bring_all_in_line(_clinic_id: uuid.UUID, now: datetime) -> None:
    """The clinic books further ahead, or less far: so do all its doctors."""
    for doctor in Doctor.objects.bookable().order_by("pk"):
        hours_changed(doctor=doctor, now=now)


@handles("hold")
def clear_hold(booking_id: uuid.UUID, now: datetime) -> None:
    """The time of a hold is over."""
    end_hold(booking_id=booking_id, now=now)


@handles("time_freed")
def offer_time(slot_id: uuid.UUID, now: datetime) -> None:
    """A booked or held time is open again: perhaps somebody waits for it."""
    offer_freed_time(slot_id=slot_id, now=now)


@handles("next_open")
def look_for_the_next(doctor_id: uuid.UUID, now: datetime) -> None:
    """What was a doctor's next open slot has begun."""
    if Doctor.objects.filter(pk=doctor_id).exists():
        with transaction.atomic():
            time_was_changed(doctor_id=doctor_id, now=now)


@shared_task(name="scheduling.keep_clinic")
def keep_clinic() -> None:
    """One clinic's night: all slots are to reach as far ahead as the clinic books; old answers go,
    and with them what has ended of sessions, links and counted tries, and who waited in vain."""
    bring_all_in_line(current_clinic().pk, clock_now())
    delete_old_answers(now=clock_now())
    forget_what_is_over(now=clock_now())
    end_past_entries(now=clock_now())
    forget_old_closings(before=clock_now() - _CLOSING_RETENTION)


@shared_task(name="scheduling.keep_all_clinics", base=ClinicTask, public=True)
def keep_all_clinics() -> int:
    """Send every live clinic into its night, and do for operators' accounts what it does for a clinic's.

    :return: how many
    """
    forget_what_is_over(now=clock_now())
    clinics = list(Clinic.objects.filter(status=Clinic.Status.LIVE).order_by("pk"))
    for clinic in clinics:
        with enter_clinic(clinic):
            keep_clinic.delay()
    return len(clinics)
