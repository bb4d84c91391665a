"""The one statement through which every booking and hold comes to be. The database decides."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from psycopg.types.json import Jsonb

from clinics.models import Patient
from scheduling.booking_sql import BOOK
from scheduling.models import Booking, Place, Slot, VisitType
from scheduling.models.states import TAKING
from scheduling.planning import utc_offsets
from scheduling.selectors.limits import has_limits
from scheduling.selectors.rooms import suitable_rooms
from scheduling.selectors.windows import Window
from scheduling.services.holds import Period, release_holds_in_the_way
from scheduling.services.limits import check_doctor_limits
from scheduling.services.next_open import time_was_freed, time_was_taken
from tenants.accounts.models import User
from tenants.door import current_clinic

TRIES = 5
"""More than it takes to clear ended holds away, to look at limits and to find another room."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What is asked of the database: this slot for this patient."""

    slot_id: uuid.UUID
    patient: Patient
    by: User | None
    """Who asks; None: the waiting list, for the patient."""
    visit_type: VisitType | None = None
    status: str = Booking.Status.CONFIRMED
    reason: str = ""
    answers: Sequence[dict[str, str]] = ()
    held_until: datetime | None = None
    """Of a hold, when it ends."""
    overbook: bool = False
    """Whether it may be in addition to another booking."""
    series_id: uuid.UUID | None = None
    booking_id: uuid.UUID = field(default_factory=uuid.uuid4)
    limits_checked: bool = False

    def asking(self, approval: bool) -> "Claim":
        """The same, awaiting the clinic's approval where that is needed."""
        return replace(self, status=Booking.Status.PENDING) if approval else self


@dataclass(frozen=True, slots=True)
class Claimed:
    """What was written."""

    booking_id: uuid.UUID
    doctor_id: uuid.UUID
    starts_at: datetime
    released: list[Booking] = field(default_factory=list)
    """The holds that were cleared away for it."""


def claim_slot(claim: Claim, *, window: Window, now: datetime) -> Claimed | None:
    """Write the booking, if the database lets it; of any number who try for a slot, one gets it.

    Runs in the transaction that is open. What only seems to be in the way is cleared first: holds that have
    ended, a room that somebody else has got in the same moment.

    :raises LimitReached: the doctor sees no more patients on that day, or in that week
    """
    rooms, released = suitable_rooms(claim.visit_type), list[Booking]()
    for _try in range(TRIES):
        with connection.cursor() as cursor:
            cursor.execute(BOOK, values_of(claim, window=window, rooms=rooms, now=now))
            written = cursor.fetchone()
        if written is not None:
            return as_claimed(claim.booking_id, written, released)
        slot = Slot.objects.live().select_related("doctor").filter(pk=claim.slot_id).first()
        if slot is None:
            break
        if not claim.limits_checked and has_limits(slot.doctor):
            check_doctor_limits(slot=slot, lasts=length_of(claim, slot), overbook=claim.overbook, now=now)
            claim = replace(claim, limits_checked=True)
            continue
        cleared = release_holds_in_the_way(
            slot=slot,
            patient=claim.patient,
            kept=kept_by(claim, slot),
            rooms=rooms,
            own=claim.by is not None,
            now=now,
        )
        released += cleared
        # Another try finds another room, if it was only the room that somebody else has got.
        if not cleared and not (rooms and Slot.objects.untaken(now=now).filter(pk=slot.pk).exists()):
            break
    return None


def as_claimed(
    booking_id: uuid.UUID, written: tuple[uuid.UUID, datetime, uuid.UUID | None], released: list[Booking]
) -> Claimed:
    """What the statement returned. At a place of its own the clock there is what the patient is told."""
    doctor_id, starts_at, place_id = written
    if place_id is not None:
        offset = starts_at.astimezone(Place.objects.get(pk=place_id).zone).utcoffset() or timedelta()
        minutes = round(offset / timedelta(minutes=1))
        Booking.objects.filter(pk=booking_id).update(offset_minutes=minutes)
    return Claimed(booking_id, doctor_id, starts_at, released)


def tell_of_time(claimed: Claimed, *, now: datetime) -> None:
    """Keep up the doctors' next open slots after a booking. Call it last in the transaction."""
    time_was_taken(doctor_id=claimed.doctor_id, starts_at=claimed.starts_at, now=now)
    for hold in claimed.released:
        time_was_freed(doctor_id=hold.doctor_id, slot_id=hold.slot_id, now=now)


def kept_by(claim: Claim, slot: Slot) -> Period:
    """The visit with what is kept free around it."""
    visit, ends_at = claim.visit_type, slot.starts_at + length_of(claim, slot)
    before, after = (visit.buffer_before_minutes, visit.buffer_after_minutes) if visit else (0, 0)
    return slot.starts_at - timedelta(minutes=before), ends_at + timedelta(minutes=after)


def length_of(claim: Claim, slot: Slot) -> timedelta:
    """How long the visit lasts."""
    lasts = claim.visit_type.duration_minutes if claim.visit_type else None
    return _minutes(lasts) or slot.ends_at - slot.starts_at


def values_of(
    claim: Claim, *, window: Window, rooms: list[uuid.UUID] | None, now: datetime
) -> dict[str, Any]:
    """The claim as the statement's parameters."""
    visit, held = claim.visit_type, claim.held_until is not None
    since, offsets = told_offsets(current_clinic().zone, now.date(), window.before.date())
    return {
        "booking": claim.booking_id,
        "event": uuid.uuid4(),
        "slot": claim.slot_id,
        "patient": claim.patient.pk,
        "by": claim.by and claim.by.pk,
        "status": claim.status,
        "kind": "held" if held else "booked",
        "line": "hold" if held else "booking_event",
        "reason": claim.reason,
        "answers": Jsonb(list(claim.answers)),
        "visit_type": visit and visit.pk,
        "duration": _minutes(visit.duration_minutes if visit else None),
        "gap_before": _minutes(visit.buffer_before_minutes if visit else None),
        "gap_after": _minutes(visit.buffer_after_minutes if visit else None),
        "rooms": rooms,
        "series": claim.series_id,
        "held_until": claim.held_until,
        "overbooked": claim.overbook,
        "limits_checked": claim.limits_checked,
        "taking": TAKING,
        "since": since,
        "offsets": offsets,
        "clinic": current_clinic().pk,
        "now": now,
        "soonest": window.soonest,
        "before": window.before,
    }


def _minutes(count: int | None) -> timedelta | None:
    return timedelta(minutes=count) if count else None


@lru_cache(maxsize=1024)
def told_offsets(zone: ZoneInfo, first: date, last: date) -> tuple[list[datetime], list[int]]:
    """The zone's distances from UTC in minutes between two days, each with the instant it begins at."""
    start = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=1)
    end = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=2)
    offsets = utc_offsets(zone, start, end)
    return [since for since, _ in offsets], [round(offset.total_seconds() / 60) for _, offset in offsets]
