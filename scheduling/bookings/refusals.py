"""The reason why a slot cannot be booked, checked before an attempt or after it, and its cache."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils.translation import get_language

from clinics.models import Patient
from scheduling.availability.booking_rules import (
    busy_elsewhere,
    check_rules,
    doctor_conflicts,
    offered_until,
    patient_conflicts,
    unmet_eligibility,
)
from scheduling.availability.booking_window import Window
from scheduling.availability.cache import cache_get, cache_set
from scheduling.availability.open_slots import SlotStart, nearest_open_slots, taken_slot
from scheduling.clock.time_off import Period
from scheduling.errors import (
    BookedTooLate,
    BusyElsewhere,
    NewPatientsNotAccepted,
    PatientBusy,
    RoomsTaken,
    SlotNotOffered,
    SlotStarted,
    SlotTaken,
    TooFarAhead,
    VisitTooLong,
    VisitTypeNotOffered,
)
from scheduling.models import Booking, Room, Slot, VisitType
from scheduling.models.visit_types import with_buffers
from scheduling.visit_types.rooms import bookings_in_rooms, suitable_rooms
from tenants.base.errors import DomainError, NotFound


def check_eligibility(
    visit_type: VisitType | None, *, patient: Patient, moving: Booking | None = None
) -> None:
    """Check that a patient may book the visit type themselves.

    :param moving: a booking that does not make them a known patient, since it is being moved
    :raises VisitTypeNotOffered: it is inactive, or for staff, known patients or new patients only
    """
    if visit_type and (not visit_type.is_active or unmet_eligibility(visit_type, patient, moving=moving)):
        raise VisitTypeNotOffered


def check_not_taken(
    *,
    slot_id: uuid.UUID,
    visit_type: VisitType | None,
    patient: Patient,
    moving: Booking | None,
    window: Window,
    now: datetime,
) -> None:
    """Refuse early if others have the slot, without the work of a booking and its cache invalidation.

    The constraints of the database decide. This check only saves work.

    :param moving: the booking that would be moved to the slot; None for a new booking
    :raises SlotTaken: others have the slot
    """
    taken = taken_slot(slot_id, visit_type=visit_type, patient=patient, moving=moving, now=now)
    if taken:
        raise _slot_taken_error(taken, visit_type=visit_type, moving=moving, window=window, now=now)


def _slot_taken_error(
    start: SlotStart,
    *,
    visit_type: VisitType | None,
    moving: Booking | None,
    window: Window,
    now: datetime,
) -> SlotTaken:
    """The error for a slot that others have, with the nearest open slots as alternatives."""
    nearest = nearest_open_slots(start, visit_type=visit_type, moving=moving, window=window, now=now)
    notice = window.soonest - now
    ends = [datetime.fromisoformat(slot["starts_at"]) - notice for slot in nearest]
    until = min([start.starts_at, *ends])
    if start.is_busy_elsewhere and not start.is_booked:
        return BusyElsewhere({"alternatives": nearest})
    return SlotTaken({"alternatives": nearest}, is_booked=start.is_booked, until=until)


@contextmanager
def cached_refusal(slot_id: uuid.UUID, visit_type_id: uuid.UUID | None, *, now: datetime) -> Iterator[None]:
    """Wrap a patient's attempt to book a slot: cache the refusal of a booked slot, or raise the cached one.

    When many patients want one slot, this saves the work of attempts that cannot succeed. The refusal of a
    slot that is only held is not cached, because a hold expires without a write that invalidates the cache.

    :param visit_type_id: as requested; None: the clinic's default
    :raises SlotTaken: the slot is booked, according to the cache or to the attempt
    """
    key = _refusal_key(slot_id, visit_type_id)
    lookup = cache_get(key, now=now)
    if lookup.value is not None:
        raise SlotTaken(json.loads(lookup.value), is_booked=True)
    try:
        yield
    except SlotTaken as refusal:
        if refusal.is_booked:
            cache_set(key, json.dumps(refusal.data).encode(), lookup, until=refusal.until)
        raise


def is_refused_by_cache(slot_id: uuid.UUID, visit_type_id: uuid.UUID | None, *, now: datetime) -> bool:
    """Return whether the slot is booked according to the cache, so that nothing needs to be prepared."""
    return cache_get(_refusal_key(slot_id, visit_type_id), now=now).value is not None


def _refusal_key(slot_id: uuid.UUID, visit_type_id: uuid.UUID | None) -> str:
    return f"refusal:{slot_id}:{visit_type_id}:{get_language()}"


def refusal_reason(
    *,
    slot_id: uuid.UUID,
    patient: Patient,
    visit_type: VisitType | None,
    overbook: bool,
    moving: Booking | None,
    window: Window,
    now: datetime,
) -> DomainError:
    """The error of the first rule that keeps the patient from booking the slot.

    One of `SlotTaken`, `NotFound`, `SlotStarted`, `SlotNotOffered`, `TooFarAhead`, `BookedTooLate`,
    `VisitTypeNotOffered`, `PatientBusy`, `NewPatientsNotAccepted`, `VisitTooLong` and `RoomsTaken`.

    :param moving: the booking that would be moved to the slot; None for a new booking
    """
    if not overbook:
        taken = taken_slot(slot_id, visit_type=visit_type, patient=patient, moving=moving, now=now)
        if taken:
            return _slot_taken_error(taken, visit_type=visit_type, moving=moving, window=window, now=now)
    slot = Slot.objects.live().select_related("doctor").filter(pk=slot_id).first()
    # The record of a newcomer exists, because the hold that is refused has made it.
    is_known = patient.is_newcomer or Patient.objects.known().filter(pk=patient.pk).exists()
    if slot is None or not is_known:
        return NotFound()
    broken = _broken_rules(
        slot,
        patient=patient,
        visit_type=visit_type,
        overbook=overbook,
        moving=moving,
        window=window,
        now=now,
    )
    # If no rule is broken any more, the slot was taken when the database refused it and released since.
    start = SlotStart(slot.pk, slot.doctor_id, slot.starts_at)
    return next(broken, None) or _slot_taken_error(
        start, visit_type=visit_type, moving=moving, window=window, now=now
    )


def _broken_rules(  # noqa: C901, one branch a rule
    slot: Slot,
    *,
    patient: Patient,
    visit_type: VisitType | None,
    overbook: bool,
    moving: Booking | None,
    window: Window,
    now: datetime,
) -> Iterator[DomainError]:
    rules = check_rules(
        slot.doctor,
        starts_at=slot.starts_at,
        visit_type=visit_type,
        patient=patient,
        window=window,
        now=now,
    )
    own = [moving.pk] if moving else []
    ends_at = slot.starts_at + ((visit_type and visit_type.duration) or slot.ends_at - slot.starts_at)
    if not rules.has_not_started:
        yield SlotStarted()
    if not rules.doctor_is_active or not slot.is_offered:
        yield SlotNotOffered()
    if not rules.is_within_horizon:
        yield TooFarAhead()
    if not rules.gives_notice:
        yield BookedTooLate()
    if not rules.offers_visit_type:
        yield VisitTypeNotOffered()
    if patient_conflicts(patient, slot.starts_at, ends_at, now=now).exclude(pk__in=own).exists():
        yield PatientBusy()
    if not rules.accepts_patient:
        yield NewPatientsNotAccepted()
    if offered_until(slot, ends_at) < ends_at:
        yield VisitTooLong()
    busy = with_buffers(visit_type, slot.starts_at, ends_at)
    if not overbook and doctor_conflicts(slot.doctor_id, *busy, now=now).exclude(pk__in=own).exists():
        start = SlotStart(slot.pk, slot.doctor_id, slot.starts_at)
        yield _slot_taken_error(start, visit_type=visit_type, moving=moving, window=window, now=now)
    if not overbook and busy_elsewhere(slot.doctor_id, *busy).exists():
        start = SlotStart(slot.pk, slot.doctor_id, slot.starts_at, is_busy_elsewhere=True)
        yield _slot_taken_error(start, visit_type=visit_type, moving=moving, window=window, now=now)
    rooms = suitable_rooms(visit_type)
    if rooms is not None and not _has_free_room(slot, rooms, busy, own=own, now=now):
        yield RoomsTaken()


def _has_free_room(
    slot: Slot, suitable: list[uuid.UUID], busy: Period, *, own: list[uuid.UUID], now: datetime
) -> bool:
    """Whether a suitable room at the slot's place is free. The booking that is being moved does not count."""
    begins, ends = busy
    rooms = Room.objects.filter(pk__in=suitable, place=slot.place_id)
    taken = bookings_in_rooms(suitable, begins=begins, ends=ends, now=now).exclude(pk__in=own)
    return rooms.exclude(pk__in=taken.values("room")).exists()
