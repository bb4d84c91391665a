"""Queries for calendar feeds and the bookings in them."""

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Max, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from clinics.models import Patient
from notifications.models import CalendarFeed, Channel, Message
from notifications.recipients import recipients_of, with_recipients
from notifications.staff_topics import STAFF_KINDS
from scheduling.bookings.unannounced_moves import with_details
from scheduling.calendar.local_times import clinic_day
from scheduling.models import Booking, BookingEvent
from tenants.accounts.models import User
from tenants.base.clock import day_start
from tenants.base.errors import NotFound
from tenants.current import current_clinic

_PAST_BOOKINGS = timedelta(days=31)
"""How long past bookings stay in a feed."""
_NO_CALENDAR_CHANGES = ["held", "released", "attendance_confirmed", "answered", "written_to"]
"""Events that change nothing in a calendar: those of a hold, and what the patient tells the clinic."""
INVITING_KINDS = [
    Message.Kind.CONFIRMATION,
    Message.Kind.RESCHEDULED,
    Message.Kind.DETAILS_CHANGED,
]
"""The kinds of messages with a calendar file that adds or changes an appointment."""
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


@dataclass(frozen=True, slots=True)
class PastEvent:
    """An event of a booking: what messages and calendar files need of it."""

    kind: str
    status: str | None
    """The status that the booking got; None if it is not recorded."""
    at: datetime


def booking_snapshots(ids: Iterable[uuid.UUID]) -> list[Booking]:
    """Return bookings with all that messages say about them, earliest first, in one statement.

    Time, version and history of a booking come from the same snapshot. Two statements could mix the time
    before a concurrent change with the history after it: then a calendar keeps the old time for good.
    """
    events = BookingEvent.objects.filter(booking=OuterRef("pk")).order_by("created_at", "id")
    history = ArraySubquery(
        events.values(data=JSONObject(kind="kind", status="details__status", at="created_at"))
    )
    return list(
        Booking.objects.filter(pk__in=ids)
        .select_related("doctor", "patient__user", "place", "visit_type")
        .annotate(history=history)
        .order_by("starts_at", "id")
    )


def booking_snapshot(booking: Booking) -> Booking:
    """Return a booking as it is now, with its history; the same object if it has been loaded with it."""
    if hasattr(booking, "history"):
        return booking
    (found,) = booking_snapshots([booking.pk])
    return found


def load_bookings(messages: Iterable[Message]) -> None:
    """Load the bookings of messages, each from one snapshot, with one query for all."""
    about = [(message, message.booking_id) for message in messages if message.booking_id]
    found = {
        booking.pk: booking for booking in booking_snapshots({booking_id for _message, booking_id in about})
    }
    for message, booking_id in about:
        message.booking = found[booking_id]


def bookings_of(message: Message) -> list[Booking]:
    """Return the bookings that a message is about, earliest first, each from one snapshot.

    Those of messages that are sent with it count too, and for a reminder all visits on that local day that
    its recipient gets messages about. A cancelled booking has the time in the recipient's last
    message, which is not its present one if staff moved it just before.
    """
    bookings = _present_bookings(message)
    return _as_announced(bookings) if message.kind == Message.Kind.CANCELLATION else bookings


def booking_of(message: Message) -> Booking:
    """Return the booking of a message as in `bookings_of`, without those of messages sent with it."""
    booking = message.required_booking()
    return _as_announced([booking])[0] if message.kind == Message.Kind.CANCELLATION else booking


def _present_bookings(message: Message) -> list[Booking]:
    booking, is_reminder = message.required_booking(), message.kind == Message.Kind.REMINDER
    is_of_several = message.event is not None and events_made_together(message.event, booking) is not None
    if not is_reminder and not is_of_several:
        return [booking_snapshot(booking)]
    ids = {booking.pk, *message.included.filter(booking__isnull=False).values_list("booking_id", flat=True)}
    if is_reminder:
        ids.update(other.pk for other in _other_visits_of_day(message, booking))
    return booking_snapshots(ids) if len(ids) > 1 else [booking_snapshot(booking)]


def events_made_together(event: BookingEvent, booking: Booking, *, prefix: str = "") -> Q | None:
    """Return the condition for the events of visits that were booked or cancelled in one go with this one.

    :param prefix: the path from the rows to be found to their event, such as "event__"
    :return: None if there are no others: the visit is not of a series, and was not booked in a chain
    """
    same: dict[str, Any] = {"created_at": event.created_at, "by": event.by_id}
    if booking.series_id is not None:
        same["booking__series"] = booking.series_id
    elif together := event.details.get("together"):
        same |= {"booking__patient": booking.patient_id, "details__together": together}
    else:
        return None
    return Q(**{f"{prefix}{name}": value for name, value in same.items()})


def _as_announced(bookings: list[Booking]) -> list[Booking]:
    """Return cancelled bookings with the time, doctor and place that were announced last, earliest first."""
    cancellations = BookingEvent.objects.filter(
        booking__in=bookings, kind=BookingEvent.Kind.CANCELLED, details__has_key="announced"
    )
    announced = dict(cancellations.values_list("booking_id", "details__announced"))
    changed = [
        with_details(booking, announced[booking.pk]) if booking.pk in announced else booking
        for booking in bookings
    ]
    return sorted(changed, key=lambda booking: booking.starts_at)


def _other_visits_of_day(message: Message, booking: Booking) -> list[Booking]:
    """Return the other confirmed visits on the day of a booking that the recipient gets messages about."""
    begins, ends = day_of_visit(booking)
    visits = Booking.objects.filter(
        patient__in=Patient.objects.of_user(message.recipient),
        status=Booking.Status.CONFIRMED,
        starts_at__gte=max(begins, message.due_at),
        starts_at__lt=ends,
    )
    others = with_recipients(visits.exclude(pk=booking.pk))
    return [other for other in others if message.recipient in recipients_of(other)]


def visit_zone(booking: Booking) -> ZoneInfo:
    """Return the time zone in which a visit takes place."""
    return (booking.place or current_clinic()).zone


def day_of_visit(booking: Booking) -> tuple[datetime, datetime]:
    """Return the local day of a visit as a half-open period, in the time zone of the visit."""
    zone = visit_zone(booking)
    day = booking.starts_at.astimezone(zone).date()
    return day_start(day, zone), day_start(day + timedelta(days=1), zone)


def messages_by_due_time(*, booking: Booking | None = None) -> QuerySet[Message]:
    """Return the messages of the clinic, or of one booking, with their recipients, by due time."""
    messages = Message.objects.filter(booking=booking) if booking else Message.objects.all()
    ordered: QuerySet[Message] = messages.select_related("recipient").order_by("due_at", "created_at", "id")
    return ordered


def messages_about(booking: Booking) -> QuerySet[Message]:
    """Return the messages to a patient and carers about a booking, by due time, without their texts."""
    to_patients = messages_by_due_time(booking=booking).exclude(kind__in=STAFF_KINDS)
    return to_patients.defer("text").prefetch_related("reports", "text_messages")


def history_of(booking: Booking) -> list[PastEvent]:
    """Return the events of a booking, oldest first."""
    rows = booking_snapshot(booking).history  # type: ignore[attr-defined]  # annotated
    return [PastEvent(row["kind"], row["status"], datetime.fromisoformat(row["at"])) for row in rows]


def calendar_sequence(booking: Booking) -> int:
    """Return the SEQUENCE of a booking in calendars: 0 when it is booked, and one more with every change.

    It counts events and not `Booking.version`, because a cancellation is a change too.
    """
    return max(sum(event.kind not in _NO_CALENDAR_CHANGES for event in history_of(booking)) - 1, 0)


def may_have_invitation(message: Message, booking: Booking, *, since: datetime) -> bool:
    """Return whether the recipient of a message may have a calendar file of a booking from an earlier one.

    A message counts if it was sent, and also if an attempt failed or was not recorded: the server may have
    accepted it.

    :param since: when the booking was first confirmed; messages sent earlier had no calendar file
    """
    invitations = Message.objects.filter(
        booking=booking, recipient=message.recipient, kind__in=INVITING_KINDS, channel=Channel.EMAIL
    )
    attempted = Q(attempts__gt=0) | ~Q(last_error="")
    return invitations.filter(Q(sent_at__gte=since) | Q(sent_at=None) & attempted).exists()


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
