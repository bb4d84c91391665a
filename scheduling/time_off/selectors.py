"""Time off in force, and the bookings it affects."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q

from clinics.models import Doctor
from scheduling.calendar.local_times import clinic_day
from scheduling.clock.planning import MAX_CALENDAR_DIFFERENCE
from scheduling.clock.time_off import Period, PeriodsByPlace, TimeOffSpec
from scheduling.hours.selectors import time_off_by_place
from scheduling.models import Booking, Place, TimeOff, TimeOffEffect
from scheduling.models.bookings import MAX_BOOKING_SPAN
from scheduling.models.time_off import TimeOffQuerySet
from tenants.accounts.models import User
from tenants.current import current_clinic

_MAX_DISTANCE = timedelta(days=731)
"""No booking is further ahead, since neither a clinic's booking horizon nor a slot added by staff is."""
_AFFECTED_STATES = ["PENDING", "CONFIRMED", "CHECKED_IN", "IN_PROGRESS"]
"""The states of bookings that time off affects."""


def time_off(doctor: Doctor | None, *, now: datetime) -> TimeOffQuerySet:
    """Time off that has not ended, soonest first: the doctor's and the whole clinic's; None: everybody's."""
    in_force = TimeOff.objects.standing().filter(Q(last_on=None) | Q(last_on__gte=_earliest_day(now)))
    return (in_force.applying_to(doctor) if doctor else in_force).order_by("first_on", "opens", "id")


def _earliest_day(now: datetime) -> date:
    """The day that it is at `now` where the clock is furthest behind: at the clinic or one of its places."""
    zones = {current_clinic().time_zone, *Place.objects.values_list("time_zone", flat=True)}
    return min(now.astimezone(ZoneInfo(zone)).date() for zone in zones)


def revocable_time_off(user: User) -> TimeOffQuerySet:
    """The time off `user` may revoke: everybody's for admins, their own for doctors."""
    in_force = TimeOff.objects.standing().select_related("doctor")
    return in_force if user.role == User.Role.ADMIN else in_force.filter(doctor__user=user)


def readable_time_off(user: User) -> TimeOffQuerySet:
    """The time off whose effects on bookings `user` may read: everybody's for the front desk."""
    in_force = TimeOff.objects.standing().select_related("doctor")
    return in_force.filter(doctor__user=user) if user.role == User.Role.DOCTOR else in_force


def effects_on_bookings(time_off: TimeOff) -> list[TimeOffEffect]:
    """The bookings that the time off moved or cancelled, by their old start."""
    shown = Prefetch("booking", queryset=Booking.objects.shown())
    return list(time_off.effects.prefetch_related(shown).order_by("old_starts_at", "id"))


def upcoming_periods(spec: TimeOffSpec, *, now: datetime) -> PeriodsByPlace:
    """The periods of the time off from `now` on, as far ahead as bookings can be."""
    today = clinic_day(now)
    # At a place in another time zone it may still be an earlier day.
    first, last = max(spec.first, today - MAX_CALENDAR_DIFFERENCE), today + _MAX_DISTANCE
    periods = time_off_by_place([spec], first=first, last=min(spec.last or last, last))
    return PeriodsByPlace(
        _from(now, periods.default), {place: _from(now, found) for place, found in periods.by_place.items()}
    )


def _from(now: datetime, periods: Sequence[Period]) -> list[Period]:
    return [(max(begins, now), ends) for begins, ends in periods if ends > now]


def affected_bookings(doctor: Doctor | None, periods: PeriodsByPlace) -> list[Booking]:
    """The bookings whose visits overlap the periods, by start: the doctor's; None: all doctors'."""
    ids = _overlapping(doctor, periods, _AFFECTED_STATES)
    return list(Booking.objects.shown().filter(pk__in=ids).order_by("starts_at", "id"))


def affected_holds(doctor: Doctor | None, periods: PeriodsByPlace) -> list[uuid.UUID]:
    """The ids of the holds that overlap the periods."""
    return _overlapping(doctor, periods, ["HELD"])


def _overlapping(doctor: Doctor | None, periods: PeriodsByPlace, states: Sequence[str]) -> list[uuid.UUID]:
    """The ids of the bookings in these states whose visits overlap the periods at their place."""
    if not periods:
        return []
    candidates = Booking.objects.filter(
        status__in=states,
        starts_at__gt=periods.begins - MAX_BOOKING_SPAN,
        starts_at__lt=periods.ends,
        ends_at__gt=periods.begins,
    )
    if doctor is not None:
        candidates = candidates.filter(doctor=doctor)
    rows = candidates.values_list("pk", "starts_at", "ends_at", "place_id")
    return [pk for pk, starts, stops, place in rows if periods.overlap((starts, stops), place)]
