"""Time off as it stands, and which bookings it hits."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from clinics.models import Doctor
from scheduling.models import Booking, TimeOff
from scheduling.models.bookings import REACH
from scheduling.models.time_off import TimeOffQuerySet
from scheduling.selectors.wall import clinic_day
from scheduling.time_off import Off, Period, off_periods, overlaps
from tenants.accounts.models import User
from tenants.door import current_clinic

_MAX_DISTANCE = timedelta(days=731)
"""Nothing is booked further ahead: neither does a clinic's horizon reach there, nor a slot made by hand."""
_AFFECTED_STATES = ["PENDING", "CONFIRMED", "CHECKED_IN"]
"""The bookings that somebody counts on."""


def time_off(doctor: Doctor | None, *, now: datetime) -> TimeOffQuerySet:
    """What is not over: the doctor's with the whole clinic's, or everybody's, soonest first."""
    standing = TimeOff.objects.standing().filter(Q(last_on=None) | Q(last_on__gte=clinic_day(now)))
    return (standing.of(doctor) if doctor else standing).order_by("first_on", "opens", "id")


def time_off_kept_by(user: User) -> TimeOffQuerySet:
    """What `user` may take back: a doctor's own, for admins everybody's."""
    standing = TimeOff.objects.standing().select_related("doctor")
    return standing if user.role == User.Role.ADMIN else standing.filter(doctor__user=user)


def periods_ahead(off: Off, *, now: datetime) -> list[Period]:
    """When it is off from `now` on, as far ahead as anything is booked."""
    today = clinic_day(now)
    first, last = max(off.first, today), today + _MAX_DISTANCE
    periods = off_periods([off], zone=current_clinic().zone, first=first, last=min(off.last or last, last))
    return [(max(begins, now), ends) for begins, ends in periods if ends > now]


def bookings_hit(doctor: Doctor | None, periods: Sequence[Period]) -> list[Booking]:
    """The bookings of the doctor, or of all, whose visit takes place in part while it is off, by start."""
    hit = _overlapping(doctor, periods, _AFFECTED_STATES)
    return list(Booking.objects.shown().filter(pk__in=hit).order_by("starts_at", "id"))


def holds_hit(doctor: Doctor | None, periods: Sequence[Period]) -> list[uuid.UUID]:
    """The keys of what is held while it is off."""
    return _overlapping(doctor, periods, ["HELD"])


def _overlapping(doctor: Doctor | None, periods: Sequence[Period], states: Sequence[str]) -> list[uuid.UUID]:
    if not periods:
        return []
    begins, ends = periods[0][0], periods[-1][1]
    around = Booking.objects.filter(
        status__in=states, starts_at__gt=begins - REACH, starts_at__lt=ends, ends_at__gt=begins
    )
    if doctor is not None:
        around = around.filter(doctor=doctor)
    found = around.values_list("pk", "starts_at", "ends_at")
    return [pk for pk, starts, stops in found if overlaps((starts, stops), periods)]
