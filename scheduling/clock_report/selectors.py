"""How clock changes, and new time zone data, affect slots, bookings and recurring visits.

Recurring visits keep their local time, so across a clock change the time between two of them differs. A
booking keeps its instant (UTC), so if a country has changed its time zone since, its local time is no longer
the one that the patient was given.
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
from scheduling.calendar.local_times import booking_horizon
from scheduling.clock.clock_changes import ClockChange, clock_changes
from scheduling.models import Booking, Place, Slot
from tenants.base.clock import day_start, local_time
from tenants.current import current_clinic

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MovedSeries:
    """Recurring visits with visits before and after a clock change, at the same local time."""

    series: uuid.UUID
    doctor: uuid.UUID
    doctor_name: str
    local_time: str
    before: uuid.UUID
    after: uuid.UUID
    """`before` is the last booking before the change, `after` the first one after it."""
    shift_minutes: int
    """How many minutes longer than usual the time between the two is; negative if it is shorter."""


@dataclass(frozen=True, slots=True)
class ReportedChange:
    """A clock change of one time zone, with the slots and visits it affects."""

    zone: str
    places: list[uuid.UUID | None]
    """The places in that time zone; None is the clinic's own address."""
    change: ClockChange
    skipped: tuple[str, str] | None
    """The skipped local times, from and until."""
    doubled: tuple[str, str] | None
    """The repeated local times, from and until."""
    on: date
    slots: list[Slot]
    bookings: list[Booking]
    """Like `slots`, within an hour of the skipped or repeated times."""
    series: list[MovedSeries]


@dataclass(frozen=True, slots=True)
class MovedBooking:
    """A booking whose local time is no longer the one that the patient was given."""

    booking: uuid.UUID
    doctor: uuid.UUID
    doctor_name: str
    starts_at: datetime
    zone: str
    told: str
    """The local start that the patient was given."""
    shown: str
    """The local start by current time zone data."""
    on: date


@dataclass(frozen=True, slots=True)
class ClockReport:
    """The whole report. Every list is sorted, soonest first."""

    until: date
    changes: list[ReportedChange]
    moved: list[MovedBooking]
    unfitting: list[Slot]
    """Booked slots that no longer fit the doctor's hours."""


def clock_report(*, doctor: Doctor | None = None, now: datetime) -> ClockReport:
    """The clock changes within the clinic's booking horizon, and the bookings with a changed local time.

    :param doctor: the doctor to report on; None: all doctors
    """
    until = booking_horizon(clinic_settings(), now=now)
    end = day_start(until + _DAY, current_clinic().zone)
    of_doctor = Q(doctor=doctor) if doctor else Q()
    places_by_zone: dict[str, list[uuid.UUID | None]] = defaultdict(list)
    places_by_zone[current_clinic().time_zone].append(None)
    for place, name in Place.objects.order_by("name").values_list("pk", "time_zone"):
        places_by_zone[name].append(place)
    changes = [
        _report_change(change, name, places, of_doctor, now=now)
        for name, places in places_by_zone.items()
        for change in clock_changes(ZoneInfo(name), now, end)
    ]
    unfitting = Slot.objects.live().filter(of_doctor, fits_hours=False, starts_at__gt=now)
    return ClockReport(
        until=until,
        changes=sorted(changes, key=lambda reported: (reported.change.instant, reported.zone)),
        moved=list(_moved_bookings(of_doctor, now=now)),
        unfitting=list(unfitting.select_related("doctor", "place").order_by("starts_at", "id")),
    )


def _report_change(
    change: ClockChange, name: str, places: list[uuid.UUID | None], of_doctor: Q, *, now: datetime
) -> ReportedChange:
    """A clock change with the slots and bookings near it at those places, and the series that span it."""
    zone, shift = ZoneInfo(name), change.after - change.before
    at_places = Q(place__in=[place for place in places if place])
    at_places = at_places | Q(place=None) if None in places else at_places
    # Skipped local times take no real time; repeated ones do, before and after the change.
    width = max(-shift, timedelta()) + _HOUR
    overlaps = Q(starts_at__lt=change.instant + width, ends_at__gt=change.instant - width)
    nearby = overlaps & at_places & of_doctor
    slots, bookings = Slot.objects.live().filter(nearby), Booking.objects.active(now=now).filter(nearby)
    early, late = sorted((change.instant + change.before, change.instant + change.after))
    local_times = (f"{early:%H:%M}", f"{late:%H:%M}")
    return ReportedChange(
        zone=name,
        places=places,
        change=change,
        skipped=local_times if shift > timedelta() else None,
        doubled=local_times if shift < timedelta() else None,
        on=early.date(),
        slots=list(slots.select_related("doctor", "place").order_by("starts_at", "id")),
        bookings=list(bookings.select_related("doctor", "place").order_by("starts_at", "id")),
        series=list(_series_across(change, zone, at_places & of_doctor, now=now)),
    )


def _series_across(change: ClockChange, zone: ZoneInfo, where: Q, *, now: datetime) -> Iterator[MovedSeries]:
    """The series with upcoming visits both before and after a clock change."""
    upcoming = Booking.objects.active(now=now).filter(where, series__isnull=False, starts_at__gt=now)
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
        before = max((booking for booking in bookings if booking.starts_at < change.instant), key=_start)
        after = min((booking for booking in bookings if booking.starts_at >= change.instant), key=_start)
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


def _moved_bookings(of_doctor: Q, *, now: datetime) -> Iterator[MovedBooking]:
    """The upcoming bookings whose UTC offset differs from the one at the time of booking."""
    upcoming = Booking.objects.active(now=now).filter(
        of_doctor, starts_at__gt=now, offset_minutes__isnull=False
    )
    yield from _with_changed_local_time(
        upcoming.select_related("doctor", "place").order_by("starts_at", "id")
    )


def _with_changed_local_time(bookings: Iterable[Booking]) -> Iterator[MovedBooking]:
    """The bookings whose local time, by current time zone data, is not the one the patient was given."""
    clinic = current_clinic()
    for booking in bookings:
        location = booking.place or clinic
        current_start = booking.starts_at.astimezone(location.zone)
        offset = (current_start.utcoffset() or timedelta()) // _MINUTE
        if booking.offset_minutes is None or booking.offset_minutes == offset:
            continue
        given_start = booking.starts_at.astimezone(UTC) + booking.offset_minutes * _MINUTE
        yield MovedBooking(
            booking=booking.pk,
            doctor=booking.doctor_id,
            doctor_name=booking.doctor.display_name,
            starts_at=booking.starts_at,
            zone=location.time_zone,
            told=f"{given_start:%H:%M}",
            shown=f"{current_start:%H:%M}",
            on=current_start.date(),
        )
