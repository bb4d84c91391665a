"""The one statement through which every booking and hold comes to be. The database decides."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from clinics.models import Patient
from scheduling.booking_sql import BOOK
from scheduling.models import Booking, Place, Slot, VisitType
from scheduling.models.states import TAKING
from scheduling.models.visits import kept_around
from scheduling.selectors.availability import Moment, when_taken
from scheduling.selectors.limits import has_limits
from scheduling.selectors.rooms import suitable_rooms
from scheduling.selectors.walls import offsets_between
from scheduling.selectors.windows import Window
from scheduling.services.holds import free_released, release_holds_in_the_way
from scheduling.services.limits import check_doctor_limits
from scheduling.services.next_open import time_was_taken
from scheduling.time_off import Period
from tenants.accounts.models import User
from tenants.door import current_clinic

A_MINUTE = timedelta(minutes=1)
TRIES = 5
"""More than it takes to clear ended holds away, to look at limits and to find another room."""


Row = tuple[uuid.UUID, datetime, uuid.UUID | None]
"""What a statement says it wrote: the doctor, the start, the place."""
Write = Callable[[dict[str, Any]], Row | None]


def insert(values: dict[str, Any]) -> Row | None:
    """Make the booking."""
    with connection.cursor() as cursor:
        cursor.execute(BOOK, values)
        row: Row | None = cursor.fetchone()
        return row


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


def claim_slot(
    claim: Claim, *, window: Window, now: datetime, write: Write = insert, leaving: Iterable[Booking] = ()
) -> Claimed | None:
    """Write the booking, if the database lets it; of any number who try for a slot, one gets it.

    Runs in the transaction that is open. What only seems to be in the way is cleared first: holds that have
    ended, a room that somebody else has got in the same moment.

    :param write: what writes it; a move changes the booking there is
    :param leaving: bookings that do not count towards the doctor's limits, since they are about to move
    :raises LimitReached: the doctor sees no more patients on that day, or in that week
    """
    rooms, released = suitable_rooms(claim.visit_type), list[Booking]()
    for _try in range(TRIES):
        written = write(values_of(claim, window=window, rooms=rooms, now=now))
        if written is not None:
            return as_claimed(claim.booking_id, written, released)
        if not claim.overbook and taken_from(claim, now=now):
            break
        slot = Slot.objects.live().select_related("doctor").filter(pk=claim.slot_id).first()
        if slot is None:
            break
        if not claim.limits_checked and has_limits(slot.doctor):
            check_doctor_limits(slot=slot, lasts=length_of(claim, slot), now=now, but=leaving)
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


def taken_from(claim: Claim, *, now: datetime) -> Moment | None:
    """When the slot is, if others have it."""
    return when_taken(
        claim.slot_id, visit_type=claim.visit_type, patient=claim.patient, but=claim.booking_id, now=now
    )


def as_claimed(booking_id: uuid.UUID, written: Row, released: list[Booking]) -> Claimed:
    """What the statement returned. At a place of its own the clock there is what the patient is told."""
    doctor_id, starts_at, place_id = written
    if place_id is not None:
        offset = starts_at.astimezone(Place.objects.get(pk=place_id).zone).utcoffset() or timedelta()
        minutes = round(offset / A_MINUTE)
        Booking.objects.filter(pk=booking_id).update(offset_minutes=minutes)
    return Claimed(booking_id, doctor_id, starts_at, released)


def tell_of_time(claimed: Claimed, *, now: datetime) -> None:
    """Keep up the doctors' next open slots after a booking."""
    time_was_taken(doctor_id=claimed.doctor_id, starts_at=claimed.starts_at, now=now)
    free_released(claimed.released, now=now)


def kept_by(claim: Claim, slot: Slot) -> Period:
    """The visit with what is kept free around it."""
    return kept_around(claim.visit_type, slot.starts_at, slot.starts_at + length_of(claim, slot))


def length_of(claim: Claim, slot: Slot) -> timedelta:
    """How long the visit lasts."""
    return (claim.visit_type and claim.visit_type.duration) or slot.ends_at - slot.starts_at


def values_of(
    claim: Claim, *, window: Window, rooms: list[uuid.UUID] | None, now: datetime
) -> dict[str, Any]:
    """The claim as the statement's parameters."""
    visit, held = claim.visit_type, claim.held_until is not None
    offsets = offsets_between(current_clinic().zone, now.date(), window.before.date())
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
        "duration": visit and visit.duration,
        # None where nothing is kept free: then the visit alone is what counts.
        "gap_before": (visit and visit.gap_before) or None,
        "gap_after": (visit and visit.gap_after) or None,
        "rooms": rooms,
        "series": claim.series_id,
        "held_until": claim.held_until,
        "overbooked": claim.overbook,
        "limits_checked": claim.limits_checked,
        "taking": TAKING,
        "since": [since for since, _ in offsets],
        "offsets": [round(offset / A_MINUTE) for _, offset in offsets],
        "clinic": current_clinic().pk,
        "now": now,
        "soonest": window.soonest,
        "before": window.before,
    }
