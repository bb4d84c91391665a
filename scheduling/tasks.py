"""Queue handlers for slots, holds and offers, and the nightly maintenance."""

import uuid
from datetime import datetime, timedelta

import structlog
from celery import shared_task
from django.db import transaction

from clinics.models import Doctor
from scheduling.account_closure import delete_old_closings
from scheduling.availability.next_open_slot import refresh_next_slot
from scheduling.bookings.idempotency import delete_old_answers
from scheduling.bookings.release_holds import expire_hold
from scheduling.hours.services import on_hours_changed
from scheduling.hours.slot_generator import generate_slots
from scheduling.waitlist.offer_open_times import offer_released_slot, offer_times_before_they_open
from scheduling.waitlist.services import end_past_entries
from tenants.accounts.purge import delete_expired
from tenants.base.clock import now as clock_now
from tenants.current import current_clinic, enter_clinic
from tenants.models import Clinic
from tenants.queue.clinic_task import ClinicTask
from tenants.queue.jobs import queue_handler

_CLOSING_RETENTION = timedelta(days=7)
"""How long the address of a closed account is stored while its confirmation mail is retried."""

log = structlog.get_logger(__name__)


@queue_handler("doctor_hours")
def regenerate_doctor_slots(doctor_id: uuid.UUID, now: datetime) -> None:
    """Regenerate a doctor's slots after their hours changed. Does nothing if the doctor no longer exists."""
    doctor = Doctor.objects.filter(pk=doctor_id).first()
    if doctor is None:
        return
    generated = generate_slots(doctor=doctor, now=now)
    log.info("slots_generated", doctor=str(doctor_id), added=generated.added, removed=generated.removed)
    if generated.unfitting:
        log.warning("booked_slots_outside_hours", doctor=str(doctor_id), count=generated.unfitting)


@queue_handler("booking_rules")
def regenerate_all_slots(_clinic_id: uuid.UUID, now: datetime) -> None:
    """Enqueue the regeneration of every active doctor's slots, after the clinic's booking rules changed."""
    for doctor in Doctor.objects.bookable().order_by("pk"):
        on_hours_changed(doctor=doctor, now=now)


@queue_handler("hold")
def release_expired_hold(booking_id: uuid.UUID, now: datetime) -> None:
    """Release a hold that has expired."""
    expire_hold(booking_id=booking_id, now=now)


@queue_handler("time_freed")
def offer_open_slot(slot_id: uuid.UUID, now: datetime) -> None:
    """Offer a slot that has become open to the waiting list."""
    offer_released_slot(slot_id=slot_id, now=now)


@queue_handler("next_open")
def refresh_next_open_slot(doctor_id: uuid.UUID, now: datetime) -> None:
    """Refresh a doctor's next open slot, since the stored one has started or is too soon to book."""
    if Doctor.objects.filter(pk=doctor_id).exists():
        with transaction.atomic():
            refresh_next_slot(doctor_id=doctor_id, now=now)


@shared_task(name="scheduling.nightly_maintenance")
def nightly_maintenance() -> None:
    """Run the nightly maintenance of the current clinic.

    Slots are generated up to the clinic's booking horizon, and times that open with the day are offered to
    the waiting list. Old idempotency records, expired sessions, links
    and attempt counters, past waiting-list entries and undeliverable account closures are removed.
    """
    regenerate_all_slots(current_clinic().pk, clock_now())
    delete_old_answers(now=clock_now())
    delete_expired(now=clock_now())
    end_past_entries(now=clock_now())
    offer_times_before_they_open(now=clock_now())
    delete_old_closings(before=clock_now() - _CLOSING_RETENTION)


@shared_task(name="scheduling.nightly_maintenance_for_all_clinics", base=ClinicTask, public=True)
def nightly_maintenance_for_all_clinics() -> int:
    """Run nightly maintenance for every live clinic, and delete operators' expired sessions and links.

    :return: the number of clinics
    """
    delete_expired(now=clock_now())
    clinics = list(Clinic.objects.filter(status=Clinic.Status.LIVE).order_by("pk"))
    for clinic in clinics:
        with enter_clinic(clinic):
            nightly_maintenance.delay()
    return len(clinics)
