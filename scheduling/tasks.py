"""Handlers of the clinic's queue, and the nightly maintenance."""

import uuid
from datetime import datetime, timedelta

import structlog
from celery import shared_task
from django.db import transaction

from clinics.models import Doctor
from scheduling.account_closure import forget_old_closings
from scheduling.availability.next_open_slot import time_was_changed
from scheduling.bookings.hold import end_hold
from scheduling.bookings.idempotency import delete_old_answers
from scheduling.hours.services import hours_changed
from scheduling.hours.slot_generator import generate_slots
from scheduling.waitlist.offers import offer_freed_time
from scheduling.waitlist.services import end_past_entries
from tenants.accounts.purge import forget_what_is_over
from tenants.base.clock import now as clock_now
from tenants.current import current_clinic, enter_clinic
from tenants.models import Clinic
from tenants.queue.clinic_task import ClinicTask
from tenants.queue.jobs import handles

_CLOSING_RETENTION = timedelta(days=7)
"""How long to retry the mail that confirms a closed account before its address is deleted."""

log = structlog.get_logger(__name__)


@handles("doctor_hours")
def bring_doctor_in_line(doctor_id: uuid.UUID, now: datetime) -> None:
    """Regenerate a doctor's slots after their hours changed. Does nothing if the doctor no longer exists."""
    doctor = Doctor.objects.filter(pk=doctor_id).first()
    if doctor is None:
        return
    generated = generate_slots(doctor=doctor, now=now)
    log.info("slots_generated", doctor=str(doctor_id), added=generated.added, removed=generated.removed)
    if generated.unfitting:
        log.warning("booked_slots_outside_hours", doctor=str(doctor_id), count=generated.unfitting)


@handles("booking_rules")
def bring_all_in_line(_clinic_id: uuid.UUID, now: datetime) -> None:
    """Enqueue the regeneration of every active doctor's slots, after the clinic's booking rules changed."""
    for doctor in Doctor.objects.bookable().order_by("pk"):
        hours_changed(doctor=doctor, now=now)


@handles("hold")
def clear_hold(booking_id: uuid.UUID, now: datetime) -> None:
    """Release a hold that has expired."""
    end_hold(booking_id=booking_id, now=now)


@handles("time_freed")
def offer_time(slot_id: uuid.UUID, now: datetime) -> None:
    """Offer a slot that has become open to the waiting list."""
    offer_freed_time(slot_id=slot_id, now=now)


@handles("next_open")
def look_for_the_next(doctor_id: uuid.UUID, now: datetime) -> None:
    """Refresh a doctor's next open slot, since the stored one has started or is too soon to book."""
    if Doctor.objects.filter(pk=doctor_id).exists():
        with transaction.atomic():
            time_was_changed(doctor_id=doctor_id, now=now)


@shared_task(name="scheduling.nightly_maintenance")
def keep_clinic() -> None:
    """Run the nightly maintenance of the current clinic.

    Slots are generated up to the clinic's booking horizon. Old idempotency records, expired sessions, links
    and attempt counters, past waiting-list entries and undeliverable account closures are removed.
    """
    bring_all_in_line(current_clinic().pk, clock_now())
    delete_old_answers(now=clock_now())
    forget_what_is_over(now=clock_now())
    end_past_entries(now=clock_now())
    forget_old_closings(before=clock_now() - _CLOSING_RETENTION)


@shared_task(name="scheduling.nightly_maintenance_for_all_clinics", base=ClinicTask, public=True)
def keep_all_clinics() -> int:
    """Run nightly maintenance for every live clinic, and remove what has expired of operators' accounts.

    :return: the number of clinics
    """
    forget_what_is_over(now=clock_now())
    clinics = list(Clinic.objects.filter(status=Clinic.Status.LIVE).order_by("pk"))
    for clinic in clinics:
        with enter_clinic(clinic):
            keep_clinic.delay()
    return len(clinics)
