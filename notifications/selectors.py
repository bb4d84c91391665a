"""Queries for calendar feeds and the bookings in them."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from clinics.models import Patient
from notifications.models import CalendarFeed
from scheduling.calendar.local_times import clinic_day
from scheduling.models import Booking
from tenants.accounts.models import User
from tenants.base.clock import day_start
from tenants.base.errors import NotFound
from tenants.current import current_clinic

_PAST_BOOKINGS = timedelta(days=31)
"""How long past bookings stay in a feed."""
_NO_CALENDAR_CHANGES = ["held", "released", "attendance_confirmed", "answered"]
"""Events that change nothing in a calendar: those of a hold, and what the patient tells the clinic."""
WITH_FEEDS = frozenset({User.Role.PATIENT, User.Role.DOCTOR})
"""The roles that have appointments of their own."""


def live_feeds(user: User) -> QuerySet[CalendarFeed]:
    """Return the feeds of `user` that are not revoked, oldest first."""
    return CalendarFeed.objects.live().filter(user=user).order_by("created_at", "id")


def token_hash(token: str) -> str:
    """Return the stored hash of a token. A token has 256 random bits, so no salt or slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_feed(token: str) -> CalendarFeed:
    """Return the feed with this token, with its user.

    :raises NotFound: there is none, it was revoked, or its user cannot sign in
    """
    feed = (
        CalendarFeed.objects.live()
        .select_related("user")
        .filter(token_hash=token_hash(token), user__is_active=True, user__role__in=WITH_FEEDS)
        .first()
    )
    if feed is None:
        raise NotFound
    return feed


def calendar_sequence(booking: Booking) -> int:
    """Return the number of a booking's events that count as changes for a calendar."""
    return booking.events.exclude(kind__in=_NO_CALENDAR_CHANGES).count()


def bookings_in_feed(user: User, *, now: datetime) -> QuerySet[Any]:
    """Return the bookings of a patient and their dependants, or of a doctor, earliest first.

    Annotated with `changes`, the number of events that count for a calendar, and `changed_at`, the time of
    the last event.
    """
    # Whole days: a booking that is too old changes the feed once a day instead of at every request.
    since = day_start(clinic_day(now) - _PAST_BOOKINGS, current_clinic().zone)
    is_doctor = user.role == User.Role.DOCTOR
    of_user = Q(doctor__user=user) if is_doctor else Q(patient__in=Patient.objects.of_user(user))
    return (
        Booking.objects.booked()
        .filter(of_user, starts_at__gte=since)
        .select_related("doctor", "patient", "place", "visit_type")
        .annotate(
            changes=Count("events", filter=~Q(events__kind__in=_NO_CALENDAR_CHANGES)),
            changed_at=Max("events__created_at"),
        )
        .order_by("starts_at", "id")
    )
