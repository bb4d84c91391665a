"""Write a booking's new time with one UPDATE, and find out why it could not be written."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction

from clinics.models import Doctor
from clinics.selectors import clinic_settings
from scheduling.availability.booking_rules import (
    busy_elsewhere,
    check_rules,
    doctor_conflicts,
    patient_conflicts,
)
from scheduling.availability.booking_window import booking_window
from scheduling.availability.open_slots import SlotStart, nearest_open_slots
from scheduling.bookings.release_holds import release_conflicting_holds
from scheduling.bookings.sql import MOVE_TO_TIME
from scheduling.clock.time_off import Period
from scheduling.errors import (
    BusyElsewhere,
    NewPatientsNotAccepted,
    PatientBusy,
    RoomsTaken,
    SlotNotOffered,
    SlotStarted,
    SlotTaken,
    TooFarAhead,
    VisitTypeNotOffered,
)
from scheduling.models import Booking, Place, Slot
from scheduling.models.booking_states import TIME_TAKING_STATES
from scheduling.models.bookings import BookingQuerySet
from scheduling.models.visit_types import with_buffers
from scheduling.visit_types.rooms import suitable_rooms
from tenants.base.constraints import violated_constraint
from tenants.base.errors import DomainError
from tenants.current import current_clinic

_MAX_ATTEMPTS = 5
"""Enough to release expired holds, find another room and overbook, each after a failed attempt."""
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class NewTime:
    """A time to which a booking is moved. `place` None is the clinic's own address."""

    doctor: Doctor
    starts_at: datetime
    ends_at: datetime
    place: Place | None
    room_id: uuid.UUID | None = None
    """The room that the visit gets if it is free."""
    attendance_confirmed_at: datetime | None = None
    overbooked: bool = False
    """Whether to write it as an overbooking at the first attempt."""
    may_overbook: bool = False
    """Whether a taken time may be booked in addition."""
    keeps_start: bool = False
    """Whether the rules about the start need not be checked: it stays, or the visit goes back to it."""
    overlapped: tuple[str, ...] = ()
    """The ids of overbooked visits that may overlap it, because they did so at its previous time."""
    undo_until: datetime | None = None

    @property
    def offset_minutes(self) -> int:
        """The UTC offset of the local start that the patient is given."""
        zone = self.place.zone if self.place else current_clinic().zone
        return round((self.starts_at.astimezone(zone).utcoffset() or timedelta()) / _MINUTE)


def busy_period(booking: Booking, time: NewTime) -> Period:
    """The visit at its new time, with its buffers."""
    return with_buffers(booking.visit_type, time.starts_at, time.ends_at)


def visits_in_the_way(booking: Booking, time: NewTime, *, now: datetime) -> BookingQuerySet:
    """The doctor's other bookings and unexpired holds that overlap the new time, buffers included."""
    conflicts = doctor_conflicts(time.doctor.pk, *busy_period(booking, time), now=now)
    return conflicts.exclude(pk=booking.pk)


def claim_time(booking: Booking, time: NewTime, *, now: datetime) -> NewTime:
    """Give the booking its new time. The constraints decide. Runs in the caller's transaction.

    :param booking: locked by the caller
    :return: the time as it was written: overbooked or not
    :raises PassedToWaitingList: a hold has expired, and the waiting list gets its time
    :raises DomainError: a rule or another booking prevents it
    """
    rooms = suitable_rooms(booking.visit_type)
    for _attempt in range(_MAX_ATTEMPTS):
        if _update(booking, time, rooms=rooms, now=now):
            return time
        released = release_conflicting_holds(
            slot=Slot(doctor=time.doctor),
            patient=booking.patient,
            busy=busy_period(booking, time),
            rooms=rooms,
            now=now,
        )
        if released:
            continue
        if time.overbooked or not time.may_overbook:
            break
        if not _is_taken(booking, time, now=now):
            break
        # An overbooking is exempt from the doctor's constraint, so only a time that is taken is overbooked.
        time = replace(time, overbooked=True)
    raise _refusal(booking, time, now=now)


def _is_taken(booking: Booking, time: NewTime, *, now: datetime) -> bool:
    """Whether other visits, or a busy period of an outside calendar, overlap the new time."""
    busy = busy_elsewhere(time.doctor.pk, *busy_period(booking, time))
    return visits_in_the_way(booking, time, now=now).exists() or busy.exists()


def _update(booking: Booking, time: NewTime, *, rooms: list[uuid.UUID] | None, now: datetime) -> bool:
    """Write the new time; False if a rule or a constraint prevented it."""
    window = booking_window(clinic_settings(), visit_type=booking.visit_type, by_staff=True, now=now)
    visit = booking.visit_type
    params: dict[str, Any] = {
        "booking": booking.pk,
        "old_version": booking.version,
        "patient": booking.patient_id,
        "visit_type": booking.visit_type_id,
        "doctor": time.doctor.pk,
        "starts_at": time.starts_at,
        "ends_at": time.ends_at,
        "place": time.place and time.place.pk,
        # NULL without a buffer: then the visit alone counts.
        "gap_before": (visit and visit.buffer_before) or None,
        "gap_after": (visit and visit.buffer_after) or None,
        "rooms": rooms,
        "own_room": time.room_id,
        "overlapped": list(time.overlapped),
        "overbooked": time.overbooked,
        "keeps_start": time.keeps_start,
        "attendance_confirmed_at": time.attendance_confirmed_at,
        "undo_until": time.undo_until,
        "offset_minutes": time.offset_minutes,
        "taking": TIME_TAKING_STATES,
        "soonest": window.soonest,
        "before": window.before,
        "now": now,
    }
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(MOVE_TO_TIME, params)
            return cursor.fetchone() is not None
    except IntegrityError as error:
        # Compare only the start of the name: on a sharded table, the constraint's name ends in a number.
        if not violated_constraint(error).startswith("booking_"):
            raise
        return False


def _refusal(booking: Booking, time: NewTime, *, now: datetime) -> DomainError:
    """The error of the first rule that keeps the booking from its new time."""
    # If no rule is broken any more, the time was taken when the database refused it and released since.
    return next(_broken_rules(booking, time, now=now), None) or _taken(booking, time, now=now)


def _broken_rules(booking: Booking, time: NewTime, *, now: datetime) -> Iterator[DomainError]:
    if not time.keeps_start:
        yield from _broken_booking_rules(booking, time, now=now)
    elsewhere = patient_conflicts(booking.patient, time.starts_at, time.ends_at, now=now)
    if elsewhere.exclude(pk=booking.pk).exists():
        yield PatientBusy()
    if (
        not time.overbooked
        and visits_in_the_way(booking, time, now=now).exclude(pk__in=time.overlapped).exists()
    ):
        yield _taken(booking, time, now=now)
    if not time.overbooked and busy_elsewhere(time.doctor.pk, *busy_period(booking, time)).exists():
        yield BusyElsewhere(_taken(booking, time, now=now).data)
    if suitable_rooms(booking.visit_type) is not None:
        yield RoomsTaken()


def _broken_booking_rules(booking: Booking, time: NewTime, *, now: datetime) -> Iterator[DomainError]:
    rules = check_rules(
        time.doctor,
        starts_at=time.starts_at,
        visit_type=booking.visit_type,
        patient=booking.patient,
        window=booking_window(clinic_settings(), visit_type=booking.visit_type, by_staff=True, now=now),
        now=now,
    )
    if not rules.has_not_started:
        yield SlotStarted()
    if not rules.doctor_is_active:
        yield SlotNotOffered()
    if not rules.is_within_horizon:
        yield TooFarAhead()
    if not rules.offers_visit_type:
        yield VisitTypeNotOffered()
    if not rules.accepts_patient:
        yield NewPatientsNotAccepted()


def _taken(booking: Booking, time: NewTime, *, now: datetime) -> SlotTaken:
    """The error for a time that others have, with the nearest open slots as alternatives."""
    start = SlotStart(None, time.doctor.pk, time.starts_at)
    window = booking_window(clinic_settings(), visit_type=booking.visit_type, by_staff=True, now=now)
    nearest = nearest_open_slots(start, visit_type=booking.visit_type, moving=booking, window=window, now=now)
    return SlotTaken({"alternatives": nearest})
