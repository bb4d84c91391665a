"""The calendar of some doctors on some days: visits, holds, free and blocked times, absences."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, When

from clinics.models import Doctor
from clinics.selectors import clinic_settings
from scheduling.calendar.holidays import closed_days
from scheduling.clock.planning import MAX_CALENDAR_DIFFERENCE, WorkingPeriod
from scheduling.clock.time_off import Period, merge_periods, overlaps_any, time_off_periods
from scheduling.hours.selectors import to_time_off_spec
from scheduling.hours.several_doctors import working_periods_of
from scheduling.models import Booking, BookingEvent, BusyPeriod, Place, Slot, TimeOff
from scheduling.models.booking_states import TIME_TAKING_STATES
from scheduling.staff_calendar.days import CalendarDay, calendar_days
from tenants.current import current_clinic

_ARRIVED_STATES = ["CHECKED_IN", "IN_PROGRESS", "COMPLETED"]


@dataclass(frozen=True, slots=True)
class Placed:
    """A period of a day, with its position in real minutes since the day began."""

    starts_at: datetime
    ends_at: datetime
    minute: int
    end_minute: int
    place: Place | None


@dataclass(frozen=True, slots=True)
class FreePeriod(Placed):
    """Slots that follow each other, that are offered and of which no part is taken."""

    slots: "list[PlacedSlot]"


@dataclass(frozen=True, slots=True)
class PlacedSlot(Placed):
    """A slot."""

    id: uuid.UUID


class _SlotRow(NamedTuple):
    """The columns of a slot that the calendar needs."""

    id: uuid.UUID
    starts_at: datetime
    ends_at: datetime
    is_blocked: bool
    place: Place | None


@dataclass(frozen=True, slots=True)
class PlacedTimeOff(Placed):
    """A part of time off."""

    id: uuid.UUID
    note: str
    everybody: bool
    """Whether it closes the whole clinic."""


@dataclass(frozen=True, slots=True)
class PlacedVisit:
    """A booking or a hold, with its position. The buffers lie between the `busy` minutes and the others."""

    booking: Booking
    minute: int
    end_minute: int
    busy_minute: int
    busy_end_minute: int


@dataclass(frozen=True, slots=True)
class DoctorDay:
    """A day of a doctor."""

    date: date
    hours: list[Placed]
    visits: list[PlacedVisit]
    free: list[FreePeriod]
    blocked: list[PlacedSlot]
    elsewhere: list[Placed]
    """The periods in which the doctor is busy in an outside calendar."""
    time_off: list[PlacedTimeOff]


@dataclass(frozen=True, slots=True)
class DoctorColumn:
    """The days of a doctor."""

    doctor: Doctor
    days: list[DoctorDay]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days of the clinic, and the same days of each doctor."""

    days: list[CalendarDay]
    doctors: list[DoctorColumn]


def last_event_at(kind: BookingEvent.Kind) -> Subquery:
    """When the last event of that kind of the booking in the outer query happened (UTC)."""
    events = BookingEvent.objects.filter(booking=OuterRef("pk"), kind=kind)
    return Subquery(events.order_by("-created_at").values("created_at")[:1])


def portal_bookings(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    """The bookings with what `PortalBookingOutput` shows, in a constant number of queries.

    Doctors, visit types, places and rooms are the same objects for all bookings that have them.
    `arrived_at` is when the patient was checked in last; None if they have not arrived, or it was undone.
    """
    arrived = last_event_at(BookingEvent.Kind.CHECKED_IN)
    related = bookings.select_related("patient__user").prefetch_related(
        "doctor", "visit_type", "place", "room"
    )
    return related.annotate(arrived_at=Case(When(status__in=_ARRIVED_STATES, then=arrived), default=None))


def doctor_calendar(doctors: Sequence[Doctor], *, first: date, last: date, now: datetime) -> Calendar:
    """The calendar of `doctors` on the clinic's days `first` to `last` (inclusive).

    The number of queries does not depend on the doctors. A visit is on each day that it overlaps. Time off of
    a doctor who works at a place in another time zone that day is read in that zone, like their hours.
    """
    around = (first - MAX_CALENDAR_DIFFERENCE, last + MAX_CALENDAR_DIFFERENCE)
    closed = closed_days(clinic_settings(), first=around[0], last=around[1])
    days = calendar_days(current_clinic().zone, first=first, last=last, closed=closed)
    ids = [doctor.pk for doctor in doctors]
    periods = working_periods_of(ids, first=first, last=last, closed=closed)
    places: dict[uuid.UUID | None, Place] = {place.pk: place for place in Place.objects.all()}
    span = (days[0].starts_at, days[-1].ends_at)
    bookings = list(_bookings(ids, span, now=now))
    slots = _slots(ids, span, places)
    time_off = list(_time_off(ids, around))
    elsewhere = list(BusyPeriod.objects.filter(doctor__in=ids, starts_at__lt=span[1], ends_at__gt=span[0]))
    return Calendar(
        days=days,
        doctors=[
            DoctorColumn(
                doctor,
                _doctor_days(
                    days,
                    hours=[(period, places.get(period.place)) for period in periods[doctor.pk]],
                    bookings=[booking for booking in bookings if booking.doctor_id == doctor.pk],
                    slots=slots[doctor.pk],
                    time_off=[row for row in time_off if row.doctor_id in {None, doctor.pk}],
                    elsewhere=merge_periods(
                        (row.starts_at, row.ends_at) for row in elsewhere if row.doctor_id == doctor.pk
                    ),
                ),
            )
            for doctor in doctors
        ],
    )


def _bookings(doctors: Sequence[uuid.UUID], span: Period, *, now: datetime) -> QuerySet[Booking]:
    """Every booking in any state, and the holds that are active."""
    shown = Q(only_held=False) | Q(status="HELD", held_until__gt=now)
    bookings = Booking.objects.filter(shown, doctor__in=doctors).overlapping(*span)
    return portal_bookings(bookings).order_by("starts_at", "id")


def _slots(
    doctors: Sequence[uuid.UUID], span: Period, places: Mapping[uuid.UUID | None, Place]
) -> Mapping[uuid.UUID, Sequence[_SlotRow]]:
    """The slots of each doctor that start in `span`: offered ones, even if taken, and blocked ones."""
    offered = Q(status=Slot.Status.FREE, fits_hours=True, doctor__is_active=True)
    slots = Slot.objects.filter(offered | Q(status=Slot.Status.BLOCKED), doctor__in=doctors)
    in_span = slots.filter(starts_at__gte=span[0], starts_at__lt=span[1]).order_by("starts_at", "id")
    # Not as objects: a day of eight doctors has hundreds.
    columns = in_span.values_list("doctor", "id", "starts_at", "ends_at", "status", "place")
    found: dict[uuid.UUID, list[_SlotRow]] = defaultdict(list)
    for doctor, pk, starts_at, ends_at, status, place in columns:
        is_blocked = status == Slot.Status.BLOCKED
        found[doctor].append(_SlotRow(pk, starts_at, ends_at, is_blocked, places.get(place)))
    return found


def _time_off(doctors: Sequence[uuid.UUID], around: tuple[date, date]) -> QuerySet[TimeOff]:
    """The time off of the doctors and of the whole clinic on these days."""
    standing = TimeOff.objects.standing().filter(Q(doctor__in=doctors) | Q(doctor=None))
    on_days = standing.filter(Q(last_on=None) | Q(last_on__gte=around[0]), first_on__lte=around[1])
    return on_days.order_by("first_on", "opens", "id")


def _doctor_days(
    days: Sequence[CalendarDay],
    *,
    hours: Sequence[tuple[WorkingPeriod, Place | None]],
    bookings: Sequence[Booking],
    slots: Sequence[_SlotRow],
    time_off: Sequence[TimeOff],
    elsewhere: Sequence[Period],
) -> list[DoctorDay]:
    booked = [_busy(booking) for booking in bookings if booking.status in TIME_TAKING_STATES]
    busy = merge_periods([*booked, *elsewhere])
    return [_doctor_day(day, hours, bookings, slots, time_off, elsewhere, busy) for day in days]


def _doctor_day(  # noqa: PLR0917  one argument for each kind of row
    day: CalendarDay,
    hours: Sequence[tuple[WorkingPeriod, Place | None]],
    bookings: Sequence[Booking],
    slots: Sequence[_SlotRow],
    time_off: Sequence[TimeOff],
    elsewhere: Sequence[Period],
    busy: Sequence[Period],
) -> DoctorDay:
    worked = [
        _placed(day, period.starts_at, period.ends_at, place)
        for period, place in hours
        if day.overlaps(period.starts_at, period.ends_at)
    ]
    on_day = [slot for slot in slots if day.starts_at <= slot.starts_at < day.ends_at]
    free = [
        _placed_slot(day, slot)
        for slot in on_day
        if not slot.is_blocked and not overlaps_any((slot.starts_at, slot.ends_at), busy)
    ]
    return DoctorDay(
        date=day.date,
        hours=worked,
        visits=[
            _placed_visit(day, booking)
            for booking in bookings
            if day.overlaps(booking.starts_at, booking.ends_at)
        ],
        free=_merged(free),
        blocked=[_placed_slot(day, slot) for slot in on_day if slot.is_blocked],
        elsewhere=[
            _placed(day, max(starts_at, day.starts_at), min(ends_at, day.ends_at), None)
            for starts_at, ends_at in elsewhere
            if day.overlaps(starts_at, ends_at)
        ],
        time_off=list(_placed_time_off(day, time_off, worked[0].place if worked else None)),
    )


def _busy(booking: Booking) -> Period:
    """The time that a booking takes, with its buffers."""
    return (booking.busy_from or booking.starts_at, booking.busy_until or booking.ends_at)


def _placed(day: CalendarDay, starts_at: datetime, ends_at: datetime, place: Place | None) -> Placed:
    return Placed(starts_at, ends_at, day.minute_of(starts_at), day.minute_of(ends_at), place)


def _placed_slot(day: CalendarDay, slot: _SlotRow) -> PlacedSlot:
    minutes = (day.minute_of(slot.starts_at), day.minute_of(slot.ends_at))
    return PlacedSlot(slot.starts_at, slot.ends_at, *minutes, slot.place, slot.id)


def _placed_visit(day: CalendarDay, booking: Booking) -> PlacedVisit:
    begins, ends = _busy(booking)
    return PlacedVisit(
        booking=booking,
        minute=day.minute_of(booking.starts_at),
        end_minute=day.minute_of(booking.ends_at),
        busy_minute=day.minute_of(begins),
        busy_end_minute=day.minute_of(ends),
    )


def _placed_time_off(
    day: CalendarDay, rows: Iterable[TimeOff], place: Place | None
) -> Iterable[PlacedTimeOff]:
    zone: ZoneInfo = place.zone if place else current_clinic().zone
    around = {"first": day.date - MAX_CALENDAR_DIFFERENCE, "last": day.date + MAX_CALENDAR_DIFFERENCE}
    for row in rows:
        for starts_at, ends_at in time_off_periods([to_time_off_spec(row)], zone=zone, **around):
            if day.overlaps(starts_at, ends_at):
                since, until = max(starts_at, day.starts_at), min(ends_at, day.ends_at)
                minutes = (day.minute_of(since), day.minute_of(until))
                everybody = row.doctor_id is None
                yield PlacedTimeOff(since, until, *minutes, place, row.pk, row.note, everybody)


def _merged(slots: Iterable[PlacedSlot]) -> list[FreePeriod]:
    """Slots that follow each other at the same place as one period."""
    periods: list[FreePeriod] = []
    for slot in slots:
        if periods and periods[-1].ends_at == slot.starts_at and periods[-1].place == slot.place:
            before = periods.pop()
            since, minute, members = before.starts_at, before.minute, [*before.slots, slot]
        else:
            since, minute, members = slot.starts_at, slot.minute, [slot]
        periods.append(FreePeriod(since, slot.ends_at, minute, slot.end_minute, slot.place, members))
    return periods
