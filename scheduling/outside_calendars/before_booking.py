"""Read stale copies of a doctor's outside calendars before a booking or hold is decided.

Call it before the transaction. It takes at most `OUTSIDE_CALENDAR_SECONDS`, and never refuses a booking: if a
calendar cannot be read, its last copy counts.
"""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from time import monotonic, sleep

from django.conf import settings
from django.db.models import F, Q, QuerySet

from scheduling.models import OutsideCalendar
from scheduling.outside_calendars.refresh import refresh_calendars

_STALE_AFTER = timedelta(minutes=10)
"""A copy older than this is read again before a booking."""
_AGAIN_AFTER = timedelta(minutes=5)
"""A calendar that could not be read delays no other booking for so long."""
_ATTEMPT_LASTS = timedelta(seconds=5)
"""An attempt that began longer ago was cut short: its process has ended."""
_POLL_SECONDS = 0.05


def read_before_booking(
    *,
    slots: Collection[uuid.UUID | None] = (),
    hold: uuid.UUID | None = None,
    doctors: Collection[uuid.UUID] = (),
    starts_at: datetime | None = None,
    now: datetime,
) -> None:
    """Read the stale calendars of the doctors that a request may book.

    :param slots: slots to book, or to move a booking to
    :param hold: a hold to confirm
    :param starts_at: the start of slots of any doctor
    """
    requested = Q()
    if wanted := [slot for slot in slots if slot]:
        requested |= Q(doctor__slots__in=wanted)
    if hold:
        requested |= Q(doctor__bookings=hold)
    if doctors:
        requested |= Q(doctor__in=doctors)
    if starts_at:
        requested |= Q(doctor__slots__starts_at=starts_at, doctor__slots__status="free")
    if not requested:
        return
    old = Q(read_at=None) | Q(read_at__lte=now - _STALE_AFTER)
    stale = list(
        OutsideCalendar.objects.filter(requested, old).select_related("doctor").distinct().order_by("pk")
    )
    if not stale:
        return
    # One that was read well was attempted when it was read, so only failures keep it from being claimed.
    attempted = refresh_calendars(stale, not_since=now - _AGAIN_AFTER, now=now)
    others = {calendar.pk for calendar in stale} - {calendar.pk for calendar in attempted}
    if others:
        _wait_for(OutsideCalendar.objects.filter(pk__in=others), now=now)


def _wait_for(calendars: QuerySet[OutsideCalendar], *, now: datetime) -> None:
    """Wait until attempts that others have begun end, so that their results count here too."""
    under_way = calendars.filter(
        Q(attempt_ended_at=None) | Q(attempt_ended_at__lt=F("attempted_at")),
        attempted_at__gt=now - _ATTEMPT_LASTS,
    )
    ends_at = monotonic() + settings.OUTSIDE_CALENDAR_SECONDS
    while monotonic() < ends_at and under_way.exists():
        sleep(_POLL_SECONDS)
