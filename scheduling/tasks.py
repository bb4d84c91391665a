"""Queue handlers for slots, holds and offers, and the nightly maintenance."""

import uuid
from datetime import datetime, timedelta

import structlog
from celery import shared_task
from django.db import transaction

from clinics.models import Doctor
from clinics.selectors import clinic_settings
from scheduling.account_closure import delete_old_closings
from scheduling.availability.next_open_slot import refresh_next_slot
from scheduling.bookings.idempotency import delete_old_answers
from scheduling.bookings.newcomers import delete_past_newcomers
from scheduling.bookings.release_holds import expire_hold
from scheduling.calendar.local_times import booking_horizon, check_place_time_zones, clinic_day
from scheduling.hours.selectors import overlapping_hours
from scheduling.hours.services import enqueue_regeneration
from scheduling.hours.slot_generator import generate_slots
from scheduling.merging.undo import forget_old_merges
from scheduling.models import OutsideCalendar
from scheduling.outside_calendars.refresh import (
    forget_lost_addresses_after_restore,
    plan_overdue,
    refresh_if_due,
)
from scheduling.waitlist.offer_open_times import offer_released_slot, offer_times_before_they_open
from scheduling.waitlist.services import end_past_entries
from tenants.accounts.purge import delete_expired
from tenants.base.clock import now as clock_now
from tenants.queue.clinic_task import ClinicTask
from tenants.queue.jobs import Lane, queue_handler
from tenants.queue.nights import nightly_step
from tenants.services.restore import after_restore

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
    overlaps = overlapping_hours(
        doctor, first=clinic_day(now), last=booking_horizon(clinic_settings(), now=now)
    )
    if overlaps:
        first_day = overlaps[0].starts_at.date().isoformat()
        log.warning("hours_overlap", doctor=str(doctor_id), first_day=first_day, count=len(overlaps))
    if generated.unfitting:
        log.warning("booked_slots_outside_hours", doctor=str(doctor_id), count=generated.unfitting)


@queue_handler("booking_rules")
def regenerate_all_slots(_clinic_id: uuid.UUID, now: datetime) -> None:
    """Enqueue the regeneration of every active doctor's slots, after the clinic's booking rules changed.

    The hours of the doctors have not changed, so neither has the version of their schedules.
    """
    for doctor_id in Doctor.objects.bookable().order_by("pk").values_list("pk", flat=True):
        enqueue_regeneration(doctor_id, now=now)


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


@queue_handler("outside_calendar", lane=Lane.FEEDS)
def read_outside_calendar(calendar_id: uuid.UUID, now: datetime) -> None:
    """Read an outside calendar whose time has come. Does nothing if it was removed."""
    calendar = OutsideCalendar.objects.select_related("doctor").filter(pk=calendar_id).first()
    if calendar is not None:
        refresh_if_due(calendar, now=now)


@nightly_step("nightly_calendars")
def plan_overdue_outside_calendars(_clinic_id: uuid.UUID, now: datetime) -> None:
    """Plan the reading of outside calendars whose jobs were lost."""
    plan_overdue(now=now)


@nightly_step("nightly_slots")
def generate_upcoming_slots(clinic_id: uuid.UUID, now: datetime) -> None:
    """Enqueue the generation of every active doctor's slots up to the clinic's booking horizon."""
    regenerate_all_slots(clinic_id, now)


@nightly_step("nightly_answers")
def delete_old_idempotent_answers(_clinic_id: uuid.UUID, now: datetime) -> None:
    """Delete the stored responses of idempotent requests that are too old to be repeated."""
    delete_old_answers(now=now)


@nightly_step("nightly_newcomers")
def delete_newcomers_who_left(_clinic_id: uuid.UUID, now: datetime) -> None:
    """Delete the records and ended holds of visitors who never signed in."""
    delete_past_newcomers(now=now)


@nightly_step("nightly_accounts")
def delete_expired_account_data(_clinic_id: uuid.UUID, now: datetime) -> None:
    """Delete expired sessions, links and attempt counters."""
    delete_expired(now=now)


@nightly_step("nightly_waitlist")
def end_past_waitlist_entries(_clinic_id: uuid.UUID, now: datetime) -> None:
    """End the waiting-list entries whose last day is past."""
    end_past_entries(now=now)


@nightly_step("nightly_offers")
def offer_times_of_the_next_day(_clinic_id: uuid.UUID, now: datetime) -> None:
    """Offer the times that open with the day to the waiting list, before anybody else can book them."""
    offer_times_before_they_open(now=now)


@nightly_step("nightly_closings")
def delete_undeliverable_closings(_clinic_id: uuid.UUID, now: datetime) -> None:
    """Delete the addresses of closed accounts whose confirmation could not be delivered."""
    delete_old_closings(before=now - _CLOSING_RETENTION)


@nightly_step("nightly_merges")
def forget_merges_that_stand(_clinic_id: uuid.UUID, now: datetime) -> None:
    """Delete what merges of patients changed, once they can no longer be undone."""
    forget_old_merges(now=now)


@shared_task(name="scheduling.delete_expired_operator_data", base=ClinicTask, public=True)
def delete_expired_operator_data() -> None:
    """Delete operators' expired sessions, links and attempt counters."""
    delete_expired(now=clock_now())


@after_restore
def check_addresses_of_outside_calendars(now: datetime) -> None:
    """Ask the doctors of a restored clinic for the addresses that cannot be decrypted here."""
    forget_lost_addresses_after_restore(now=now)


@after_restore
def check_restored_places(_now: datetime) -> None:
    """Refuse to restore a clinic with a place in an unknown time zone."""
    check_place_time_zones()
