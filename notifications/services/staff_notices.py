"""Notices to staff: one for each change, the changes of a day in one email, and the schedule of a day."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from clinics.models import Doctor
from notifications.models import Message
from notifications.models.staff_notices import NoticeMode, StaffNotices
from notifications.services.ledger import plan_all
from notifications.staff_selectors import changes_of_day, changes_of_digest, staff_zone, visits_of_day
from notifications.staff_topics import (
    KINDS_BY_EVENT,
    LATEST,
    STAFF_ROLES,
    TOPICS,
    default_notices,
    mode_of,
    notices_of,
)
from scheduling.models import Booking, BookingEvent, WaitlistOffer
from scheduling.moving.records import difference_from_announced
from tenants.accounts.audit.changes import field_names
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User
from tenants.base.clock import local_time
from tenants.queue.jobs import enqueue_all

_NOTICE_LASTS = timedelta(days=1)
Kind = Message.Kind


@transaction.atomic
def save_notices(*, user: User, changes: dict[str, Any], by: User, now: datetime) -> StaffNotices:
    """Store which notices a member of staff wants. A new hour counts from the next one that is still to come.

    :param changes: fields of `StaffNotices`
    """
    notices = StaffNotices.objects.select_for_update().filter(user=user).first() or default_notices(user)
    for name, value in changes.items():
        setattr(notices, name, value)
    notices.save()
    if changes:
        write_audit_entries(what=AuditAction.CHANGED, by=by, about=[notices], changes=field_names(changes))
        _enqueue_daily_notices([(user, notices)], now=now)
    return notices


def plan_event_notices(event: BookingEvent, *, now: datetime) -> list[Message]:
    """Plan a notice of an event for everybody who wants one for each, except the person who caused it."""
    kind = _kind_of(event)
    if kind is None or event.booking.only_held or _changes_nothing(event):
        return []
    doctors = {event.booking.doctor_id, *_former_doctor(event)}
    return _plan_for_each(kind, event.booking, doctors, event=event, now=now)


def plan_failure_notices(message: Message, *, now: datetime) -> list[Message]:
    """Plan a notice that a message to a patient failed, for everybody who wants one for each."""
    if message.booking is None or message.kind in TOPICS:
        return []
    return _plan_for_each(
        Kind.STAFF_NOT_DELIVERED, message.booking, {message.booking.doctor_id}, event=None, now=now
    )


def _kind_of(event: BookingEvent) -> Message.Kind | None:
    kind = KINDS_BY_EVENT.get(event.kind)
    if kind == Kind.STAFF_BOOKED and WaitlistOffer.objects.filter(booking=event.booking_id).exists():
        return Kind.STAFF_OFFER_TAKEN
    return kind


def _changes_nothing(event: BookingEvent) -> bool:
    """Whether an undo restored the time in the last message."""
    return "undoes" in event.details and difference_from_announced(event, event.booking) == "nothing"


def _former_doctor(event: BookingEvent) -> list[uuid.UUID]:
    doctor = event.details.get("announced", event.details).get("doctor")
    return [uuid.UUID(doctor)] if event.kind == BookingEvent.Kind.RESCHEDULED and doctor else []


def _plan_for_each(
    kind: Message.Kind,
    booking: Booking,
    doctors: Iterable[uuid.UUID],
    *,
    event: BookingEvent | None,
    now: datetime,
) -> list[Message]:
    chosen = StaffNotices.objects.filter(**{TOPICS[kind]: NoticeMode.EACH}, user__is_active=True)
    concerned = set(Doctor.objects.filter(pk__in=list(doctors)).values_list("user_id", flat=True))
    recipients = [
        row.user
        for row in chosen.select_related("user").order_by("pk")
        if row.user.is_front_desk or row.user_id in concerned
    ]
    version = int(event.details.get("version", booking.version)) if event else booking.version
    return plan_all(
        Message(
            booking=booking,
            version=version,
            event=event,
            recipient=user,
            kind=kind,
            due_at=now,
            not_after=now + _NOTICE_LASTS,
        )
        for user in recipients
        if event is None or event.by_id != user.pk
    )


def enqueue_daily_notices(*, now: datetime) -> None:
    """Enqueue the schedule and the digest of every member of staff who wants one, for the next 24 hours.

    It runs once for each night of the clinic. Whether there is anything to send is decided at their hour.
    """
    staff = User.objects.filter(role__in=STAFF_ROLES, is_active=True).select_related("staff_notices")
    chosen = [
        (user, getattr(user, "staff_notices", None) or default_notices(user)) for user in staff.order_by("pk")
    ]
    _enqueue_daily_notices(chosen, now=now)


def _enqueue_daily_notices(chosen: Iterable[tuple[User, StaffNotices]], *, now: datetime) -> None:
    """Enqueue the next schedule and digest of each. Planning one twice has no effect."""
    rows: dict[str, list[tuple[uuid.UUID, datetime]]] = {"staff_day": [], "staff_digest": []}
    for user, notices in chosen:
        if notices.day_schedule and user.role == User.Role.DOCTOR:
            rows["staff_day"].append((user.pk, next_due(user, notices.day_hour, now=now)))
        if any(mode_of(notices, kind) == NoticeMode.DIGEST for kind in TOPICS):
            rows["staff_digest"].append((user.pk, next_due(user, notices.digest_hour, now=now)))
    for kind, due in rows.items():
        enqueue_all(kind=kind, rows=due)


def next_due(user: User, hour: int, *, now: datetime) -> datetime:
    """Return when it is `hour` for `user` next, or was within the last hours if it can still be sent."""
    zone = staff_zone(user, now=now)
    today = local_time(now, zone).on
    due = at_hour(today, hour, zone)
    return due if due + LATEST > now else at_hour(today + timedelta(days=1), hour, zone)


def at_hour(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """Return the instant of a full hour of a local day; the first one if the clocks go back in it."""
    return datetime.combine(day, time(hour), tzinfo=zone)


def plan_day_schedule(*, user_id: uuid.UUID, now: datetime) -> list[Message]:
    """Plan the email with a doctor's schedule of today, if there are visits: once, however often called."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or not notices_of(user).day_schedule:
        return []
    day, due = _today(user, notices_of(user).day_hour, now=now)
    if not due <= now < due + LATEST or not visits_of_day(user, day).exists():
        return []
    return _plan_daily(Kind.STAFF_DAY, user, day, due=due, now=now)


def plan_digest(*, user_id: uuid.UUID, now: datetime) -> list[Message]:
    """Plan the email with the changes since the last one, if any: once a day, however often called."""
    user = User.objects.filter(pk=user_id, is_active=True, role__in=STAFF_ROLES).first()
    if user is None:
        return []
    notices = notices_of(user)
    day, due = _today(user, notices.digest_hour, now=now)
    if not due <= now < due + LATEST or not changes_of_day(user, notices, day, until=due):
        return []
    return _plan_daily(Kind.STAFF_DIGEST, user, day, due=due, now=now)


def _today(user: User, hour: int, *, now: datetime) -> tuple[date, datetime]:
    zone = staff_zone(user, now=now)
    day = local_time(now, zone).on
    return day, at_hour(day, hour, zone)


def _plan_daily(kind: Message.Kind, user: User, day: date, *, due: datetime, now: datetime) -> list[Message]:
    return plan_all(
        [Message(about_on=day, recipient=user, kind=kind, due_at=max(due, now), not_after=due + LATEST)]
    )


def staff_reason_not_to_send(message: Message) -> str:
    """Return why a message to staff must not be sent any more; empty if it is to be sent."""
    user, notices = message.recipient, notices_of(message.recipient)
    if user.role not in STAFF_ROLES:
        return Message.NotSent.NOT_WANTED
    if message.kind == Kind.STAFF_DAY:
        day = message.about_on
        if not notices.day_schedule or day is None:
            return Message.NotSent.NOT_WANTED
        return "" if visits_of_day(user, day).exists() else Message.NotSent.CANCELLED_SINCE
    if message.kind == Kind.STAFF_DIGEST:
        return "" if changes_of_digest(message) else Message.NotSent.NOT_WANTED
    if mode_of(notices, message.kind) != NoticeMode.EACH:
        return Message.NotSent.NOT_WANTED
    return _newer_notice(message)


def _newer_notice(message: Message) -> str:
    """Return why a newer notice of the same booking to the same person makes this one outdated."""
    if message.event is None:
        return ""
    newer = Message.objects.filter(
        booking=message.booking_id,
        recipient=message.recipient_id,
        kind__in=[Kind.STAFF_RESCHEDULED, Kind.STAFF_CANCELLED],
        event__created_at__gt=message.event.created_at,
    )
    kinds = set(newer.values_list("kind", flat=True))
    if Kind.STAFF_CANCELLED in kinds:
        return Message.NotSent.CANCELLED_SINCE
    return Message.NotSent.MOVED_SINCE if kinds else ""
