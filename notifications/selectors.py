"""Queries for calendar feeds and the bookings in them."""

import hashlib
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q, QuerySet

from clinics.models import Patient
from notifications.models import CalendarFeed, Message
from notifications.recipients import recipients_of, with_recipients
from scheduling.calendar.local_times import clinic_day
from scheduling.models import Booking
from tenants.accounts.models import User
from tenants.base.clock import day_start
from tenants.base.errors import NotFound
from tenants.current import current_clinic

_PAST_BOOKINGS = timedelta(days=31)
"""How long past bookings stay in a feed."""
_HOLD_EVENTS = ["held", "released"]
"""Events of a hold. They do not count as changes of a booking for a calendar."""
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
    return booking.events.exclude(kind__in=_HOLD_EVENTS).count()


def messages_by_due_time(*, booking: Booking | None = None) -> QuerySet[Message]:
    """Return the messages of the clinic, or of one booking, with their recipients, by due time."""
    messages = Message.objects.filter(booking=booking) if booking else Message.objects.all()
    ordered: QuerySet[Message] = messages.select_related("recipient").order_by("due_at", "created_at", "id")
    return ordered


def visit_zone(booking: Booking) -> ZoneInfo:
    """Return the time zone in which a visit takes place."""
    return (booking.place or current_clinic()).zone


def day_of_visit(booking: Booking) -> tuple[datetime, datetime]:
    """Return the local day of a visit as a half-open period, in the time zone of the visit."""
    zone = visit_zone(booking)
    day = booking.starts_at.astimezone(zone).date()
    return day_start(day, zone), day_start(day + timedelta(days=1), zone)


def bookings_of(message: Message) -> list[Booking]:
    """Return the bookings that a message tells its recipient about, earliest first.

    These are its own, those of the messages that are sent with it, and in a reminder all other visits of the
    recipient, and of those the recipient looks after, on the same local day.
    """
    own = message.required_booking()
    included = Q(messages__sent_with=message)
    if message.kind == Message.Kind.REMINDER:
        others = Booking.objects.filter(included | _on_same_day(message, own))
    elif own.series_id is None:
        return [own]
    else:
        others = Booking.objects.filter(included)
    found = with_recipients(others.exclude(pk=own.pk).distinct()).select_related(
        "doctor", "place", "visit_type"
    )
    concerned = [booking for booking in found if message.recipient in recipients_of(booking)]
    return sorted([own, *concerned], key=lambda booking: (booking.starts_at, booking.pk))


def _on_same_day(message: Message, booking: Booking) -> Q:
    """Return the condition for the confirmed visits of a reminder's recipient on the day of a booking."""
    begins, ends = day_of_visit(booking)
    people = Patient.objects.of_user(message.recipient)
    return Q(
        patient__in=people,
        status=Booking.Status.CONFIRMED,
        starts_at__gte=max(begins, message.due_at),
        starts_at__lt=ends,
    )


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
            changes=Count("events", filter=~Q(events__kind__in=_HOLD_EVENTS)),
            changed_at=Max("events__created_at"),
        )
        .order_by("starts_at", "id")
    )
