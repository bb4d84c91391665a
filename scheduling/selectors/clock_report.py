"""What a coming change of the clock, or a law that moves one, does to slots, visits and series.

A series keeps the time on the wall, so across a change its visits lie further from, or nearer to, each other
in real time. A booking keeps its instant, so where the law has moved the clock since it was made, the wall
will show another time than the patient was told.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from clinics.models import Doctor
from clinics.selectors import clinic_settings
from scheduling.clock_changes import ClockChange, clock_changes
from scheduling.models import Booking, Place, Slot
from scheduling.selectors.wall import last_bookable_day
from tenants.base.clock import day_start, local_time
from tenants.door import current_clinic

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MovedSeries:
    """A series with visits before and after a change, at one time of the wall."""

    series: uuid.UUID
    doctor: uuid.UUID
    doctor_name: str
    local_time: str
    before: uuid.UUID
    """The last booking before the change, and the first after it."""
    after: uuid.UUID
    shift_minutes: int
    """By how much more, or less, than usual they are apart."""


@dataclass(frozen=True, slots=True)
class ReportedChange:
    """A change of one clock, and what lies beside it."""

    zone: str
    places: list[uuid.UUID | None]
    """Where that clock hangs; None is the clinic's own address."""
    change: ClockChange
    skipped: tuple[str, str] | None
    """The times that the wall does not show, from and until."""
    doubled: tuple[str, str] | None
    """The times that it shows twice."""
    on: date
    slots: list[Slot]
    bookings: list[Booking]
    """In that stretch of the wall, or within an hour of it."""
    series: list[MovedSeries]


@dataclass(frozen=True, slots=True)
class MovedBooking:
    """A booking whose patient was told another time than the clock will show."""

    booking: uuid.UUID
    doctor: uuid.UUID
    doctor_name: str
    starts_at: datetime
    zone: str
    told: str
    shown: str
    on: date


@dataclass(frozen=True, slots=True)
class ClockReport:
    """All of it, soonest first."""

    until: date
    changes: list[ReportedChange]
    moved: list[MovedBooking]
    unfitting: list[Slot]
    """Booked slots that no longer fit the doctor's hours."""


def clock_report(*, doctor: Doctor | None = None, now: datetime) -> ClockReport:
    """What the clocks do within the days that can be booked.

    :param doctor: whose; everybody's where not given
    """
    until = last_bookable_day(clinic_settings(), now=now)
    end = day_start(until + _DAY, current_clinic().zone)
    of_whom = Q(doctor=doctor) if doctor else Q()
    walls: dict[str, list[uuid.UUID | None]] = defaultdict(list)
    walls[current_clinic().time_zone].append(None)
    for place, name in Place.objects.order_by("name").values_list("pk", "time_zone"):
        walls[name].append(place)
    changes = [
        _report_change(change, name, places, of_whom, now=now)
        for name, places in walls.items()
        for change in clock_changes(ZoneInfo(name), now, end)
    ]
    unfitting = Slot.objects.live().filter(of_whom, fits_hours=False, starts_at__gt=now)
    return ClockReport(
        until=until,
        changes=sorted(changes, key=lambda each: (each.change.instant, each.zone)),
        moved=list(_moved_bookings(of_whom, now=now)),
        unfitting=list(unfitting.select_related("doctor", "place").order_by("starts_at", "id")),
    )


def _report_change(
    change: ClockChange, name: str, places: list[uuid.UUID | None], of_whom: Q, *, now: datetime
) -> ReportedChange:
    """One change, with the slots and visits at those places, and the series that lie on both sides of it."""
    zone, shift = ZoneInfo(name), change.after - change.before
    here = Q(place__in=[place for place in places if place])
    here = here | Q(place=None) if None in places else here
    # A skipped stretch takes no time: the clock jumps. One that is shown twice takes it on both sides.
    width = max(-shift, timedelta()) + _HOUR
    beside = Q(starts_at__lt=change.instant + width, ends_at__gt=change.instant - width) & here & of_whom
    slots, bookings = Slot.objects.live().filter(beside), Booking.objects.alive(now=now).filter(beside)
    early, late = sorted((change.instant + change.before, change.instant + change.after))
    stretch = (f"{early:%H:%M}", f"{late:%H:%M}")
    return ReportedChange(
        zone=name,
        places=places,
        change=change,
        skipped=stretch if shift > timedelta() else None,
        doubled=stretch if shift < timedelta() else None,
        on=early.date(),
        slots=list(slots.select_related("doctor", "place").order_by("starts_at", "id")),
        bookings=list(bookings.select_related("doctor", "place").order_by("starts_at", "id")),
        series=list(_series_across(change, zone, here & of_whom, now=now)),
    )


def _series_across(change: ClockChange, zone: ZoneInfo, where: Q, *, now: datetime) -> Iterator[MovedSeries]:
    """The series whose visits, all still to come, lie on both sides of a change."""
    upcoming = Booking.objects.alive(now=now).filter(where, series__isnull=False, starts_at__gt=now)
    across = (
        upcoming.values("series")
        .annotate(
            earlier=Count("pk", filter=Q(starts_at__lt=change.instant)),
            later=Count("pk", filter=Q(starts_at__gte=change.instant)),
        )
        .filter(earlier__gt=0, later__gt=0)
    )
    visits = upcoming.filter(series__in=across.values("series")).select_related("doctor")
    by_series: dict[uuid.UUID | None, list[Booking]] = defaultdict(list)
    for visit in visits.order_by("series_id", "starts_at", "id"):
        by_series[visit.series_id].append(visit)
    shift = (change.after - change.before) // _MINUTE
    for series, bookings in by_series.items():
        before = max((each for each in bookings if each.starts_at < change.instant), key=_start)
        after = min((each for each in bookings if each.starts_at >= change.instant), key=_start)
        if series is not None:
            yield MovedSeries(
                series=series,
                doctor=before.doctor_id,
                doctor_name=before.doctor.display_name,
                local_time=local_time(before.starts_at, zone).time,
                before=before.pk,
                after=after.pk,
                shift_minutes=-shift,
            )


def _start(booking: Booking) -> datetime:
    return booking.starts_at


def _moved_bookings(of_whom: Q, *, now: datetime) -> Iterator[MovedBooking]:
    """The visits to come whose clock is not as far from UTC as when they were booked."""
    upcoming = Booking.objects.alive(now=now).filter(of_whom, starts_at__gt=now, offset_minutes__isnull=False)
    yield from _with_changed_local_time(
        upcoming.select_related("doctor", "place").order_by("starts_at", "id")
    )


def _with_changed_local_time(bookings: Iterable[Booking]) -> Iterator[MovedBooking]:
    """Those whose patients were told another time than their clock will show by the present zone data."""
    clinic = current_clinic()
    for booking in bookings:
        there = booking.place or clinic
        shown = booking.starts_at.astimezone(there.zone)
        offset = (shown.utcoffset() or timedelta()) // _MINUTE
        if booking.offset_minutes is None or booking.offset_minutes == offset:
            continue
        told = booking.starts_at.astimezone(UTC) + booking.offset_minutes * _MINUTE
        yield MovedBooking(
            booking=booking.pk,
            doctor=booking.doctor_id,
            doctor_name=booking.doctor.display_name,
            starts_at=booking.starts_at,
            zone=there.time_zone,
            told=f"{told:%H:%M}",
            shown=f"{shown:%H:%M}",
            on=shown.date(),
        )
