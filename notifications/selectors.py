"""Calendar feeds, and what is in them."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from clinics.models import Patient
from notifications.models import CalendarFeed
from scheduling.models import Booking
from scheduling.selectors.wall import clinic_day
from tenants.accounts.models import User
from tenants.base.clock import day_start
from tenants.base.errors import NotFound
from tenants.door import current_clinic

SHOWN_BACK = timedelta(days=31)
"""How long what is over stays in a feed."""
UNTOLD = ["held", "released"]
"""The events that no calendar counts as changes of a booking: those of the hold it may have been."""
WITH_FEEDS = frozenset({User.Role.PATIENT, User.Role.DOCTOR})
"""Who has appointments of their own."""


def live_feeds(user: User) -> QuerySet[CalendarFeed]:
    """The feeds of `user` that can be read, in the order in which they were made."""
    return CalendarFeed.objects.live().filter(user=user).order_by("created_at", "id")


def token_hash(token: str) -> str:
    """What is kept of a token. Nobody can try 256 random bits, so the hash needs no salt and no work."""
    return hashlib.sha256(token.encode()).hexdigest()


def feed_of_token(token: str) -> CalendarFeed:
    """The feed at the address with that token, with its user.

    :raises NotFound: there is none (any more), or its user may not sign in
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


def told_changes(booking: Booking) -> int:
    """How often a calendar was, or could have been, told of the booking."""
    return booking.events.exclude(kind__in=UNTOLD).count()


def bookings_in_feed(user: User, *, now: datetime) -> QuerySet[Any]:
    """A patient's bookings and those of whom they care for, or a doctor's; soonest first.

    Each with `changes`, how many events of it are told, and `changed_at`, when the last of all was.
    """
    # By whole days, so that what gets too old changes a feed once a day and not at every fetch.
    since = day_start(clinic_day(now) - SHOWN_BACK, current_clinic().zone)
    is_doctor = user.role == User.Role.DOCTOR
    own = Q(doctor__user=user) if is_doctor else Q(patient__in=Patient.objects.of_user(user))
    return (
        Booking.objects.made()
        .filter(own, starts_at__gte=since)
        .select_related("doctor", "patient", "place", "visit_type")
        .annotate(
            changes=Count("events", filter=~Q(events__kind__in=UNTOLD)), changed_at=Max("events__created_at")
        )
        .order_by("starts_at", "id")
    )
