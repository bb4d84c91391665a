"""What notices to staff are about: the visits and the changes of a day, in the doctor's time zone."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from notifications.models import Message
from notifications.models.staff_notices import NoticeMode, StaffNotices
from notifications.staff_topics import KINDS_BY_EVENT, LATEST, STAFF_KINDS, TOPICS, mode_of, notices_of
from scheduling.bookings.selectors import visible_bookings
from scheduling.models import Booking, BookingEvent
from tenants.accounts.models import User
from tenants.base.clock import day_start
from tenants.current import current_clinic

_EASTERNMOST = ZoneInfo("Pacific/Kiritimati")
"""Where each day begins first, at UTC+14."""
_LONGEST_DIGEST = timedelta(days=7)
Kind = Message.Kind


@dataclass(frozen=True, slots=True)
class Change:
    """A change that a digest reports."""

    kind: str
    booking: Booking
    at: datetime


def staff_zone(user: User, *, now: datetime) -> ZoneInfo:
    """Return the time zone in which somebody works: that of a doctor's next visit, or else the clinic's."""
    upcoming = Booking.objects.upcoming(now=now).filter(doctor__user=user, place__isnull=False)
    booking = upcoming.select_related("place").order_by("starts_at", "id").first()
    place = booking.place if booking else None
    return place.zone if place else current_clinic().zone


def visits_of_day(user: User, day: date) -> QuerySet[Booking]:
    """Return the visits of a doctor that start on a day, by time. Holds and cancelled ones are no visits."""
    zone = staff_zone(user, now=day_start(day, _EASTERNMOST))
    starts = Q(starts_at__gte=day_start(day, zone), starts_at__lt=day_start(day + timedelta(days=1), zone))
    booked = Booking.objects.booked().taking_time().filter(starts, doctor__user=user)
    return booked.select_related("place", "visit_type", "doctor").order_by("starts_at", "id")


def changes_of_day(user: User, notices: StaffNotices, day: date, *, until: datetime) -> list[Change]:
    """Return the changes since the previous digest that somebody wants in one, oldest first.

    Their own changes are left out. If a booking changed several times, its last change is enough.
    """
    since = _end_of_previous_digest(user, day, until=until)
    wanted = {kind for kind in TOPICS if mode_of(notices, kind) == NoticeMode.DIGEST}
    events = BookingEvent.objects.effective().filter(
        created_at__gt=since, created_at__lte=until, kind__in=list(KINDS_BY_EVENT), booking__only_held=False
    )
    failed = Message.objects.filter(parked_at__gt=since, parked_at__lte=until, booking__isnull=False)
    failed = failed.exclude(kind__in=STAFF_KINDS)
    if not user.is_front_desk:
        was_theirs = Q(kind=BookingEvent.Kind.RESCHEDULED, details__doctor__in=_doctor_ids(user))
        events = events.filter(Q(booking__doctor__user=user) | was_theirs)
        failed = failed.filter(booking__doctor__user=user)
    related = ("booking__doctor", "booking__place", "booking__offer")
    latest: dict[uuid.UUID, Change] = {}
    for event in events.select_related(*related).order_by("created_at", "id"):
        if event.by_id == user.pk:
            latest.pop(event.booking_id, None)  # they know how it is now
        elif (kind := _kind(event)) in wanted:
            latest[event.booking_id] = Change(kind, event.booking, event.created_at)
    changes = list(latest.values())
    if Kind.STAFF_NOT_DELIVERED in wanted:
        parked = {message.booking_id: message for message in failed.select_related(*related)}
        changes += [
            Change(Kind.STAFF_NOT_DELIVERED, message.required_booking(), message.parked_at or until)
            for message in parked.values()
        ]
    return sorted(changes, key=lambda change: (change.at, str(change.booking.pk)))


def failed_messages(user: User, *, now: datetime) -> QuerySet[Message]:
    """Return the failed messages to patients about upcoming visits that `user` may see, latest first."""
    visits = (
        visible_bookings(user).filter(ends_at__gt=now).exclude(status=Booking.Status.CANCELLED).values("pk")
    )
    failed = Message.objects.filter(status=Message.Status.PARKED, booking__in=visits)
    related = ("booking__patient", "booking__place")
    return failed.exclude(kind__in=STAFF_KINDS).select_related(*related).order_by("-parked_at", "id")


def changes_of_digest(message: Message) -> list[Change]:
    """Return the changes that a planned digest reports."""
    assert message.about_on is not None  # noqa: S101  a digest is about a day
    until = message.not_after - LATEST
    return changes_of_day(message.recipient, notices_of(message.recipient), message.about_on, until=until)


def _doctor_ids(user: User) -> list[str]:
    doctor = getattr(user, "doctor", None)
    return [str(doctor.pk)] if doctor else []


def _kind(event: BookingEvent) -> str:
    kind = KINDS_BY_EVENT[event.kind]
    from_waiting_list = kind == Kind.STAFF_BOOKED and hasattr(event.booking, "offer")
    return Kind.STAFF_OFFER_TAKEN if from_waiting_list else kind


def _end_of_previous_digest(user: User, day: date, *, until: datetime) -> datetime:
    """Return up to when the previous digest reported changes: at most a week ago, a day without one."""
    digests = Message.objects.filter(recipient=user, kind=Kind.STAFF_DIGEST, about_on__lt=day)
    previous = digests.exclude(status=Message.Status.DROPPED).order_by("-about_on").first()
    if previous is None:
        return until - timedelta(days=1)
    return max(previous.not_after - LATEST, until - _LONGEST_DIGEST)
