"""Today's board and the dashboard: the visits of a day, and what else staff have to see to."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from clinics.models import Doctor
from scheduling.availability.booking_rules import busy_elsewhere
from scheduling.bookings.selectors import visible_bookings
from scheduling.calendar.etags import content_digest, rows_digest
from scheduling.calendar.local_times import clinic_day
from scheduling.clock.clock_changes import ClockChange, clock_changes
from scheduling.models import Booking, BookingEvent, Place, Slot, TimeOff, WaitlistEntry
from scheduling.models.bookings import BookingQuerySet
from scheduling.staff_calendar.selectors import last_event_at
from scheduling.time_off.selectors import time_off
from tenants.accounts.models import User
from tenants.base.clock import day_start
from tenants.current import current_clinic

_DAY = timedelta(days=1)
_AHEAD = timedelta(days=30)
"""How far ahead the dashboard shows time off and clock changes."""


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """Which visits of a day to show. `doctors` empty: all; `place` None: all."""

    day: date
    doctors: tuple[uuid.UUID, ...] = ()
    place: uuid.UUID | None = None
    main_address: bool = False
    """Only visits at the clinic's own address."""


def board_visits(user: User, chosen: BoardFilter) -> QuerySet[Booking]:
    """The visits of a day that `user` may see, by time: also no-shows and cancelled ones, but no holds.

    Each has `arrived_at` and `began_at` (UTC): when the patient last checked in, and the visit last began.
    """
    visits = _of_day(user, chosen.day)
    if chosen.doctors:
        visits = visits.filter(doctor__in=chosen.doctors)
    if chosen.place or chosen.main_address:
        visits = visits.filter(place=chosen.place)
    return visits.annotate(
        arrived_at=last_event_at(BookingEvent.Kind.CHECKED_IN),
        began_at=last_event_at(BookingEvent.Kind.STARTED),
    ).order_by("starts_at", "doctor__name", "id")


def visits_in_rows(user: User) -> BookingQuerySet:
    """The bookings that `user` may see, with the related rows that `board_row` shows, in one query."""
    bookings: BookingQuerySet = visible_bookings(user).prefetch_related(None).select_related("patient__user")
    return bookings


def _of_day(user: User, day: date) -> BookingQuerySet:
    zone = current_clinic().zone
    return visits_in_rows(user).filter(
        starts_at__gte=day_start(day, zone), starts_at__lt=day_start(day + _DAY, zone)
    )


def board_version(user: User, chosen: BoardFilter, *, language: str) -> str:
    """A text that changes whenever a visit on the board does. One query, without reading the rows.

    The names of all places belong to the board too, but a change of them may appear later.
    """
    rows = ("", "patient__", "doctor__", "visit_type__", "place__", "room__")
    fields = ["pk", *(f"{name}updated_at" for name in rows), "patient__user__email_problem"]
    text = f"{user.pk}|{language}|{chosen}|{rows_digest(_of_day(user, chosen.day), *fields)}"
    return content_digest(text.encode())


def doctors_of_day(user: User, day: date) -> list[dict[str, Any]]:
    """The doctors who have visits on a day, by name, each with the number of visits that take place."""
    taking_place = _of_day(user, day).exclude(status=Booking.Status.CANCELLED)
    doctors = taking_place.order_by("doctor__name", "doctor").values(
        "doctor", "doctor__title", "doctor__name"
    )
    return [
        {
            "id": row["doctor"],
            "display_name": Doctor(title=row["doctor__title"], name=row["doctor__name"]).display_name,
            "visits": row["visits"],
        }
        for row in doctors.annotate(visits=Count("pk"))
    ]


def places_in_use() -> QuerySet[Place]:
    """The places besides the clinic's own address, by name."""
    return Place.objects.filter(is_active=True).order_by("name", "id")


def requests_to_confirm(user: User, *, now: datetime) -> QuerySet[Booking]:
    """The bookings that `user` may see and that await approval, soonest first."""
    pending = visits_in_rows(user).filter(status=Booking.Status.PENDING, starts_at__gt=now)
    return pending.order_by("starts_at", "id")


def unfilled_slots(doctor: Doctor | None, *, day: date, now: datetime) -> QuerySet[Slot]:
    """The times of a day that patients could still book, soonest first: the doctor's, or all."""
    zone = current_clinic().zone
    slots = Slot.objects.offered().starting_after(now).untaken(now=now)
    slots = slots.filter(starts_at__gte=day_start(day, zone), starts_at__lt=day_start(day + _DAY, zone))
    slots = slots.filter(doctor=doctor) if doctor else slots.filter(doctor__is_active=True)
    busy = busy_elsewhere(OuterRef("doctor"), OuterRef("starts_at"), OuterRef("ends_at"))
    free = slots.exclude(Exists(busy))
    return free.select_related("doctor", "place").order_by("starts_at", "doctor__name", "id")


def coming_time_off(doctor: Doctor | None, *, now: datetime) -> Sequence[TimeOff]:
    """Time off of whole days in the next 30 days, soonest first. Daily breaks are left out.

    :param doctor: whose time off, with the clinic's; None: all doctors'
    """
    periods = time_off(doctor, now=now).filter(first_on__lte=clinic_day(now) + _AHEAD)
    periods = periods.exclude(last_on=None)
    return list(periods.select_related("doctor").order_by("first_on", "opens", "id"))


def waiting_entries(doctor: Doctor | None, *, now: datetime) -> int:
    """The number of patients on the waiting list: for the doctor or one of their specialties, or for all."""
    entries = WaitlistEntry.objects.live(today=clinic_day(now)).filter(patient__erased_at=None)
    if doctor:
        entries = entries.filter(Q(doctor=doctor) | Q(specialty__in=doctor.specialties.all()))
    return int(entries.aggregate(count=Count("patient", distinct=True))["count"])


def clock_changes_ahead(*, now: datetime) -> list[tuple[str, ClockChange]]:
    """The clock changes in the next 30 days at the clinic and its places, soonest first, with their zone."""
    zones = {current_clinic().time_zone, *places_in_use().values_list("time_zone", flat=True)}
    found = [(name, change) for name in zones for change in clock_changes(ZoneInfo(name), now, now + _AHEAD)]
    return sorted(found, key=lambda item: (item[1].instant, item[0]))
